import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { type FakeQueue, startFakeQueue } from './fake-queue.ts'
import { seedLeads } from './seed.ts'

describeEachEngine('companies', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  test('a company is created with the key that imports use; a second one is rejected', async () => {
    const made = await api.post('/companies', { name: ' Example Ltd ', domain: 'Example.com', tags: ['a'] })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ company_key: 'domain:example.com', name: 'Example Ltd', domain: 'example.com' })
    expect(made.headers.location).toBe(`/companies/${made.body.id}`)
    const again = await api.post('/companies', { name: 'Other name', domain: 'example.com' })
    expect(again).toMatchObject({ status: 409, body: { code: 'already_exists', existing: { id: made.body.id } } })
    expect((await api.post('/companies', { name: ' ' })).status).toBe(422)
    expect((await api.post('/companies', { domain: 'a.example' })).body.errors[0].pointer).toBe('/name')
  })

  test('a company is updated with If-Match, soft-deleted and restored', async () => {
    const { id } = (await api.post('/companies', { name: 'Changing', city: 'Pune' })).body
    const changed = await api.patch(
      `/companies/${id}`,
      { city: null, industry: 'Tools' },
      { headers: { 'if-match': '"1"' } },
    )
    expect(changed.body).toMatchObject({ city: null, industry: 'Tools', version: 2, updated_by: 'admin key' })
    expect((await api.patch(`/companies/${id}`, { industry: 'Tools' })).body.version).toBe(2)
    const late = await api.patch(`/companies/${id}`, { city: 'x' }, { headers: { 'if-match': '"1"' } })
    expect(late).toMatchObject({ status: 412, body: { current_etag: '"2"' } })
    expect((await api.patch(`/companies/${id}`, { name: ' ' })).status).toBe(422)
    expect((await api.delete(`/companies/${id}`)).status).toBe(204)
    expect((await api.get(`/companies/${id}`)).status).toBe(410)
    expect((await api.get(`/companies/${id}?include_deleted=true`)).body.is_deleted).toBe(true)
    expect((await api.patch(`/companies/${id}`, { city: 'x' })).status).toBe(410)
    expect((await api.delete(`/companies/${id}`)).status).toBe(410)
    expect((await api.post(`/companies/${id}/restore`)).body).toMatchObject({ is_deleted: false, version: 4 })
    expect((await api.post('/companies/4711/restore')).status).toBe(404)
    expect((await api.patch('/companies/4711', {})).status).toBe(404)
  })

  test('companies and the leads of a company can be listed', async () => {
    const { id } = (await api.post('/companies', { name: 'Zeta Works', domain: 'zeta.example', country: 'India' })).body
    await seedLeads(api.db, [{ company_id: id, full_name: 'Zoe' }, { full_name: 'Elsewhere' }])
    expect((await api.get(`/companies/${id}/leads`)).body.data).toMatchObject([{ full_name: 'Zoe', company_id: id }])
    expect((await api.get('/companies/4711/leads')).status).toBe(404)
    expect((await api.get(`/leads?company_id=${id}&include=company`)).body.data).toMatchObject([
      { full_name: 'Zoe', company: { id, name: 'Zeta Works' } },
    ])
    const by_name = (await api.get('/companies?sort=name&fields=name')).body.data.map(
      ({ name }: { name: string }) => name,
    )
    expect(by_name).toEqual(by_name.toSorted((a: string, b: string) => (a < b ? -1 : 1)))
    expect((await api.get('/companies?country=India&fields=id,domain')).body.data).toEqual([
      { id, domain: 'zeta.example' },
    ])
    const pages = await api.get('/companies?sort=-name&limit=1')
    expect((await api.get(`/companies?sort=-name&limit=1&cursor=${pages.body.next_cursor}`)).body.data).toHaveLength(1)
    expect((await api.get('/companies?tags=has:a')).body.data).toMatchObject([{ domain: 'example.com' }])
  })
})

describeEachEngine('syncs and stats', (engine) => {
  let api: TestApi
  let queue: FakeQueue

  beforeAll(async () => {
    queue = await startFakeQueue()
    api = await startApi(engine)
    await api.db.kysely
      .insertInto('apify_sync_states')
      .values([
        {
          run_id: 'runA',
          actor_id: 'actor1',
          actor_name: 'Places',
          sync_status: 'completed',
          total_records: 10,
          synced_records: 8,
          duplicate_records: 0,
          failed_records: 2,
          cost_usd: 0.4,
        },
        {
          run_id: 'runB',
          actor_id: 'actor1',
          actor_name: null,
          sync_status: 'pending',
          total_records: 5,
          synced_records: 0,
          duplicate_records: 4,
          failed_records: 0,
          cost_usd: null,
        },
      ])
      .execute()
    await api.db.kysely
      .insertInto('sync_rejections')
      .values(
        [3, 7].map((item_offset) => ({ run_id: 'runA', dataset_id: 'd', item_offset, reason: 'empty', raw_data: {} })),
      )
      .execute()
    await seedLeads(api.db, [
      { country: 'India', lead_status: 'new', created_at: new Date('2026-03-01T23:59:59.999Z') },
      { country: 'India', lead_status: 'contacted', created_at: new Date('2026-03-02T00:00:00Z') },
      { country: null, lead_status: 'converted', created_at: new Date('2026-03-02T10:00:00Z') },
      { country: 'Nepal', is_deleted: true, created_at: new Date('2026-03-02T10:00:00Z') },
    ])
  })
  afterAll(async () => {
    queue?.close()
    await api?.close()
  })

  test('a run is queued, with or without an existing sync', async () => {
    const { status, headers } = await api.post('/syncs', { run_id: 'HG7ML7M8z78YcAPEB' }, { as: 'write' })
    expect(status).toBe(202)
    expect(headers.location).toBe('/syncs/HG7ML7M8z78YcAPEB')
    expect(queue.messages.at(-1)).toEqual({ run_id: 'HG7ML7M8z78YcAPEB' })
    expect((await api.post('/syncs', { run_id: 'no/run' })).status).toBe(422)
    expect((await api.post('/syncs/runA/retry')).status).toBe(202)
    expect(queue.messages.at(-1)).toEqual({ run_id: 'runA' })
    expect((await api.post('/syncs/unknown/retry')).status).toBe(404)
  })

  test('an unavailable queue is answered with 503', async () => {
    queue.is_up = false
    expect(await api.post('/syncs', { run_id: 'runC' })).toMatchObject({ status: 503, body: { code: 'unavailable' } })
    queue.is_up = true
  })

  test('syncs are listed by status, rejections with item and reason', async () => {
    expect((await api.get('/syncs?sync_status=completed')).body.data).toMatchObject([
      { run_id: 'runA', is_balanced: true },
    ])
    expect(
      (await api.get('/syncs?actor_id=actor1&sort=id')).body.data.map((s: { run_id: string }) => s.run_id),
    ).toEqual(['runA', 'runB'])
    expect((await api.get('/syncs/runB')).body.is_balanced).toBe(false)
    const page = await api.get('/syncs/runA/rejections?limit=1&include=raw_data')
    expect(page.body.data).toMatchObject([{ item_offset: 3, reason: 'empty', raw_data: {} }])
    const rest = await api.get(`/syncs/runA/rejections?limit=1&cursor=${page.body.next_cursor}`)
    expect(rest.body).toMatchObject({ data: [{ item_offset: 7 }], next_cursor: null })
    expect((await api.get('/syncs/unknown/rejections')).status).toBe(404)
  })

  test('a replay maps rejected items with the current mapping', async () => {
    const item = { title: 'Cafe Example', placeId: 'ChIJN1t_tDeuEmsRUsoyG83frY4', address: 'Example St 1, Pune, India' }
    await api.db.kysely.updateTable('sync_rejections').set({ raw_data: item }).where('item_offset', '=', 7).execute()
    await api.db.kysely.updateTable('apify_sync_states').set({ dataset_id: 'd' }).where('run_id', '=', 'runA').execute()
    const replay = await api.post('/syncs/runA/replay', undefined, { as: 'write' })
    expect(replay).toMatchObject({ status: 200, body: { tried: 2, resolved: 1, still_rejected: 1 } })
    expect((await api.get('/syncs/runA')).body).toMatchObject({
      synced_records: 9,
      failed_records: 1,
      is_balanced: true,
    })
    const { data } = (await api.get('/leads?external_id=google_place:ChIJN1t_tDeuEmsRUsoyG83frY4')).body
    expect(data).toMatchObject([{ run_id: 'runA' }])
    expect((await api.post('/syncs/unknown/replay')).status).toBe(404)
    await api.delete(`/leads/${data[0].id}`)
  })

  test('statistics count leads by status, country, source and day, and the cost of each Actor', async () => {
    const { status, body } = await api.get('/stats', { as: 'read' })
    expect(status).toBe(200)
    expect(body.leads_count).toBe(3)
    expect(body.by_country).toEqual([
      { value: 'India', leads_count: 2 },
      { value: null, leads_count: 1 },
    ])
    expect(body.by_day).toEqual([
      { day: '2026-03-01', leads_count: 1 },
      { day: '2026-03-02', leads_count: 2 },
    ])
    expect(body.funnel.map(({ leads_count }: { leads_count: number }) => leads_count)).toEqual([3, 2, 1, 1])
    expect(body.by_actor).toEqual([
      {
        actor_id: 'actor1',
        actor_name: 'Places',
        runs_count: 2,
        total_records: 15,
        synced_records: 9,
        duplicate_records: 4,
        failed_records: 1,
        cost_usd: 0.4,
        cost_per_new_lead_usd: 0.044444,
      },
    ])
    expect((await api.get('/stats?since=2026-03-02T00:00:00Z&until=2026-03-02T05:00:00Z')).body.leads_count).toBe(1)
    expect((await api.get('/stats?since=yesterday')).status).toBe(400)
  })
})
