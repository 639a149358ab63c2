import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { seedLeads } from './seed.ts'

describeEachEngine('reading leads', (engine) => {
  let api: TestApi
  let ids: number[]
  beforeAll(async () => {
    api = await startApi(engine)
    ids = await seedLeads(api.db, [
      ...Array.from({ length: 25 }, (_, index) => ({
        full_name: `Person ${index}`,
        email: `person${index}@example.com`,
        country: index % 2 ? 'India' : 'Nepal',
        city: index % 3 ? 'Pune' : 'Patan',
        tags: index === 3 ? ['Trade Fair', 'hot'] : [],
        raw_data: { index },
        import_hashes: '-',
      })),
      { full_name: 'Gone', is_deleted: true, deleted_at: new Date(), deleted_by: 'crm' },
    ])
  })
  afterAll(() => api?.close())

  test('the pages of a list contain every active lead once, newest first', async () => {
    const seen: number[] = []
    let cursor: string | null = null
    do {
      const page = await api.get(`/leads?limit=7${cursor ? `&cursor=${cursor}` : ''}`, { as: 'read' })
      expect(page.status).toBe(200)
      seen.push(...page.body.data.map(({ id }: { id: number }) => id))
      cursor = page.body.next_cursor
    } while (cursor)
    expect(seen).toEqual(ids.slice(0, 25).reverse())
  })

  test('filters by country, city, status and source can be combined', async () => {
    const { body } = await api.get('/leads?country=India&city=Pune&lead_status=new&source=apify&limit=100&count=exact')
    expect(body.data.length).toBeGreaterThan(0)
    for (const lead of body.data) expect(lead).toMatchObject({ country: 'India', city: 'Pune', lead_status: 'new' })
    expect(body.count).toEqual({ value: body.data.length, relation: 'exact' })
  })

  test('a search finds leads by word prefixes, a filter finds them by tag', async () => {
    const found = await api.get('/leads?q=pers%2012')
    expect(found.body.data.map((lead: { full_name: string }) => lead.full_name)).toEqual(['Person 12'])
    const tagged = await api.get('/leads?tags=has:Trade%20Fair')
    expect(tagged.body.data.map((lead: { full_name: string }) => lead.full_name)).toEqual(['Person 3'])
    expect((await api.get('/leads?tags=has:Trade')).body.data).toEqual([])
  })

  test('a lead is returned with its item and without internal columns', async () => {
    const { status, body, headers } = await api.get(`/leads/${ids[0]}?include=company,source`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      id: ids[0],
      raw_data: { index: 0 },
      company: null,
      lead_source: { source_type: 'apify' },
    })
    expect(body).not.toHaveProperty('import_hashes')
    expect(headers.etag).toMatch(/^"1-[\w-]+"$/)
    const list = await api.get('/leads')
    expect(list.body.data[0]).not.toHaveProperty('raw_data')
    expect((await api.get('/leads?fields=id,raw_data&limit=1')).body.data[0]).toEqual({
      id: ids[24],
      raw_data: { index: 24 },
    })
  })

  test('a deleted lead is answered with 410, an unknown one with 404', async () => {
    expect((await api.get(`/leads/${ids[25]}`)).status).toBe(410)
    expect((await api.get(`/leads/${ids[25]}?include_deleted=true`)).status).toBe(200)
    expect((await api.get(`/leads/${ids[25]}?include_deleted=true`, { as: 'read' })).status).toBe(403)
    expect((await api.get('/leads/999999999')).body).toMatchObject({ status: 404, code: 'not_found' })
  })

  test('the history of a lead can be listed', async () => {
    const { status, body } = await api.get(`/leads/${ids[1]}/events`)
    expect(status).toBe(200)
    expect(body.data).toMatchObject([{ event_type: 'created', lead_id: ids[1], actor: 'sync' }])
    expect((await api.get('/leads/999999999/events')).status).toBe(404)
  })

  test('syncs are listed with their accounting', async () => {
    await api.db.kysely
      .insertInto('apify_sync_states')
      .values({ run_id: 'run1', total_records: 10, synced_records: 7, duplicate_records: 2, failed_records: 1 })
      .execute()
    expect((await api.get('/syncs')).body.data).toMatchObject([{ run_id: 'run1', is_balanced: true }])
    expect((await api.get('/syncs/run1')).body).toMatchObject({ total_records: 10 })
    expect((await api.get('/syncs/run2')).status).toBe(404)
  })

  test('an unknown parameter is rejected with the closest valid name', async () => {
    const { status, body } = await api.get('/leads?contry=India')
    expect(status).toBe(400)
    expect(body).toMatchObject({
      code: 'unknown_parameter',
      errors: [{ parameter: 'contry', detail: 'Did you mean country?' }],
    })
  })

  test('a cursor that was modified or belongs to another list is rejected', async () => {
    const { body } = await api.get('/leads?limit=2')
    const cursor: string = body.next_cursor
    expect((await api.get(`/leads?limit=2&cursor=${cursor}`)).status).toBe(200)
    expect((await api.get(`/leads?limit=2&country=India&cursor=${cursor}`)).body.code).toBe('invalid_cursor')
    const other = `${cursor.slice(0, -3)}${cursor.at(-3) === 'A' ? 'B' : 'A'}${cursor.slice(-2)}`
    expect((await api.get(`/leads?limit=2&cursor=${other}`)).body.code).toBe('invalid_cursor')
  })

  test('the health check needs no key', async () => {
    expect(await api.get('/health', { as: null })).toMatchObject({ status: 200, body: { status: 'ok' } })
  })

  test('a request without a key is rejected', async () => {
    expect(await api.get('/leads', { as: null })).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
    const wrong = await api.get('/leads', { as: null, headers: { authorization: 'Bearer lk_wrong' } })
    expect(wrong).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer realm="leads"' } })
    expect((await api.get('/leads', { as: null, headers: { 'x-api-key': api.keys.read } })).status).toBe(200)
  })
})
