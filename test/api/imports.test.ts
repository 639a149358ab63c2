import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { startApi, type TestApi } from './client.ts'

const header = 'Name;Mail;Firma;Telefon'
const row = (number: number): string => `Ana ${number} Lopez;ana${number}@firm.com;Firm;+34 911 000 ${100 + number}`
const table = (from: number, to: number): string =>
  [header, ...Array.from({ length: to - from }, (_, index) => row(from + index))].join('\n')

describeEachEngine('imports over HTTP', (engine) => {
  let api: TestApi
  beforeAll(async () => {
    api = await startApi(engine)
  })
  afterAll(() => api?.close())

  const leadsCount = async (): Promise<number> => (await api.get('/leads?count=exact&source=import')).body.count.value

  test('an import names the source of its file, and a name that is none is refused', async () => {
    const content = 'ID,Name,Phone\n77,Lena Ostrow,+49 30 5550177\n'
    const named = await api.post('/imports', { content, source: 'hubspot' })
    expect(named).toMatchObject({ status: 201, body: { import_options: { source: 'hubspot' } } })
    const joined = await api.post('/imports', {
      content: 'Contact ID,Contact,Phone\n77,Lena Ostrow,+49 40 5550178\n',
      source: 'HubSpot',
    })
    expect(joined.body).toMatchObject({ duplicate_records: 1, match_counts: { joined_by: { file_id: 1 } } })
    expect(await api.post('/imports', { content, source: '../x' })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/source' }] },
    })
    for (const { import_batch_id } of [joined.body, named.body]) await api.post(`/imports/${import_batch_id}/undo`)
  })

  test('a small file is imported with one request and undone with another', async () => {
    const created = await api.post('/imports', { content: `${table(0, 5)}\n;;;\nnobody;;;\n`, file_name: 'fair.csv' })
    expect(created).toMatchObject({
      status: 201,
      body: {
        batch_status: 'completed',
        total_records: 6,
        synced_records: 5,
        failed_records: 1,
        file_name: 'fair.csv',
        created_by: 'admin key',
      },
    })
    const address = String(created.headers.location)
    expect((await api.get(address)).body).toEqual({ ...created.body, candidate_pairs: 0 })
    expect((await api.get('/imports')).body.data[0]).toEqual(created.body)
    const rejections = await api.get(`${address}/rejections`)
    expect(rejections.body.data).toMatchObject([{ record_number: 6, reason: expect.any(String) }])
    expect((await api.get(`${address}/rejections?after_record=6`)).body.data).toEqual([])
    const list = await api.get('/leads?source=import')
    const id = list.body.data[0].id
    await api.patch(`/leads/${id}`, { notes: 'mine' }, { headers: { 'content-type': 'application/merge-patch+json' } })
    const undone = await api.post(`${address}/undo`)
    expect(undone).toMatchObject({
      status: 200,
      body: { batch_status: 'undone', kept: [{ lead_id: id, kept_fields: null }] },
    })
    expect(await leadsCount()).toBe(1)
    expect((await api.post(`${address}/undo`)).status).toBe(200)
    await api.delete(`/leads/${id}`)
  })

  test('a large file is imported in parts, each once and in order', async () => {
    const before = await leadsCount()
    const first = await api.post('/imports', { content: table(100, 1400), is_last: false, import_batch_id: 'large' })
    expect(first.body).toMatchObject({ import_batch_id: 'large', batch_status: 'importing', next_record: 1300 })
    const early = await api.post('/imports/large/parts', { from_record: 1400, content: table(1500, 1600) })
    expect(early).toMatchObject({ status: 409, body: { code: 'conflict', next_record: 1300 } })
    const other = await api.post('/imports/large/parts', { from_record: 1300, content: 'Name;City\nAna;Rome\n' })
    expect(other).toMatchObject({
      status: 400,
      body: { code: 'invalid_request', detail: expect.stringContaining('Mail') },
    })
    const second = { from_record: 1300, content: table(1400, 1500) }
    expect((await api.post('/imports/large/parts', second)).body).toMatchObject({
      next_record: 1400,
      batch_status: 'importing',
    })
    // Repeated and overlapping parts change nothing.
    expect((await api.post('/imports/large/parts', second)).body).toMatchObject({
      next_record: 1400,
      synced_records: 1400,
    })
    const last = { from_record: 1350, content: table(1450, 1510), is_last: true }
    const done = await api.post('/imports/large/parts', last)
    expect(done.body).toMatchObject({
      batch_status: 'completed',
      total_records: 1410,
      synced_records: 1410,
      duplicate_records: 0,
    })
    expect((await api.post('/imports/large/parts', last)).body).toMatchObject({
      batch_status: 'completed',
      total_records: 1410,
    })
    const late = await api.post('/imports/large/parts', { from_record: 1410, content: table(1510, 1511) })
    expect(late).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect((await leadsCount()) - before).toBe(1410)
  })

  test('concurrent requests with the same part import it once', async () => {
    await api.post('/imports', { content: header, is_last: false, import_batch_id: 'race' })
    const part = { from_record: 0, content: table(3000, 3200), is_last: true }
    await Promise.all([1, 2, 3].map(() => api.post('/imports/race/parts', part)))
    const { body } = await api.post('/imports/race/parts', part)
    expect(body).toMatchObject({ batch_status: 'completed', total_records: 200, synced_records: 200 })
  })

  test('columns are mapped as requested, and unreadable files are reported', async () => {
    const told = await api.post('/imports', {
      content: 'Kd,Mail\nAcme,info@acme.de\n',
      map: { Kd: 'company_name' },
      on_duplicate: 'skip',
    })
    expect(told.body.column_matches).toEqual([
      { header: 'Kd', column: 'company_name', is_override: true },
      { header: 'Mail', column: 'email', is_override: false },
    ])
    for (const body of [
      { content: 'a,b\n1,2\n' },
      { content: 'Kd,Mail\nAcme,x\n', map: { Kd: 'nix' } },
      { content: '[{"name":' },
    ])
      expect(await api.post('/imports', body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    expect(await api.post('/imports', { content: table(0, 1), import_batch_id: 'large' })).toMatchObject({
      status: 409,
    })
    expect((await api.get('/imports/nix')).body.code).toBe('not_found')
    expect((await api.post('/imports/nix/parts', { from_record: 0, content: '' })).body.code).toBe('not_found')
    expect((await api.post('/imports/nix/undo')).body.code).toBe('not_found')
  })
})
