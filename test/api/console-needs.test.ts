import { readFileSync } from 'node:fs'
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
    expect((await api.get('/leads/export?is_deleted=true', { as: 'read' })).status).toBe(403)
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
})
