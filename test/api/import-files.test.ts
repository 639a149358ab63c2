import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { gzipSync } from 'node:zlib'
import { openDatabase } from '@leads/core/database/open-database'
import { previewImport } from '@leads/functions/operations/preview-import'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startApi, type TestApi } from './client.ts'

/** Workbooks, archives and other encodings over HTTP, within limits. All people are invented. */

let api: TestApi
beforeAll(async () => {
  api = await startApi('sqlite')
})
afterAll(() => api?.close())

const base64 = (bytes: Uint8Array | string, encoding: BufferEncoding = 'utf8'): string =>
  (typeof bytes === 'string' ? Buffer.from(bytes, encoding) : Buffer.from(bytes)).toString('base64')
const workbook = (rows: (string | number)[][]) => writeXlsx({ sheets: [{ name: 'People', rows }] })
const nameOf = async (email: string) => (await api.get(`/leads?email=${email}`)).body.data[0]?.full_name

describe('a file as content_base64', () => {
  test('is imported if it is a workbook', async () => {
    const bytes = await workbook([
      ['Vorname', 'Nachname', 'E-Mail', 'Telefon', 'Land'],
      ['Jörg', 'Ålund', 'jorg@alund.example', 491715550142, 'DE'],
    ])
    const { status, body } = await api.post('/imports', { content_base64: base64(bytes), file_name: 'fair.xlsx' })
    expect({ status, ...body }).toMatchObject({ status: 201, synced_records: 1, batch_status: 'completed' })
    const { data } = (await api.get('/leads?email=jorg@alund.example')).body
    expect(data[0]).toMatchObject({ full_name: 'Jörg Ålund', phone: '+491715550142' })
  })

  test('is imported if it is a gzip archive, a JSON array or a text in another encoding', async () => {
    const csv = 'Name;E-Mail\nMarlene Öhrn;marlene@ohrn.example\n'
    expect((await api.post('/imports', { content_base64: base64(gzipSync(csv)) })).body.synced_records).toBe(1)
    expect(await nameOf('marlene@ohrn.example')).toBe('Marlene Öhrn')
    const json = '[{"full_name":"Béla Tóth","email":"bela@toth.example"}]'
    expect((await api.post('/imports', { content_base64: base64(json) })).body.synced_records).toBe(1)
    expect(await nameOf('bela@toth.example')).toBe('Béla Tóth')
    const latin1 = 'Name;E-Mail\nJürgen Möß;jurgen@moss.example\n'
    expect((await api.post('/imports', { content_base64: base64(latin1, 'latin1') })).body.synced_records).toBe(1)
    expect(await nameOf('jurgen@moss.example')).toBe('Jürgen Möß')
    const wide = '\ufeffName;E-Mail\nŽofia Ľuptáková;zofia@lupt.example\n'
    expect((await api.post('/imports', { content_base64: base64(wide, 'utf16le') })).body.synced_records).toBe(1)
    expect(await nameOf('zofia@lupt.example')).toBe('Žofia Ľuptáková')
  })

  test('has the encoding that the request states', async () => {
    const bytes = Buffer.from([...Buffer.from('Name;E-Mail\nOl'), 0x82, ...Buffer.from(' Dahl;ole@dahl.example\n')])
    const body = { content_base64: base64(bytes), encoding: 'cp850' }
    expect((await api.post('/imports', body)).body.synced_records).toBe(1)
    expect(await nameOf('ole@dahl.example')).toBe('Olé Dahl')
    const unknown = await api.post('/imports', { ...body, encoding: 'klingon' })
    expect(unknown).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('Unknown encoding klingon') },
    })
  })

  test.each([
    ['a damaged archive', gzipSync('Name,Mail\n').subarray(0, 12), /gzip archive is damaged/],
    ['an archive of 40 MB', gzipSync(Buffer.alloc(40 * 1024 * 1024, 'a,')), /more than 32 MB/],
    ['a workbook of the old format', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /old \.xls format/],
    ['a damaged workbook', Buffer.from('504b0304000000000000', 'hex'), /workbook is damaged/],
    ['an image', Buffer.from('89504e470d0a1a0a0000000d494844520000001000000010', 'hex'), /not a text.*an image/],
    ['a document', Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>\n', 'latin1'), /not a text.*PDF/],
    ['a program', Buffer.from(Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256)), /not a text.*control/],
  ])('is refused if it is %s', async (_what, bytes, detail) => {
    for (const path of ['/imports', '/imports/preview']) {
      const { status, body } = await api.post(path, { content_base64: base64(bytes) })
      expect({ status, detail: body.detail }).toEqual({ status: 400, detail: expect.stringMatching(detail) })
    }
  })

  test('is refused if it is a workbook that contains far more than its size suggests', async () => {
    const bytes = await workbook([['Name'], ...Array.from({ length: 2300 }, () => ['a'.repeat(30_000)])])
    expect(bytes.length).toBeLessThan(3_000_000)
    const { status, body } = await api.post('/imports', { content_base64: base64(bytes) })
    expect({ status, detail: body.detail }).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/more than (64|32) MB/),
    })
  })

  test('is refused with control characters as content, and accepted with a single one', async () => {
    const refused = { content: `Name,Mail\n${'\u0004\u0003Z'.repeat(50)}` }
    for (const path of ['/imports', '/imports/preview'])
      expect((await api.post(path, refused)).body).toMatchObject({
        status: 400,
        detail: expect.stringContaining('not a text'),
      })
    const accepted = await api.post('/imports', { content: 'Name,Mail\nAda \u0003Berg,ada@berg.example\n' })
    expect(accepted.body).toMatchObject({ synced_records: 1 })
  })

  test('is refused together with content, without both, and if it is not Base64', async () => {
    expect((await api.post('/imports', { content: 'Name\nAda\n', content_base64: 'TmFtZQ==' })).status).toBe(422)
    expect((await api.post('/imports', { file_name: 'x.csv' })).status).toBe(422)
    expect((await api.post('/imports/preview', { content_base64: '§§§' })).status).toBe(422)
  })
})

test('the preview shows what each column becomes and which cells cannot be read', async () => {
  const bytes = await workbook([
    ['Kontaktliste'],
    ['Ansprechpartner', 'Telefon', 'Land', 'Interne Nr', 'Mail'],
    ['Lone Skov', '+45 33 12 34 56', 'DK', 7, ''],
    ['Ane Lund', 'ring twice', 'DK', 8, 'ane@lund.example'],
  ])
  const { status, body } = await api.post('/imports/preview', { content_base64: base64(bytes) })
  expect({ status, ...body }).toMatchObject({ status: 200, total_records: 2, header_line: 2, is_export: false })
  expect(body.columns).toMatchObject([
    { header: 'Ansprechpartner', column: 'full_name', example: 'Lone Skov', becomes: 'Lone Skov' },
    {
      header: 'Telefon',
      column: 'phone',
      example: '+45 33 12 34 56',
      becomes: '+4533123456',
      misread: { count: 1, example: 'ring twice', examples: ['ring twice'] },
    },
    { header: 'Land', column: 'country', example: 'DK', becomes: 'Denmark' },
    { header: 'Interne Nr', column: null, becomes: null },
    { header: 'Mail', column: 'email' },
  ])
})

test('a preview that takes too long ends with advice, and leaves no file behind', async () => {
  const rows = Array.from({ length: 20_000 }, (_, index) => `Berit Moe,berit${index}@moe.example`)
  const directories = () => readdirSync(tmpdir()).filter((name) => name.startsWith('leads-preview-'))
  const before = directories()
  const db = await openDatabase(process.env.DATABASE_URL ?? '')
  try {
    const late = previewImport(db, `Name,Mail\n${rows.join('\n')}\n`, { on_duplicate: 'merge' }, 1)
    await expect(late).rejects.toMatchObject({ code: 'too_large', message: expect.stringMatching(/first 10,000 rows/) })
  } finally {
    await db.close()
  }
  expect(directories().filter((name) => !before.includes(name))).toEqual([])
})

describe('a file as the body itself', () => {
  const send = (path: string, body: string | Buffer, type: string, headers: Record<string, string> = {}) =>
    api.request('POST', path, { body, headers: { 'content-type': type, ...headers } })

  test('is imported whatever kind of file it is, with its options in the query', async () => {
    const csv = await send(
      '/imports?file_name=fair.csv&on_duplicate=skip&import_batch_id=raw-csv&delimiter=%3B',
      'Name;E-Mail\nRaw Ösen;raw@osen.example\n',
      'text/csv; charset=utf-8',
    )
    expect(csv).toMatchObject({
      status: 201,
      headers: { location: '/imports/raw-csv' },
      body: { file_name: 'fair.csv', synced_records: 1, import_options: { on_duplicate: 'skip', delimiter: ';' } },
    })
    expect(await nameOf('raw@osen.example')).toBe('Raw Ösen')
    const lines =
      '{"full_name":"Line Öst","email":"line@ost.example"}\n{"full_name":"Line Näs","email":"line@nas.example"}\n'
    expect((await send('/imports', lines, 'application/x-ndjson')).body).toMatchObject({ synced_records: 2 })
    const array = '[{"full_name":"Array Öst","email":"array@ost.example"}]'
    expect((await send('/imports', array, 'application/json')).body).toMatchObject({ synced_records: 1 })
    const bytes = Buffer.from(
      await workbook([
        ['Name', 'E-Mail'],
        ['Sheet Öst', 'sheet@ost.example'],
      ]),
    )
    const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
    expect((await send('/imports', bytes, type)).body).toMatchObject({ synced_records: 1 })
    expect(await nameOf('sheet@ost.example')).toBe('Sheet Öst')
    const archive = gzipSync('Name,E-Mail\nZip Öst,zip@ost.example\n')
    expect((await send('/imports', archive, 'application/gzip')).body).toMatchObject({ synced_records: 1 })
    const latin1 = Buffer.from('Name;E-Mail\nBytes Öst;bytes@ost.example\n', 'latin1')
    expect((await send('/imports', latin1, 'application/octet-stream')).body).toMatchObject({ synced_records: 1 })
    expect(await nameOf('bytes@ost.example')).toBe('Bytes Öst')
  })

  test('is previewed', async () => {
    const { status, body } = await send('/imports/preview', 'Name,E-Mail\nPre Öst,pre@ost.example\n', 'text/csv')
    expect({ status, ...body }).toMatchObject({ status: 200, total_records: 1, new_records: 1 })
  })

  test('is refused with what to do if it is too large, empty, of another type or no UTF-8', async () => {
    const large = await send('/imports', Buffer.alloc(4_000_001, 'a'), 'application/octet-stream')
    expect(large).toMatchObject({ status: 413, body: { detail: expect.stringContaining('Send it in parts') } })
    const empty = await send('/imports', '', 'text/csv')
    expect(empty).toMatchObject({ status: 422, body: { detail: expect.stringContaining('The body is empty') } })
    const form = await send('/imports', 'x', 'multipart/form-data; boundary=x')
    expect(form).toMatchObject({ status: 415, body: { detail: expect.stringContaining('text/csv') } })
    const latin1 = await send('/imports', Buffer.from('Name\nJürgen\n', 'latin1'), 'text/csv')
    expect(latin1).toMatchObject({ status: 415, body: { detail: expect.stringContaining('application/octet-stream') } })
    const option = await send('/imports?delimeter=x', 'Name,E-Mail\nA B,a@b.example\n', 'text/csv')
    expect(option).toMatchObject({ status: 400, body: { code: 'unknown_parameter' } })
  })

  test('is imported once for one Idempotency-Key', async () => {
    const again = () =>
      send('/imports', 'Name,E-Mail\nOnce Öst,once@ost.example\n', 'text/csv', { 'idempotency-key': 'raw-once' })
    const [one, two] = [await again(), await again()]
    expect(two.body.import_batch_id).toBe(one.body.import_batch_id)
  })
})
