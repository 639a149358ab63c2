import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { noopLog } from '@leads/core/log'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'
import { seedLeads } from './seed.ts'

describeEachEngine('duplicates', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  let count = 0
  async function seedPair(): Promise<[number, number]> {
    count += 1
    const person = { first_name: 'Mirela', last_name: `Stoica${'x'.repeat(count)}`, email: `ms${count}77@post.example` }
    const [a = 0, b = 0] = await seedLeads(api.db, [
      { ...person, external_id: `pair:${count}:a` },
      { ...person, external_id: `pair:${count}:b`, phone: '+40215550101' },
    ])
    await findDuplicates({ db: api.db, log: noopLog, now: () => new Date() })
    return [a, b]
  }

  test('pairs are listed with their reasons, compared and dismissed', async () => {
    const [a, b] = await seedPair()
    const listed = await api.get(`/duplicates?lead_id=${b}&at_least=0.9`)
    expect(listed).toMatchObject({ status: 200, body: { data: [{ lead_a: a, lead_b: b, is_certain: true }] } })
    expect(listed.body.data[0].reasons).toContain('same email')
    const compared = await api.get(`/duplicates/${b}/${a}`)
    expect(compared).toMatchObject({ status: 200, body: { lead_a: a, leads: [{ id: a }, { id: b }] } })
    expect((await api.delete(`/duplicates/${a}/${b}`)).status).toBe(204)
    expect((await api.get(`/duplicates?lead_id=${b}`)).body.data).toEqual([])
    expect((await api.get(`/duplicates?lead_id=${b}&status=dismissed`)).body.data).toMatchObject([{ lead_a: a }])
  })

  test('an import and a sync tell how many pairs were found since of which they created the later lead', async () => {
    const row = (mail: string): string => `Name;Mail;Telefon\nJorun Haukeland;${mail};+47 21 55 01 01\n`
    const first = (await api.post('/imports', { content: row('jorun.h@post.example') })).body
    const second = (await api.post('/imports', { content: row('haukeland@fjord.example') })).body
    expect(second).toMatchObject({ synced_records: 1 })
    const run_id = 'run-jorun'
    await api.db.kysely.insertInto('apify_sync_states').values({ run_id, actor_id: 'actor1' }).execute()
    const person = { first_name: 'Jorun', last_name: 'Haukeland', phone: '+4721550101' }
    const [lead_id = 0] = await seedLeads(api.db, [
      { ...person, run_id, external_id: 'pair:run', updated_at: new Date() },
    ])
    await api.db.kysely.updateTable('lead_sources').set({ run_id }).where('lead_id', '=', lead_id).execute()
    await findDuplicates({ db: api.db, log: noopLog, now: () => new Date() })
    const count = async (path: string): Promise<number> => (await api.get(path)).body.candidate_pairs
    expect(await count(`/imports/${first.import_batch_id}`)).toBe(0)
    expect(await count(`/imports/${second.import_batch_id}`)).toBe(1)
    expect(await count('/syncs/run-jorun')).toBe(2)
  })

  test('companies are listed, merged, read at their keeper, taken apart and dismissed', async () => {
    const linkedin_url = 'https://www.linkedin.com/company/stoica-prints'
    const create = async (body: object): Promise<number> => (await api.post('/companies', body)).body.id
    const keeper = await create({ name: 'Stoica Prints', domain: 'stoica-prints.ro', linkedin_url })
    const merged = await create({ name: 'Stoica', linkedin_url, city: 'Iasi' })
    await findCompanyDuplicates({ db: api.db, log: noopLog, now: () => new Date() })
    const listed = await api.get(`/duplicates/companies?company_id=${merged}&at_least=0.9`)
    expect(listed).toMatchObject({ status: 200, body: { data: [{ company_a: keeper, company_b: merged }] } })
    expect(listed.body.data[0].reasons).toContain('same LinkedIn page')
    const compared = await api.get(`/duplicates/companies/${merged}/${keeper}`)
    expect(compared).toMatchObject({
      status: 200,
      body: {
        company_a: keeper,
        certainty: listed.body.data[0].certainty,
        companies: [{ id: keeper }, { id: merged }],
      },
    })
    expect((await api.get(`/duplicates/companies/${keeper}/${keeper}`)).status).toBe(422)
    expect((await api.get(`/duplicates/companies/${keeper}/99999`)).status).toBe(404)
    const merge = await api.post(`/companies/${keeper}/merge`, { company_ids: [merged] })
    expect(merge).toMatchObject({ status: 200, body: { merges: [{ merged_id: merged, moved_leads: 0 }] } })
    expect((await api.get(`/companies/${keeper}`)).body).toMatchObject({ city: 'Iasi', merged_into_id: null })
    expect((await api.get(`/companies/${merged}`)).status).toBe(301)
    expect((await api.get(`/duplicates/companies/${keeper}/${merged}`)).body).toMatchObject({
      duplicate_status: 'merged',
      companies: [{ merged_into_id: null }, { merged_into_id: keeper }],
    })
    expect((await api.patch(`/companies/${merged}`, { city: 'Cluj' })).status).toBe(409)
    expect((await api.delete(`/duplicates/companies/${keeper}/${merged}`)).status).toBe(409)
    expect(await api.post(`/companies/${merged}/unmerge`)).toMatchObject({
      status: 200,
      body: { keeper_id: keeper, restored_fields: ['city'], kept_fields: [] },
    })
    expect((await api.delete(`/duplicates/companies/${keeper}/${merged}`)).status).toBe(204)
    expect((await api.post(`/companies/${keeper}/merge`, { company_ids: [keeper] })).status).toBe(422)
    expect((await api.post(`/companies/${keeper}/merge`, { company_ids: [99999] })).status).toBe(404)
  })

  test('bad pairs and filters are refused with a reason', async () => {
    const [a] = await seedPair()
    expect(await api.get(`/duplicates/${a}/${a}`)).toMatchObject({ status: 422, body: { code: 'validation_failed' } })
    expect((await api.get(`/duplicates/${a}/999999`)).status).toBe(404)
    expect((await api.delete(`/duplicates/${a}/999999`)).status).toBe(404)
    expect((await api.get('/duplicates?at_least=2')).status).toBe(400)
    expect((await api.get('/duplicates?cursor=abc')).body.code).toBe('invalid_cursor')
    expect((await api.post(`/leads/${a}/merge`, { lead_ids: [] })).status).toBe(422)
    expect((await api.post(`/leads/${a}/merge`, { lead_ids: [a] })).status).toBe(422)
    expect((await api.post(`/leads/${a}/unmerge`)).body.code).toBe('conflict')
    expect((await api.post('/leads/999999/unmerge')).status).toBe(404)
    expect((await api.get('/leads/999999/identities')).status).toBe(404)
  })

  test('a merge takes chosen fields from the one merged lead, and refuses unknown ones and several leads', async () => {
    const [a = 0, b = 0, c = 0] = await seedLeads(
      api.db,
      ['Printer', 'Owner', 'Chair'].map((title) => ({ full_name: 'Ilse Brandauer', title })),
    )
    const merge = (body: object) => api.post(`/leads/${a}/merge`, body)
    expect(await merge({ lead_ids: [b, c], fields_from_merged: ['title'] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/fields_from_merged' }] },
    })
    expect((await merge({ lead_ids: [b], fields_from_merged: ['tags'] })).status).toBe(422)
    expect(await merge({ lead_ids: [b], fields_from_merged: ['title'] })).toMatchObject({
      status: 200,
      body: { lead: { title: 'Owner' }, merges: [{ changed_fields: { title: { old: 'Printer', new: 'Owner' } } }] },
    })
    expect(await merge({ lead_ids: [c], fields_from_merged: [] })).toMatchObject({ body: { lead: { title: 'Owner' } } })
  })

  test('a merged lead points to its keeper until the merge is undone', async () => {
    const [a, b] = await seedPair()
    const merged = await api.post(`/leads/${a}/merge`, { lead_ids: [b] })
    expect(merged).toMatchObject({
      status: 200,
      body: { lead: { id: a, phone: '+40215550101' }, merges: [{ keeper_id: a, merged_id: b }] },
    })
    const moved = await api.get(`/leads/${b}`)
    expect(moved).toMatchObject({ status: 301, headers: { location: `/leads/${a}` } })
    expect(await api.patch(`/leads/${b}`, { title: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'merged', merged_into_id: a },
    })
    expect((await api.delete(`/leads/${b}`)).status).toBe(409)
    expect((await api.delete(`/duplicates/${a}/${b}`)).status).toBe(409)
    expect((await api.get(`/leads?id=${b}`)).body.data).toEqual([])
    expect((await api.post(`/leads/${b}/unmerge`)).body).toMatchObject({ keeper_id: a, kept_fields: [] })
    expect((await api.get(`/leads/${b}`)).body).toMatchObject({ phone: '+40215550101', merged_into_id: null })
    expect((await api.get(`/leads/${a}`)).body.phone).toBeNull()
  })

  test('several merges of one request succeed together or not at all', async () => {
    const [a, b] = await seedPair()
    const [c, d] = await seedPair()
    await api.post(`/leads/${c}/merge`, { lead_ids: [d] })
    expect(await api.post(`/leads/${a}/merge`, { lead_ids: [b, d] })).toMatchObject({ status: 409 })
    expect((await api.get(`/leads/${b}`)).status).toBe(200)
  })
})
