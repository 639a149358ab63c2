import { readFileSync } from 'node:fs'
import { getSeries } from '@leads/core/stats/get-series'
import { type RawBuilder, sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { seedLeads } from './seed.ts'

const people = Array.from({ length: 12 }, (_, index) => ({
  full_name: `Person ${index}`,
  country: ['India', 'Nepal', null][index % 3] ?? null,
  lead_status: index % 4 === 0 ? ('contacted' as const) : ('new' as const),
}))

describeEachEngine('endpoints for a console', (engine) => {
  let api: TestApi
  let ids: number[]

  beforeAll(async () => {
    api = await startApi(engine)
    ids = await seedLeads(api.db, people)
  })
  afterAll(() => api?.close())

  test('GET /me returns the key of the request and the version of the product', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    for (const scope of ['read', 'write', 'admin'] as const) {
      const { status, body } = await api.get('/me', { as: scope })
      expect(status).toBe(200)
      expect(body).toEqual({
        name: `${scope} key`,
        key_prefix: api.keys[scope].slice(0, 10),
        scopes: [scope],
        expires_at: null,
        product_version: version,
      })
    }
    expect((await api.get('/me', { as: null })).status).toBe(401)
  })

  test('deleted leads can be listed, filtered and restored in one batch by an admin only', async () => {
    const [first = 0, second = 0] = ids
    await api.delete(`/leads/${first}`)
    await api.delete(`/leads/${second}`)
    expect((await api.get('/leads?is_deleted=true', { as: 'write' })).status).toBe(403)
    for (const spelled of ['eq:true', 'is_deleted=false&is_deleted=true'])
      for (const list of ['/leads', '/leads/export', '/companies', '/leads/facets'])
        expect((await api.get(`${list}?field=country&is_deleted=${spelled}`, { as: 'read' })).status, list).not.toBe(
          200,
        )
    expect((await api.get('/leads?is_deleted=eq:true', { as: 'read' })).status).toBe(403)
    expect((await api.get('/leads/export?is_deleted=true', { as: 'read' })).status).toBe(403)
    for (const query of ['is_deleted=true', '?is_deleted=true', 'is%5Fdeleted=eq:true']) {
      const job = await api.post('/jobs', { job_type: 'delete', query }, { as: 'write' })
      expect([403, 422], query).toContain(job.status)
    }
    const deleted = await api.get('/leads?is_deleted=true&sort=id&count=exact')
    expect(deleted.body.data.map(({ id }: { id: number }) => id)).toEqual([first, second])
    expect(deleted.body.count).toEqual({ value: 2, relation: 'exact' })
    expect((await api.get('/leads?is_deleted=false&limit=500', { as: 'read' })).body.data).toHaveLength(ids.length - 2)
    const operations = [
      { operation: 'restore', id: first },
      { operation: 'restore', id: second, version: 77 },
      { operation: 'restore', id: 999_999 },
    ]
    const { body } = await api.post('/leads/batch', { operations }, { as: 'write' })
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([200, 412, 404])
    expect((await api.get(`/leads/${first}`)).status).toBe(200)
    expect((await api.get(`/leads/${second}`)).status).toBe(410)
    await api.post(`/leads/${second}/restore`)
  })

  test('a company filter on is_deleted needs an admin', async () => {
    const { body: company } = await api.post('/companies', { name: 'Trash Ltd', domain: 'trash.example' })
    await api.delete(`/companies/${company.id}`)
    expect((await api.get('/companies?is_deleted=true', { as: 'read' })).status).toBe(403)
    const { body } = await api.get('/companies?is_deleted=true')
    expect(body.data.map(({ id }: { id: number }) => id)).toEqual([company.id])
  })

  test('a filter with not: excludes a value and keeps rows without one', async () => {
    const made = await api.post('/leads', { full_name: 'Nora Nowhere' })
    const of = async (query: string): Promise<{ id: number; country: string | null; lead_status: string }[]> =>
      (await api.get(`/leads?limit=500&${query}`)).body.data
    const all = await of('')
    const countries = [...new Set(all.map(({ country }) => country))].filter((country) => country !== null)
    for (const country of countries) {
      const expected = all.filter((lead) => lead.country !== country).map(({ id }) => id)
      expect((await of(`country=not:${encodeURIComponent(country)}`)).map(({ id }) => id)).toEqual(expected)
    }
    expect((await of('country=not:India')).map(({ id }) => id)).toContain(made.body.id)
    expect((await of('lead_status=not:new')).some(({ lead_status }) => lead_status === 'new')).toBe(false)
    expect((await api.get('/leads?lead_score=not:3')).status).toBe(400)
  })

  test('leads can be filtered by company name, state, industry, author, quality and import, also by prefix', async () => {
    const csv = 'Name,Email,Company,State,Industry,Phone\nIda Import,ida@import.example,Import & Söhne,Bavaria,Toys,\n'
    const { body: batch } = await api.post('/imports', { content: csv, file_name: 'fair.csv' }, { as: 'write' })
    expect(batch.synced_records).toBe(1)
    const { body } = await api.get(`/leads?import_batch_id=${batch.import_batch_id}`)
    const [lead] = body.data
    expect(lead).toMatchObject({ full_name: 'Ida Import', state: 'Bavaria', industry: 'Toys' })
    expect(lead.data_quality_score).toBeGreaterThan(0)
    const source = await api.get(`/leads/${lead.id}/source`)
    expect(source.body.data_quality_score).toBe(lead.data_quality_score)
    for (const query of [
      'company_name=prefix:Import %26',
      `company_name=${encodeURIComponent(lead.company_name)}`,
      'state=Bavaria',
      'state=prefix:Bav',
      'industry=in:Toys,Books',
      'email=prefix:ida@',
      `created_by=${encodeURIComponent('write key')}`,
      `data_quality_score=gte:1`,
      'sort=-data_quality_score',
    ]) {
      const ids = (await api.get(`/leads?${query}`)).body.data.map(({ id }: { id: number }) => id)
      expect(ids, query).toEqual([lead.id])
    }
    expect((await api.get('/leads?state=prefix:bav')).body.data).toEqual([])
    expect((await api.get('/leads?import_batch_id=in:unknown,none')).body.data).toEqual([])
  })

  test('companies are found by words and counted with their leads', async () => {
    const { body: company } = await api.post('/companies', {
      name: 'Quartz Optics GmbH',
      domain: 'quartz-optics.example',
    })
    await api.post('/companies', { name: 'Quartz Mining' })
    for (const full_name of ['Quinn One', 'Quinn Two', 'Quinn Three'])
      await api.post('/leads', { full_name, company_id: company.id })
    const gone = await api.post('/leads', { full_name: 'Quinn Gone', company_id: company.id })
    await api.delete(`/leads/${gone.body.id}`)
    const found = await api.get('/companies?q=quartz opt&include=leads_count&fields=name')
    expect(found.body.data).toEqual([{ name: 'Quartz Optics GmbH', leads_count: 3 }])
    expect((await api.get('/companies?q=quartz&fields=name&sort=name')).body.data).toEqual([
      { name: 'Quartz Mining' },
      { name: 'Quartz Optics GmbH' },
    ])
    await api.patch(`/companies/${company.id}`, { name: 'Renamed Optics' })
    expect((await api.get('/companies?q=renamed')).body.data).toHaveLength(1)
    expect((await api.get('/companies?domain=prefix:quartz')).body.data).toHaveLength(1)
  })

  test('facets count the values of a field under the filters of the list', async () => {
    const { body } = await api.get('/leads/facets?field=country')
    const byCountry = new Map(
      body.data.map((row: { value: string; leads_count: number }) => [row.value, row.leads_count]),
    )
    for (const [country, count] of byCountry)
      expect((await api.get(`/leads?country=${country}&count=exact`)).body.count.value, String(country)).toBe(count)
    expect(byCountry.size).toBeGreaterThan(1)
    expect(body.data.every(({ relation }: { relation: string }) => relation === 'exact')).toBe(true)
    await api.post('/leads', { full_name: 'Tag One', city: 'Pune', tags: ['fair', 'vip'] })
    await api.post('/leads', { full_name: 'Tag Two', city: 'Puducherry', tags: ['fair'] })
    expect((await api.get('/leads/facets?field=tags')).body.data).toEqual([
      { value: 'fair', leads_count: 2, relation: 'exact' },
      { value: 'vip', leads_count: 1, relation: 'exact' },
    ])
    expect((await api.get('/leads/facets?field=tags&prefix=v&q=tag')).body.data).toHaveLength(1)
    const cities = (await api.get('/leads/facets?field=city&prefix=pu&tags=has:fair')).body.data
    expect(cities.map(({ value }: { value: string }) => value)).toEqual(['Puducherry', 'Pune'])
    await api.post('/leads', { full_name: 'Tag Three', city: 'K\u00f6ln', company_domain: 'nakatomi.example' })
    for (const prefix of ['field=city&prefix=Ko%CC%88', 'field=company_domain&prefix=NAKA'])
      expect((await api.get(`/leads/facets?${prefix}`)).body.data, prefix).toHaveLength(1)
    expect((await api.get('/leads/facets?field=notes')).status).toBe(400)
    expect((await api.get('/leads/facets?field=city&is_deleted=true', { as: 'read' })).status).toBe(403)
    await api.post('/companies', { name: 'Facet Ltd', country: 'Kenya' })
    expect((await api.get('/companies/facets?field=country&prefix=ken')).body.data).toEqual([
      { value: 'Kenya', companies_count: 1, relation: 'exact' },
    ])
  })

  test('companies are created, updated, deleted and restored in one batch', async () => {
    const { body: old } = await api.post('/companies', { name: 'Batch Old', domain: 'batch-old.example' })
    const { body } = await api.post('/companies/batch', {
      operations: [
        { operation: 'create', company: { name: 'Batch New', domain: 'batch-new.example' } },
        { operation: 'create', company: { name: 'Batch Old again', domain: 'batch-old.example' } },
        { operation: 'update', id: old.id, version: 1, patch: { industry: 'Toys' } },
        { operation: 'delete', id: old.id },
        { operation: 'restore', id: old.id },
        { operation: 'update', id: old.id, version: 1, patch: { industry: 'Books' } },
      ],
    })
    expect(body.results.map(({ status }: { status: number }) => status)).toEqual([201, 409, 200, 204, 200, 412])
    const atomic = await api.post('/companies/batch', {
      is_atomic: true,
      operations: [
        { operation: 'delete', id: old.id },
        { operation: 'delete', id: 999_999 },
      ],
    })
    expect(atomic.body).toMatchObject({ code: 'batch_failed', operation_index: 1 })
    expect((await api.get(`/companies/${old.id}`)).status).toBe(200)
  })

  test('a series counts per day and week in a time zone', async () => {
    for (const [full_name, created_at] of [
      ['Series A', '2025-06-01T21:30:00Z'],
      ['Series B', '2025-06-01T22:30:00Z'],
      ['Series C', '2025-06-09T12:00:00Z'],
    ] as const)
      await seedLeads(api.db, [
        { full_name, external_id: full_name, country: 'Nepal', created_at: new Date(created_at) },
      ])
    const period = 'since=2025-06-01T00:00:00Z&until=2025-06-30T00:00:00Z'
    const read = async (query: string) => (await api.get(`/stats/series?${period}&${query}`)).body.series
    const point = (start: string, value: number) => ({ start, value })
    expect(await read('measure=leads')).toEqual([
      { key: null, is_other: false, total: 3, points: [point('2025-06-01', 2), point('2025-06-09', 1)] },
    ])
    expect((await read('measure=leads&zone=Europe/Berlin&by=country'))[0]).toEqual({
      key: 'Nepal',
      is_other: false,
      total: 3,
      points: [point('2025-06-01', 1), point('2025-06-02', 1), point('2025-06-09', 1)],
    })
    expect((await read('measure=leads&zone=Asia/Kathmandu&interval=week'))[0].points).toEqual([
      point('2025-06-02', 2),
      point('2025-06-09', 1),
    ])
    for (const query of ['measure=leads&zone=Mars/Base', 'measure=cost&by=country', 'measure=leads&since=2020-01-01'])
      expect((await api.get(`/stats/series?${query}`)).status, query).toBe(400)
  })

  test('a series adds up any number of runs in the database, and is refused if it has too many figures', async () => {
    const { kysely } = api.db
    const digits = sql`(${sql.join(
      Array.from({ length: 10 }, (_, digit) => sql`select ${sql.lit(digit)} as n`),
      sql` union all `,
    )})`
    const number = sql`(a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n)`
    const metadata = JSON.stringify({ fill_rates: { leads: 2, filled: { email: 1, phone: 2 } } })
    const insert = (limit: number, actor: RawBuilder<unknown>, at: string) =>
      sql`insert into apify_sync_states
        (run_id, actor_id, total_records, synced_records, duplicate_records, failed_records, cost_usd, metadata, created_at,
          updated_at)
        select concat(${sql.lit(at)}, ${number}), ${actor}, 5, 3, 1, 1, 0.5, ${metadata}, ${new Date(at)}, ${new Date(at)}
        from ${digits} as a, ${digits} as b, ${digits} as c, ${digits} as d, ${digits} as e
        limit ${sql.lit(limit)}`.execute(kysely)
    await insert(4100, sql`'many'`, '2021-03-01T10:00:00Z')
    const read = (query: string, day: string) =>
      api.get(`/stats/series?since=${day}T00:00:00Z&until=${day}T23:00:00Z&by=actor&${query}`)
    const seriesOf = async (measure: string) => (await read(`measure=${measure}`, '2021-03-01')).body.series
    const point = { start: '2021-03-01' }
    const counts = { synced_records: 12_300, duplicate_records: 4100, failed_records: 4100 }
    expect(await seriesOf('records')).toEqual([
      { key: 'many', is_other: false, total: 20_500, points: [{ ...point, value: 20_500, ...counts }] },
    ])
    expect(await seriesOf('cost')).toEqual([
      { key: 'many', is_other: false, total: 2050, points: [{ ...point, value: 2050 }] },
    ])
    expect(await seriesOf('fill_rate')).toEqual([
      { key: 'many', is_other: false, total: 0.75, points: [{ ...point, value: 0.75 }] },
    ])
    await insert(12, sql`concat('actor', ${number})`, '2021-04-01T10:00:00Z')
    const april = { since: new Date('2021-04-01'), until: new Date('2021-05-01'), by: 'actor' as const }
    for (const measure of ['records', 'cost', 'fill_rate'] as const) {
      const read = (figures_max: number) => getSeries(api.db, { ...april, measure, figures_max })
      expect((await read(12)).series, measure).toHaveLength(11)
      await expect(read(11), measure).rejects.toMatchObject({ code: 'invalid_request', errors: [{ parameter: 'by' }] })
    }
    await sql`delete from apify_sync_states where created_at < ${new Date('2022-01-01')}`.execute(kysely)
  })

  test('syncs and rejections are listed over runs without their raw data, and reasons are counted', async () => {
    const at = new Date('2026-02-01T00:00:00Z')
    for (const [run_id, cost_usd] of [
      ['runA', 0.5],
      ['runB', 0.25],
    ] as const)
      await api.db.kysely
        .insertInto('apify_sync_states')
        .values({
          run_id,
          actor_id: 'actor1',
          cost_usd,
          created_at: at,
          updated_at: at,
          input_params: { q: 'x'.repeat(1000) },
          total_records: 4,
          synced_records: 3,
          failed_records: 1,
          dataset_item_count: 5,
          finished_at: at,
        })
        .execute()
    const rejection = (run_id: string, item_offset: number, reason: string) => ({
      run_id,
      item_offset,
      reason,
      dataset_id: 'd1',
      actor_id: 'actor1',
      raw_data: { item_offset },
      created_at: at,
      updated_at: at,
    })
    await api.db.kysely
      .insertInto('sync_rejections')
      .values([rejection('runA', 1, 'no name'), rejection('runA', 2, 'no name'), rejection('runB', 1, 'too large')])
      .execute()
    const syncs = await api.get('/syncs?sort=-finished_at')
    expect(syncs.body.data.map(({ run_id }: { run_id: string }) => run_id).sort()).toEqual(['runA', 'runB'])
    expect(syncs.body.data[0]).toMatchObject({ dataset_item_count: 5, is_balanced: true })
    expect(syncs.body.data[0]).not.toHaveProperty('input_params')
    expect((await api.get('/syncs?include=input_params')).body.data[0].input_params.q).toHaveLength(1000)
    expect((await api.get('/syncs/runA')).body.input_params.q).toHaveLength(1000)
    const all = await api.get('/rejections?actor_id=actor1&resolved_at=is:null')
    expect(all.body.data.map((row: { run_id: string; item_offset: number }) => [row.run_id, row.item_offset])).toEqual([
      ['runB', 1],
      ['runA', 2],
      ['runA', 1],
    ])
    expect(all.body.data[0]).not.toHaveProperty('raw_data')
    const items = (await api.get('/rejections?reason=no name&include=raw_data')).body.data
    expect(items.map((row: { raw_data: unknown }) => row.raw_data)).toEqual([{ item_offset: 2 }, { item_offset: 1 }])
    expect((await api.get(`/rejections/${all.body.data[0].id}`)).body.raw_data).toEqual({ item_offset: 1 })
    expect((await api.get('/syncs/runA/rejections')).body.data[0]).not.toHaveProperty('raw_data')
    const reasons = (await api.get('/rejections/reasons?actor_id=actor1')).body.data
    expect(reasons).toEqual([
      { reason: 'no name', rejections_count: 2, relation: 'exact', last_id: expect.any(Number), last_run_id: 'runA' },
      {
        reason: 'too large',
        rejections_count: 1,
        relation: 'exact',
        last_id: all.body.data[0].id,
        last_run_id: 'runB',
      },
    ])
    const period = 'since=2026-01-20&until=2026-02-20'
    const cost = (await api.get(`/stats/series?measure=cost&by=actor&${period}`)).body.series
    expect(cost).toEqual([
      { key: 'actor1', is_other: false, total: 0.75, points: [{ start: '2026-02-01', value: 0.75 }] },
    ])
    const records = (await api.get(`/stats/series?measure=records&${period}`)).body.series
    expect(records[0].points).toEqual([
      { start: '2026-02-01', value: 8, synced_records: 6, duplicate_records: 0, failed_records: 2 },
    ])
  })

  test('views belong to their author, shared views are visible to all, and an admin may change them', async () => {
    const own = await api.post('/views', { list: 'leads', name: 'Mine', query: 'country=India' }, { as: 'read' })
    expect(own.status).toBe(201)
    const again = await api.post('/views', { list: 'leads', name: 'Mine', query: 'x=y' }, { as: 'read' })
    expect(again.body).toMatchObject({ code: 'already_exists', existing: { id: own.body.id } })
    const hostile = await api.post('/views', { list: 'leads', name: 'a\u001b[31m', query: 'x=y' }, { as: 'read' })
    expect([hostile.status, hostile.body.errors[0].pointer]).toEqual([422, '/name'])
    const shared = { list: 'leads', name: 'Ours', query: 'q=x', columns: ['email'], is_shared: true, position: 1 }
    const { body: ours } = await api.post('/views', shared, { as: 'write' })
    const namesFor = async (as: 'read' | 'write') =>
      (await api.get('/views?list=leads', { as })).body.data.map(({ name }: { name: string }) => name)
    expect(await namesFor('read')).toEqual(['Mine', 'Ours'])
    expect(await namesFor('write')).toEqual(['Ours'])
    expect((await api.get(`/views/${own.body.id}`, { as: 'write' })).status).toBe(404)
    expect((await api.patch(`/views/${ours.id}`, { name: 'Theirs' }, { as: 'read' })).status).toBe(403)
    expect((await api.patch(`/views/${ours.id}`, { name: 'Admins' })).body).toMatchObject({
      name: 'Admins',
      is_shared: true,
    })
    expect((await api.delete(`/views/${own.body.id}`, { as: 'read' })).status).toBe(204)
    expect(await namesFor('read')).toEqual(['Admins'])
  })

  test('a bulk job updates, deletes and restores the leads that match, and nothing else', async () => {
    const wanted = Array.from({ length: 450 }, (_, index) => ({
      full_name: `Bulk ${index}`,
      external_id: `bulk:${index}`,
      country: 'Chad',
      city: index % 2 === 0 ? 'Moundou' : 'Sarh',
    }))
    await seedLeads(api.db, wanted)
    const count = async (query: string): Promise<number> =>
      (await api.get(`/leads?${query}&count=exact&limit=1`)).body.count.value
    const created = await api.post('/jobs', {
      job_type: 'update',
      query: 'country=Chad&city=Sarh',
      patch: { lead_status: 'contacted', tags: ['bulk'] },
    })
    expect(created.status).toBe(201)
    expect(await count('tags=has:bulk')).toBe(0)
    await seedLeads(api.db, [{ full_name: 'Too late', external_id: 'bulk:late', country: 'Chad', city: 'Sarh' }])
    const [first, second] = await Promise.all([
      api.post(`/jobs/${created.body.id}/run`, undefined, { as: 'write' }),
      api.post(`/jobs/${created.body.id}/run`, undefined, { as: 'write' }),
    ])
    for (const { status, body } of [first, second]) {
      expect(status).toBe(200)
      expect(body).toMatchObject({ job_status: 'completed', changed_count: 225, unchanged_count: 0, failed_count: 0 })
    }
    expect(await count('tags=has:bulk')).toBe(225)
    expect(await count('country=Chad&lead_status=contacted')).toBe(225)
    const removal = await api.post('/jobs', { job_type: 'delete', query: 'tags=has:bulk' })
    expect((await api.post(`/jobs/${removal.body.id}/run`)).body.changed_count).toBe(225)
    expect(await count('country=Chad')).toBe(226)
    const restore = { job_type: 'restore', query: 'tags=has:bulk' }
    expect((await api.post('/jobs', restore, { as: 'write' })).status).toBe(403)
    const restoration = await api.post('/jobs', restore)
    expect((await api.post(`/jobs/${restoration.body.id}/run`)).body.changed_count).toBe(225)
    expect(await count('country=Chad')).toBe(451)
    const canceled = await api.post('/jobs', { job_type: 'delete', query: 'country=Chad' })
    await api.delete(`/jobs/${canceled.body.id}`)
    expect((await api.post(`/jobs/${canceled.body.id}/run`)).body).toMatchObject({
      job_status: 'canceled',
      changed_count: 0,
    })
    expect((await api.get('/jobs?job_status=canceled')).body.data).toHaveLength(1)
    for (const body of [
      { job_type: 'delete', query: 'sort=id' },
      { job_type: 'update', query: 'country=Chad' },
      { job_type: 'delete', query: 'country=Chad', patch: { city: 'x' } },
      { job_type: 'delete', query: 'lead_score=gte:many' },
      { job_type: 'delete', query: 'q=bulk&q=nobody' },
      { job_type: 'delete', query: 'created_at=gte:2026-02-31' },
    ]) {
      const { status, body: problem } = await api.post('/jobs', body)
      expect(status, JSON.stringify(body)).toBe(422)
      expect(['/query', '/patch']).toContain(problem.errors[0].pointer)
    }
  })
})
