import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { document } from './document.ts'
import { seedLeads } from './seed.ts'

const ANSWER_BYTES_MAX = 5_500_000

describeEachEngine('sizes of responses', (engine) => {
  let api: TestApi
  let ids: number[]

  beforeAll(async () => {
    api = await startApi(engine)
    const item = (index: number) => ({ text: 'x'.repeat(index === 7 ? 9_000_000 : 300_000) })
    const at = new Date(Date.UTC(2026, 0, 1))
    ids = await seedLeads(
      api.db,
      Array.from({ length: 40 }, (_, index) => ({
        full_name: `Large ${index}`,
        raw_data: item(index),
        created_at: at,
      })),
    )
    for (let index = 0; index < 30; index += 1)
      await api.db.kysely
        .insertInto('apify_sync_states')
        .values({ run_id: `run${index}`, input_params: { q: 'x'.repeat(300_000) }, created_at: at, updated_at: at })
        .execute()
  })
  afterAll(() => api?.close())

  async function readAll(target: string, key = 'data'): Promise<Record<string, unknown>[]> {
    const rows: Record<string, unknown>[] = []
    let cursor = ''
    for (let page = 0; page < 100; page += 1) {
      const { status, text, body } = await api.get(`${target}${cursor && `&cursor=${cursor}`}`)
      expect(status).toBe(200)
      expect(Buffer.byteLength(text)).toBeLessThan(ANSWER_BYTES_MAX)
      rows.push(...body[key])
      if (body.next_cursor === null || body.has_more === false) return rows
      cursor = body.next_cursor
    }
    throw new Error('The list does not end.')
  }

  test('every page of large leads stays below 5.5 MB, each lead is returned once, and a list reaches its end', async () => {
    for (const target of ['/leads?limit=500&fields=id,raw_data', '/leads/changes?limit=500&fields=id,raw_data']) {
      const rows = await readAll(target)
      expect(rows.map(({ id }) => id).sort((a, b) => Number(a) - Number(b))).toEqual(ids)
      const omitted = rows.filter((row) => row.omitted_fields)
      expect(omitted).toEqual([{ id: ids[7], raw_data: null, omitted_fields: ['raw_data'] }])
      for (const row of rows)
        if (row.id !== ids[7]) expect((row.raw_data as { text: string }).text).toHaveLength(300_000)
    }
  })

  test('a lead with a huge item can be read and changed; the item is omitted', async () => {
    const read = await api.get(`/leads/${ids[7]}`)
    expect(read.body).toMatchObject({ id: ids[7], raw_data: null, omitted_fields: ['raw_data'] })
    const changed = await api.patch(`/leads/${ids[7]}`, { city: 'Pune' })
    expect(changed.body).toMatchObject({ city: 'Pune', omitted_fields: ['raw_data'] })
    const { rows } = await sql<{ bytes: number }>`
      select length(cast(raw_data as ${sql.raw(api.db.engine.text_type)})) as bytes from sales_leads
      where id = ${ids[7]}`.execute(api.db.kysely)
    expect(Number(rows[0]?.bytes)).toBeGreaterThan(9_000_000)
  })

  test('an export with large items is read page by page', async () => {
    let target = '/leads/export?fields=id,raw_data&limit=1000'
    const found: number[] = []
    for (let page = 0; page < 100; page += 1) {
      const { text, headers } = await api.get(target)
      expect(Buffer.byteLength(text)).toBeLessThan(ANSWER_BYTES_MAX)
      for (const line of text.split('\n').filter(Boolean)) found.push(JSON.parse(line).id)
      const next = /<(.*)>; rel="next"/.exec(String(headers.link ?? ''))?.[1]
      if (!next) break
      target = next
    }
    expect(found.sort((a, b) => a - b)).toEqual(ids)
  })

  test('syncs are listed with their inputs in pages below 5.5 MB', async () => {
    expect(await readAll('/syncs?limit=500&include=input_params')).toHaveLength(30)
  })

  test('values that are large only together, or only in bytes, end no list and no feed', async () => {
    const raw_data = { text: 'x'.repeat(2_500_000) }
    const enrichment_data = { text: 'x'.repeat(2_400_000) }
    const created_at = new Date(Date.UTC(2026, 0, 2))
    const [together, bytes] = await seedLeads(api.db, [
      { full_name: 'Together', external_id: 'together', raw_data, enrichment_data, created_at },
      { full_name: 'Bytes', external_id: 'bytes', raw_data: { text: '語'.repeat(1_900_000) }, created_at },
    ])
    const since = `since=${created_at.toISOString()}`
    for (const target of [
      `/leads?created_at=gte:${created_at.toISOString()}&fields=id,raw_data,enrichment_data`,
      `/leads/changes?${since}&fields=id,raw_data,enrichment_data`,
    ]) {
      const rows = await readAll(target)
      const omitted = Object.fromEntries(rows.map(({ id, omitted_fields }) => [id, omitted_fields]))
      expect(omitted, target).toEqual({ [together as number]: ['raw_data'], [bytes as number]: ['raw_data'] })
      expect(rows.find(({ id }) => id === together)?.enrichment_data).toEqual(enrichment_data)
    }
    const read = await api.get(`/leads/${together}`)
    expect(read.body).toMatchObject({ enrichment_data, raw_data: null, omitted_fields: ['raw_data'] })
  })

  test('every GET route answers below 5.5 MB beside rows with large values, and every list reaches its end', async () => {
    const path_parameters = await seedLargeRows(api, ids)
    const many: string[] = []
    for (const [path, item] of Object.entries(document.paths ?? {})) {
      const operation = (item as Record<string, { parameters?: { in: string; name: string }[] } | undefined>).get
      if (!operation || path.startsWith('/docs') || path === '/openapi.json') continue
      const query = new Set((operation.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name))
      const target = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(path_parameters(path, name)))
      const pages_count = await readToEnd(api, target, new URLSearchParams(toLargestQuery(path, query)))
      if (pages_count > 1) many.push(path)
    }
    expect(many).toEqual(
      expect.arrayContaining([
        '/leads',
        '/leads/changes',
        '/leads/{id}/events',
        '/companies',
        '/companies/{id}/leads',
        '/syncs',
        '/syncs/{run_id}/rejections',
        '/rejections',
        '/imports',
        '/imports/{import_batch_id}/rejections',
        '/jobs',
        '/views',
      ]),
    )
  })
})

/** The parameters with which an operation returns the most. */
function toLargestQuery(path: string, query: ReadonlySet<string>): Record<string, string> {
  const includes: Record<string, string> = {
    '/syncs': 'input_params',
    '/syncs/{run_id}/rejections': 'raw_data',
    '/rejections': 'raw_data',
    '/companies': 'leads_count',
  }
  return {
    ...(query.has('limit') && { limit: path === '/leads/export' ? '2000' : '500' }),
    ...(query.has('include') && { include: includes[path] ?? 'company,source' }),
    ...(path === '/leads/changes' && { fields: 'id,raw_data' }),
    ...(path.endsWith('/facets') && { field: 'city' }),
    ...(query.has('measure') && { measure: 'leads' }),
  }
}

/** Reads a route to its end. Returns the number of pages. */
async function readToEnd(api: TestApi, target: string, query: URLSearchParams): Promise<number> {
  for (let page = 1; page < 200; page += 1) {
    const { status, text, body, headers } = await api.get(`${target}?${query}`)
    expect(status, `${target}?${query}: ${text.slice(0, 300)}`).toBe(200)
    expect(Buffer.byteLength(text), target).toBeLessThan(ANSWER_BYTES_MAX)
    const next = headers['next-cursor'] ?? body?.next_cursor
    if (typeof next !== 'string' || body?.has_more === false) return page
    query.set('cursor', next)
  }
  throw new Error(`${target} does not end.`)
}

/** Rows with large values in every table that has such columns. Returns the parameters of paths. */
async function seedLargeRows(api: TestApi, lead_ids: readonly number[]) {
  const { kysely } = api.db
  const text = 'x'.repeat(300_000)
  const huge = { text: 'x'.repeat(9_000_000) }
  const at = new Date(Date.UTC(2026, 0, 1))
  const times = { created_at: at, updated_at: at }
  const [lead_id = 0, other_id = 0] = lead_ids
  const numbers = Array.from({ length: 25 }, (_, index) => index)
  await kysely
    .insertInto('apify_sync_states')
    .values({ run_id: 'large', input_params: huge, error_details: { text }, ...times })
    .execute()
  const batch = { file_hash: 'h', options_hash: 'o', import_options: {}, ...times }
  for (const index of numbers) {
    const raw_data = index === 3 ? huge : { text }
    await kysely
      .insertInto('sync_rejections')
      .values({ run_id: 'large', dataset_id: 'd', item_offset: index, reason: 'empty', raw_data, ...times })
      .execute()
    await kysely
      .insertInto('import_batches')
      .values({
        ...batch,
        import_batch_id: `large${index}`,
        batch_status: 'completed',
        column_matches: [{ header: text, column: null, is_override: false }],
      })
      .execute()
    await kysely
      .insertInto('import_rejections')
      .values({ import_batch_id: 'large0', record_number: index, reason: 'empty', raw_data, created_at: at })
      .execute()
    await kysely
      .insertInto('lead_events')
      .values({
        lead_id,
        event_type: 'note_added',
        event_data: { text },
        event_source: 'api',
        event_timestamp: at,
        actor: 'crm',
        ...times,
      })
      .execute()
    await kysely
      .insertInto('bulk_jobs')
      .values({ job_type: 'update', job_status: 'completed', query: 'id=1', patch: { text }, end_id: 1, ...times })
      .execute()
  }
  for (let index = 0; index < 60; index += 1)
    await kysely
      .insertInto('companies')
      .values({ company_key: `large:${index}`, name: `Large ${index}`, description: 'x'.repeat(90_000), ...times })
      .execute()
  const rows = Array.from({ length: 600 }, (_, index) => index)
  for (let start = 0; start < rows.length; start += 100)
    await kysely
      .insertInto('saved_views')
      .values(
        rows.slice(start, start + 100).map((index) => ({
          list: 'leads' as const,
          name: `Large ${index}`,
          query: 'x'.repeat(4000),
          columns: Array.from({ length: 100 }, (_, column) => `${column}`.padEnd(100, 'x')),
          is_shared: true,
          ...times,
          created_by: 'crm',
        })),
      )
      .execute()
  const company = await kysely
    .selectFrom('companies')
    .select('id')
    .where('company_key', '=', 'large:0')
    .executeTakeFirst()
  await kysely
    .updateTable('sales_leads')
    .set({ company_id: company?.id ?? 0 })
    .where('id', 'in', lead_ids)
    .execute()
  await kysely.updateTable('lead_sources').set({ metadata: { text } }).where('lead_id', 'in', lead_ids).execute()
  const last = async (table: 'sync_rejections' | 'bulk_jobs' | 'saved_views' | 'api_keys'): Promise<number> =>
    (await kysely.selectFrom(table).select('id').orderBy('id', 'desc').limit(1).executeTakeFirstOrThrow()).id
  const by_path: Record<string, number | undefined> = {
    '/rejections/{id}': await last('sync_rejections'),
    '/jobs/{id}': await last('bulk_jobs'),
    '/views/{id}': await last('saved_views'),
    '/api-keys/{id}': await last('api_keys'),
    '/companies/{id}': company?.id,
    '/companies/{id}/leads': company?.id,
  }
  const by_name: Record<string, number | string> = {
    id: lead_id,
    a: lead_id,
    b: other_id,
    run_id: 'large',
    import_batch_id: 'large0',
  }
  return (path: string, name: string): number | string | undefined => by_path[path] ?? by_name[name]
}

describeEachEngine('lists of imports', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  test('imports and their rejected records are paged by cursor; after_record is deprecated', async () => {
    const csv = `Name,Email\n${',\n'.repeat(0)}${Array.from({ length: 5 }, (_, index) => `,not an address ${index}`).join('\n')}\n`
    for (const import_batch_id of ['one', 'two', 'three'])
      expect(
        (await api.post('/imports', { content: `${csv}Ann,ann@${import_batch_id}.example\n`, import_batch_id })).status,
      ).toBe(201)
    const first = await api.get('/imports?limit=2')
    expect(first.body.data.map((row: { import_batch_id: string }) => row.import_batch_id)).toEqual(['three', 'two'])
    const rest = await api.get(`/imports?limit=2&cursor=${first.body.next_cursor}`)
    expect(rest.body).toMatchObject({ data: [{ import_batch_id: 'one' }], next_cursor: null })
    const numbers: number[] = []
    let cursor = ''
    do {
      const { body } = await api.get(`/imports/one/rejections?limit=2${cursor && `&cursor=${cursor}`}`)
      numbers.push(...body.data.map((row: { record_number: number }) => row.record_number))
      cursor = body.next_cursor ?? ''
    } while (cursor !== '')
    expect(numbers).toEqual([1, 2, 3, 4, 5])
    const old = await api.get('/imports/one/rejections?after_record=3')
    expect(old.body.data.map((row: { record_number: number }) => row.record_number)).toEqual([4, 5])
    expect(old.headers.deprecation).toMatch(/^@\d+$/)
    expect(Date.parse(String(old.headers.sunset))).toBeGreaterThan(Date.now())
  })
})

describeEachEngine('preview and service', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  test('a preview tells columns, new leads, duplicates and rejections, and writes nothing', async () => {
    await api.post('/imports', { content: 'Name,Email\nAnn Known,ann@known.example\n' })
    const content = 'Name,Email\nAnn Known,ann@known.example\nBob New,bob@new.example\n,\n,nonsense\n'
    const { status, body } = await api.post('/imports/preview', { content }, { as: 'write' })
    expect(status).toBe(200)
    expect(body.columns[1]).toMatchObject({ header: 'Email', column: 'email' })
    expect(body).toMatchObject({ new_records: 1, duplicate_records: 1 })
    expect(body.total_records).toBe(body.new_records + body.duplicate_records + body.failed_records)
    expect((await api.get('/leads?count=exact')).body.count.value).toBe(1)
    expect((await api.get('/imports')).body.data).toHaveLength(1)
    expect((await api.post('/imports/preview', { content }, { as: 'read' })).status).toBe(403)
  })

  test('an admin gets the diagnosis of the service', async () => {
    const { status, body } = await api.get('/service')
    expect(status).toBe(200)
    expect(body.findings).toEqual(
      expect.arrayContaining([{ check: 'schema', state: 'ok', message: expect.any(String), advice: null }]),
    )
    expect(JSON.stringify(body)).not.toContain(api.keys.admin)
    expect((await api.get('/service', { as: 'write' })).status).toBe(403)
  })
})

describeEachEngine('filters as typed', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  test('a lead is found by the same words that it was stored with, in any case and Unicode form', async () => {
    const { body: lead } = await api.post('/leads', {
      full_name: 'Zoe\u0308 Nakamura',
      email: 'Zoe+News@Nakamura.example',
      company_domain: 'Nakamura.example',
      city: 'Ko\u0308ln',
    })
    expect(lead.city).toBe('K\u00f6ln')
    for (const query of [
      'email=Zoe%2BNews@Nakamura.example',
      'email=prefix:ZOE%2B',
      'company_domain=Nakamura.example',
      'city=Ko%CC%88ln',
      'city=K%C3%B6ln',
      'q=Zoe%CC%88',
      'q=zo%C3%AB',
    ])
      expect(
        (await api.get(`/leads?${query}`)).body.data.map(({ id }: { id: number }) => id),
        query,
      ).toEqual([lead.id])
    const { body: company } = await api.post('/companies', { name: 'Cafe\u0301 Ltd', domain: 'Cafe.example' })
    for (const query of ['domain=CAFE.example', 'name=Caf%C3%A9 Ltd', 'q=cafe%CC%81'])
      expect(
        (await api.get(`/companies?${query}`)).body.data.map(({ id }: { id: number }) => id),
        query,
      ).toEqual([company.id])
  })
})
