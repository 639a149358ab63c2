import { gzipSync } from 'node:zlib'
import { formatCell } from '@leads/core/csv-text'
import { streamLeads } from '@leads/core/exports/stream-leads'
import { openBatch } from '@leads/core/file-imports/batch-state'
import { streamImportRejections } from '@leads/core/file-imports/import-rejections'
import { writeXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { createImportWorld, type ImportRequest, type ImportWorld } from './world.ts'

/** Files as CRMs, spreadsheets and people write them. All people are invented. */

let world: ImportWorld
beforeEach(async () => {
  world = await createImportWorld('sqlite')
})
afterEach(() => world.close())

const leads = () => world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()
async function importLeads(content: string | Buffer, request: ImportRequest = {}) {
  const { batch } = await world.import(content, request)
  const rejections = []
  for await (const page of streamImportRejections(world.db, batch.import_batch_id)) rejections.push(...page)
  const unread = (batch.column_matches ?? []).flatMap(({ header, misread }) =>
    misread ? [[header, misread.count]] : [],
  )
  const rows = (await leads()).sort((a, b) =>
    String(a.email ?? a.full_name).localeCompare(String(b.email ?? b.full_name)),
  )
  return { batch, rejections, rows, unread: Object.fromEntries(unread) as Record<string, number> }
}

describe('rows and headers', () => {
  test('a header below a notice is found', async () => {
    const notice = 'Notes:\n"Some addresses are missing, see https://help.example/1, because members hide them."\n\n'
    const header = 'First Name,Last Name,URL,Email Address,Company,Position,Connected On\n'
    const row = 'Elin,Sandvik,https://www.linkedin.com/in/elin-sandvik-1,,Sandvik Foto AS,Owner,12 Mar 2026\n'
    const { batch, rows } = await importLeads(notice + header + row)
    expect(batch).toMatchObject({ total_records: 1, synced_records: 1, failed_records: 0 })
    expect(rows).toMatchObject([{ full_name: 'Elin Sandvik', external_id: 'linkedin:in/elin-sandvik-1', notes: null }])
  })

  test('a header below a title and a date is found, and its line can be given', async () => {
    const text = 'Kontaktliste\nStand: 01.05.2026;;\n\nVorname;Nachname;E-Mail\nElin;Sandvik;elin@sandvik.example\n'
    expect((await importLeads(text)).rows).toMatchObject([{ full_name: 'Elin Sandvik' }])
    const odd = 'Name;Ort\nalpha;beta;gamma\nElin Sandvik;Oslo;elin@sandvik.example\n'
    const { rows } = await importLeads(odd, {
      header_line: 2,
      map: { alpha: 'full_name', gamma: 'email', beta: 'city' },
    })
    expect(rows).toMatchObject([{ full_name: 'Elin Sandvik', email: 'elin@sandvik.example' }])
  })

  test('a file without a header is imported with numbered columns, and refused without them', async () => {
    const text = 'Elin Sandvik,elin@sandvik.example\nOle Dahl,ole@dahl.example\n'
    await expect(importLeads(text)).rejects.toThrow(/No column name is recognized in line 1.*column 1=email/s)
    const { rows } = await importLeads(text, { map: { 'column 1': 'full_name', 'column 2': 'email' } })
    expect(rows.map(({ full_name }) => full_name)).toEqual(['Elin Sandvik', 'Ole Dahl'])
  })

  test('a row with more cells than columns is rejected with its line, and no value moves', async () => {
    const { rows, rejections } = await importLeads(
      'Name,Email,Phone\nOle, Dahl,ole@dahl.example,+49 171 5550125\nElin Sandvik,elin@sandvik.example,+49 171 5550126,,\n',
    )
    expect(rows).toMatchObject([{ full_name: 'Elin Sandvik', phone: '+491715550126' }])
    expect(rejections).toMatchObject([{ line_number: 2, reason: expect.stringMatching(/4 cells.*3 columns/) }])
  })

  test('a space before a quote belongs to the delimiter', async () => {
    const { rows } = await importLeads(
      'Name, Email, Company\nElin Sandvik, "elin@sandvik.example", "Foto, Film & Co"\n',
    )
    expect(rows).toMatchObject([{ company_name: 'Foto, Film & Co', email: 'elin@sandvik.example' }])
  })

  test('backslash quotes and single quotes are understood', async () => {
    const slashes = await importLeads(
      'name,email,notes\n"Elin Sandvik","elin@sandvik.example","says \\"hi\\", often"\n',
    )
    expect(slashes.rows[0]).toMatchObject({ notes: 'says "hi", often' })
    const single = await importLeads("'name','email','company'\n'Ole Dahl','ole@dahl.example','Dahl, Sohn'\n")
    expect(single.rows[1]).toMatchObject({ full_name: 'Ole Dahl', company_name: 'Dahl, Sohn' })
  })

  test('a line with an unclosed quote is one rejected row, and the rows behind it are imported', async () => {
    const { batch, rejections } = await importLeads(
      'name,email\nElin Sandvik,elin@sandvik.example\n"Ole Dahl,ole@dahl.example\nIda Moe,ida@moe.example\n',
    )
    expect(batch).toMatchObject({ total_records: 3, synced_records: 2, failed_records: 1 })
    expect(rejections).toMatchObject([{ line_number: 3, reason: expect.stringContaining('never closed') }])
  })

  test('empty rows and a repeated header are no records', async () => {
    const { batch } = await importLeads(
      'name,email\nElin Sandvik,elin@sandvik.example\n,\n  ,\nname,email\n\nOle Dahl,ole@dahl.example\n',
    )
    expect(batch).toMatchObject({ total_records: 2, synced_records: 2, failed_records: 0 })
  })

  test('an empty cell takes no value of another row', async () => {
    const { rows, rejections } = await importLeads(
      'first_name;last_name;email1\nA;Aa;a@one.example\nB;Bb;\nC;Cc;c@three.example\n',
    )
    expect(rows.map(({ first_name, email }) => [first_name, email])).toEqual([
      ['A', 'a@one.example'],
      ['C', 'c@three.example'],
    ])
    expect(rejections).toMatchObject([{ line_number: 3 }])
  })
})

describe('columns', () => {
  test('owner columns are kept and do not become the lead', async () => {
    const { batch, rows } = await importLeads(
      'Company,City,Owner,Owner Email\nSandvik Foto,Oslo,Ida Moe,ida@our-team.example\nDahl Bygg,Bergen,Ida Moe,ida@our-team.example\n',
    )
    expect(batch).toMatchObject({ synced_records: 2 })
    for (const row of rows) expect(row).toMatchObject({ email: null, full_name: null })
    expect(JSON.stringify(rows[0]?.raw_data)).toContain('ida@our-team.example')
  })

  test('fax, assistant and invoice columns are kept and not read', async () => {
    const { rows } = await importLeads(
      "Company,Web Page,Business Fax,Assistant's Phone,Invoice Email\nDahl Bygg,https://dahl-bygg.com,+49 431 5550188,+49 431 5550199,invoice@dahl-bygg.com\n",
    )
    expect(rows).toMatchObject([
      { phone: null, email: null, additional_phones: [], external_id: 'domain:dahl-bygg.com' },
    ])
    expect(JSON.stringify(rows[0]?.raw_data)).toContain('+49 431 5550188')
  })

  test('a number that its neighboring column calls a fax is not read', async () => {
    const { rows } = await importLeads(
      'Name,E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value\nElin Sandvik,elin@sandvik.example,Work Fax,+49 431 5550188,Mobile,+49 171 5550126\n',
    )
    expect(rows).toMatchObject([{ phone: '+491715550126', additional_phones: [] }])
  })

  test('ids of two systems do not identify the same lead', async () => {
    await importLeads('ID,First Name,Last Name,Email\n15101,Elin,Sandvik,elin@sandvik.example\n')
    const { rows } = await importLeads('ID,First Name,Last Name,Email\n15101,Ole,Dahl,ole@dahl.example\n')
    expect(rows).toHaveLength(2)
  })

  test('company columns of CRMs are read', async () => {
    await importLeads('Record ID,First Name,Last Name,Email,Associated Company\n7,Jon,Vik,,Vik AS\n')
    const { rows } = await importLeads(
      'Lead Owner,First Name,Last Name,Company / Account,Email\nIda Moe,Aiko,Mori,Mori Foods,aiko@mori.example\n',
    )
    expect(rows.map(({ full_name, company_name }) => [full_name, company_name])).toEqual([
      ['Aiko Mori', 'Mori Foods'],
      ['Jon Vik', 'Vik AS'],
    ])
  })

  test('a name with an address is a person, also where the domain or the mailbox is named after them', async () => {
    const { rows } = await importLeads(
      'Name,Email,Phone\nMarek Zielny,marek@zielny-dev.example,\nAino Virta,,+358 40 5550123\nDora Lund,dora.lund@lund.example,\nLund Bau GmbH,info@lund-bau.example,\n',
    )
    expect(rows.map(({ full_name, company_name }) => full_name ?? company_name).sort()).toEqual([
      'Aino Virta',
      'Dora Lund',
      'Lund Bau GmbH',
      'Marek Zielny',
    ])
    expect(rows.filter(({ full_name }) => full_name === null)).toHaveLength(1)
  })

  test('people called Null or Na keep their names', async () => {
    const { rows } = await importLeads('First Name,Last Name,Email\nRita,Null,rita@null.example\nNa,Li,na@li.example\n')
    expect(rows.map(({ full_name }) => full_name)).toEqual(['Na Li', 'Rita Null'])
  })

  test('countries are read from vehicle signs and abbreviations', async () => {
    const countries = ['D', 'A', 'CH', 'BRD', 'UK', 'NL', 'Deutschland', 'Schweiz (CH)']
    const text = countries.map((country, index) => `Ada Lind,p${index}@lind.example,${country}`).join('\n')
    const { rows } = await importLeads(`Name,Email,Land\n${text}\n`)
    expect(rows.map(({ country, city }) => [country, city])).toEqual(
      ['Germany', 'Austria', 'Switzerland', 'Germany', 'United Kingdom', 'Netherlands', 'Germany', 'Switzerland'].map(
        (country) => [country, null],
      ),
    )
  })

  test('the work address is read before the home address, and the two are not mixed', async () => {
    const header =
      'First Name,Last Name,E-mail Address,Business City,Business Country/Region,Home City,Home Country/Region\n'
    const { rows } = await importLeads(
      `${header}Elin,Sandvik,a@sandvik.example,,Norway,Lund,Sweden\nOle,Dahl,b@dahl.example,,,Lund,Sweden\n`,
    )
    expect(rows.map(({ city, country }) => [city, country])).toEqual([
      [null, 'Norway'],
      ['Lund', 'Sweden'],
    ])
  })
})

describe('cells', () => {
  test.each([
    ['; ', '+49 171 5550123; +49 171 5550124'],
    [', ', '"+49 171 5550123, +49 171 5550124"'],
    ['a line end', '"+49 171 5550123\n+49 171 5550124"'],
    [' / ', '+49 171 5550123 / +49 171 5550124'],
    [' ::: ', '+49 171 5550123 ::: +49 171 5550124'],
    [' or ', '+49 171 5550123 or +49 171 5550124'],
    ['labels', 'Tel: +49 171 5550123; Mobil: +49 171 5550124; Fax: +49 171 5550125'],
  ])('two phones separated by %s are two phones', async (_, cell) => {
    const { rows, unread } = await importLeads(
      `Name,Email,Phone,Company\nElin Sandvik,elin@sandvik.example,${cell},Foto\n`,
    )
    expect(rows).toMatchObject([{ phone: '+491715550123', additional_phones: ['+491715550124'] }])
    expect(unread).toEqual({})
  })

  test('a slash within a phone number does not split it', async () => {
    const { rows } = await importLeads('Name;Email;Telefon;Land\nElin Sandvik;elin@sandvik.example;0431/5550123;D\n')
    expect(rows).toMatchObject([{ phone: '+494315550123', additional_phones: [] }])
  })

  test('several addresses and tags in a cell are split', async () => {
    const { rows } = await importLeads(
      'Name,Email,Group Membership\nElin Sandvik,elin@sandvik.example ::: e.s@sandvik.example,* myContacts ::: Messe\n',
    )
    expect(rows).toMatchObject([{ additional_emails: ['e.s@sandvik.example'], tags: ['myContacts', 'Messe'] }])
  })

  test('numbers that a spreadsheet has rewritten are repaired, and lost ones are counted', async () => {
    const { rows, unread } = await importLeads(`Name;Email;Telefon;PLZ;Ort;Land
A Eins;a@eins.example;4,91512E+12;1067;Dresden;Deutschland
B Zwei;b@zwei.example;4.91512E+12;1067.0;Dresden;Deutschland
C Drei;c@drei.example;4915123456789;"=""01067""";Dresden;Deutschland
D Vier;d@vier.example;4915123456789.0;'01067;Dresden;Deutschland
E Acht;e@acht.example;#NAME?;#NV;#REF!;Deutschland
`)
    expect(rows.map(({ phone, postal_code, city }) => [phone, postal_code, city])).toEqual([
      [null, '1067', 'Dresden'],
      [null, '1067', 'Dresden'],
      ['+4915123456789', '01067', 'Dresden'],
      ['+4915123456789', '01067', 'Dresden'],
      [null, null, null],
    ])
    expect(unread).toEqual({ Telefon: 2 })
  })

  test('cells that cannot be read are counted by column with an example', async () => {
    const { batch } = await importLeads(
      'Name,Email,Phone,Country,Website\nElin Sandvik,elin(at),0171-ask,Atlantis,n/a\nOle Dahl,ole@dahl.example,-,,\n',
    )
    expect(batch.column_matches?.map(({ header, misread }) => [header, misread])).toEqual([
      ['Name', undefined],
      ['Email', undefined],
      ['Phone', undefined],
      ['Country', undefined],
      ['Website', undefined],
    ])
    const second = await importLeads('Name,Email,Phone,Country\nIda Moe,ida@moe.example,ask her,Atlantis\n')
    expect(second.unread).toEqual({ Phone: 1, Country: 1 })
  })

  test('the account of an import names up to three different unread values per column', async () => {
    const cells = ['ring twice', 'ring twice', 'at the desk', 'no answer', 'never']
    const rows = cells.map((cell, index) => `Elin ${index} Sandvik,elin${index}@sandvik.example,${cell}`)
    const { batch } = await importLeads(`Name,Email,Phone\n${rows.join('\n')}\n`)
    expect(batch.column_matches?.find(({ header }) => header === 'Phone')?.misread).toEqual({
      count: 5,
      example: 'ring twice',
      examples: ['ring twice', 'at the desk', 'no answer'],
    })
  })

  test('the account of an import of JSON objects names unread values, too', async () => {
    const { unread } = await importLeads(
      '{"name":"Elin Sandvik","email":"elin@sandvik.example","phone":"ring twice"}\n{"name":"Ole Dahl","contact":{"email":"ole@dahl.example","phone":"at the desk"}}\n',
    )
    expect(unread).toEqual({ phone: 1, contact: 1 })
  })

  test('a country code in another column completes the phone number', async () => {
    const { rows } = await importLeads(
      'Name,Email,Country Calling Code,Phone\nElin Sandvik,elin@sandvik.example,+49,0171 5550126\n',
    )
    expect(rows[0]?.phone).toBe('+491715550126')
  })
})

describe('kinds of files', () => {
  const people = [
    { name: 'Elin Sandvik', email: 'elin@sandvik.example', company: 'Foto' },
    { name: 'Ole Dahl', email: 'ole@dahl.example', company: 'Bygg' },
  ]
  const names = ['Elin Sandvik', 'Ole Dahl']

  test.each([
    ['on one line', JSON.stringify(people)],
    ['on many lines', JSON.stringify(people, null, 2)],
    ['with an element that is none', `[${JSON.stringify(people[0])},\n7,\n${JSON.stringify(people[1])}]`],
  ])('a JSON array %s is imported', async (_, text) => {
    const { rows } = await importLeads(text, { name: 'dataset.json' })
    expect(rows.map(({ full_name }) => full_name)).toEqual(names)
  })

  test('a line of NDJSON that is not JSON is one rejected row', async () => {
    const { batch, rejections } = await importLeads(
      `${JSON.stringify(people[0])}\n{"name":\n${JSON.stringify(people[1])}\n`,
    )
    expect(batch).toMatchObject({ synced_records: 2, failed_records: 1 })
    expect(rejections).toMatchObject([{ line_number: 2, reason: 'the line is not valid JSON' }])
  })

  test('a JSON array that is cut off gives its whole elements and one rejected row', async () => {
    const { batch, rejections } = await importLeads(JSON.stringify(people, null, 1).slice(0, -12))
    expect(batch).toMatchObject({ synced_records: 1, failed_records: 1 })
    expect(rejections).toMatchObject([{ reason: 'the JSON array is cut off here' }])
  })

  test.each([
    [
      'the answer of an API',
      JSON.stringify({ total: 2, items: [{ name: 'Elin' }, { name: 'Ole' }] }),
      /list "items".*jq -c '\.items\[\]'/,
    ],
    ['an object of several lines', JSON.stringify({ name: 'Elin Sandvik' }, null, 2), /Line 1 .*jq -c \./],
  ])('%s is refused with what to do', async (_, content, message) => {
    await expect(importLeads(content, { name: 'answer.json' })).rejects.toThrow(message)
  })

  test('a gzip archive is imported, and a damaged one is refused', async () => {
    const archive = gzipSync(`name,email\n${people.map(({ name, email }) => `${name},${email}`).join('\n')}\n`)
    expect((await importLeads(archive, { name: 'list.csv.gz' })).rows.map(({ full_name }) => full_name)).toEqual(names)
    await expect(importLeads(archive.subarray(0, 30), { name: 'cut.csv.gz' })).rejects.toThrow(
      /gzip archive is damaged/,
    )
  })

  test('an Excel workbook is imported, with its header below a title and its numbers as digits', async () => {
    const workbook = await writeXlsx({
      sheets: [
        {
          name: 'Kontakte',
          rows: [
            ['Kontaktliste 2026'],
            [],
            ['Name', 'E-Mail', 'Telefon', 'Land', 'PLZ', 'Geburtstag'],
            ['Elin Sandvik', 'elin@sandvik.example', 491715550126, 'D', '01067', new Date('1990-01-02')],
            [null, null, null, null, null, null],
            ['Ole Dahl', 'ole@dahl.example', null, 'NO', 5003, null],
          ],
        },
      ],
    })
    const { batch, rows } = await importLeads(Buffer.from(workbook), { name: 'kontakte.xlsx' })
    expect(batch).toMatchObject({ total_records: 2, synced_records: 2 })
    expect(rows.map(({ full_name, phone, postal_code }) => [full_name, phone, postal_code])).toEqual([
      ['Elin Sandvik', '+491715550126', '01067'],
      ['Ole Dahl', null, '5003'],
    ])
  })

  test.each([
    ['an empty sheet', []],
    ['a cover', [['Export of our CRM'], [], ['Handle with care']]],
  ])('the table of a workbook is found behind %s', async (_, rows) => {
    const table = [
      ['Name', 'E-Mail'],
      ['Elin Sandvik', 'elin@sandvik.example'],
    ]
    const sheets = [
      { name: 'Info', rows },
      { name: 'Kontakte', rows: table },
    ]
    const { batch } = await importLeads(Buffer.from(await writeXlsx({ sheets })), { name: 'two-sheets.xlsx' })
    expect(batch).toMatchObject({ total_records: 1, synced_records: 1 })
    const list = [{ name: 'Mails', rows: [['E-Mail'], ['ole@dahl.example']] }, ...sheets.slice(1)]
    const { rows: leads } = await importLeads(Buffer.from(await writeXlsx({ sheets: list })), { name: 'list.xlsx' })
    expect(leads.map(({ email }) => email)).toEqual(['elin@sandvik.example', 'ole@dahl.example'])
  })

  test.each([
    ['a damaged workbook', Buffer.from('PK\x03\x04 and nothing behind it'), /Excel workbook cannot be read/],
    ['a workbook of the old format', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xlsx or CSV/],
  ])('%s is refused with what to do', async (_, bytes, message) => {
    await expect(importLeads(bytes, { name: 'x.xlsx' })).rejects.toThrow(message)
  })
})

describe('exports for spreadsheets', () => {
  const text = async (request: Parameters<typeof streamLeads>[1]): Promise<string> => {
    let all = ''
    for await (const chunk of streamLeads(world.db, request)) all += chunk.text
    return all
  }
  const file =
    'Name,Email,Phone,Zip,City,Country,Notes\nElin Sandvik,elin@sandvik.example,+49 171 5550123,01067,Dresden,Germany,"a;=1+1\n-b"\n'

  test('an export with semicolons and a byte order mark is imported again without a change', async () => {
    await importLeads(file)
    const exported = await text({ format: 'csv', delimiter: ';', has_bom: true })
    expect(exported.startsWith('\ufeffid;full_name;')).toBe(true)
    expect((await world.import(exported)).batch).toMatchObject({ duplicate_records: 1, updated_records: 0 })
    expect((await leads())[0]?.notes).toBe('a;=1+1\n-b')
  })

  test('no cell begins a formula, whether columns are cut at commas or at semicolons', async () => {
    await importLeads(file)
    const raw_data = { text: 'x;=1+1', list: ['a,@b', -2, "c;'+d"], 'k;-e': '\\";=f' }
    await world.db.kysely.updateTable('sales_leads').set({ raw_data }).execute()
    for (const delimiter of [',', ';', '\t'] as const) {
      const csv = await text({ format: 'csv', delimiter, columns: ['notes', 'raw_data', 'city'] })
      expect(csv).toContain('x;\\u003d1+1')
      expect(JSON.parse(formatCell(raw_data))).toEqual(raw_data)
      for (const cut of [/[,\r\n]+/, /[;\r\n]+/, /[\t\r\n]+/])
        for (const cell of csv.split(cut)) expect(cell).not.toMatch(/^"?[=+@-](?!\d+$)/)
    }
  })

  test('an export that a spreadsheet has saved changes only what was edited', async () => {
    await importLeads(file)
    const exported = await text({ format: 'csv', delimiter: ';' })
    const saved = exported
      .replace('+491715550123', '4,91716E+11')
      .replace(';01067;', ';1067;')
      .replaceAll('false', 'FALSCH')
      .replace(';new;', ';contacted;')
      .replaceAll('\r\n', '\n')
    const { batch, unread } = await importLeads(saved)
    expect(batch).toMatchObject({ duplicate_records: 1, updated_records: 1 })
    expect(unread).toEqual({ phone: 1, postal_code: 1 })
    const { events } = await import('./world.ts').then(({ contents }) => contents(world.db))
    expect(events.at(-1)?.changed_fields).toEqual({ lead_status: { old: 'new', new: 'contacted' } })
  })

  test.each<[string, (text: string) => string]>([
    ['in French', (text) => text.replaceAll('false', 'FAUX').replaceAll('true', 'VRAI')],
    ['in Spanish', (text) => text.replaceAll('false', 'FALSO').replaceAll('true', 'VERDADERO')],
    ['in Polish', (text) => text.replaceAll('false', 'FAŁSZ').replaceAll('true', 'PRAWDA')],
    ['with dates of the country', (text) => text.replace(/(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d):[\d.]+Z/g, '$3.$2.$1 $4')],
    [
      'with codes and phones as formulas',
      (text) => text.replace(';01067;', ';"=""01067""";').replace('+491715550123', '"=""+491715550123"""'),
    ],
    ['with a list of numbers as one number', (text) => text.replace('+49351555012', '49351555012')],
    ['with empty lines at the end', (text) => `${text}${';'.repeat(20)}\n\n`],
    ['in Windows-1252', (text) => text],
  ])('an export that a spreadsheet has saved %s is no edit', async (how, save) => {
    await importLeads(
      'Name,Email,Phone,Mobile,Zip,City,Country,Notes\nZoë Sandvik,zoe@sandvik.example,+49 171 5550123,0351 555012,01067,Dresden,Germany,"a;=1+1\n-b"\n',
    )
    const before = await leads()
    const saved = save(await text({ format: 'csv', delimiter: ';' }))
    const { batch } = await importLeads(how === 'in Windows-1252' ? Buffer.from(saved, 'latin1') : saved)
    expect(batch).toMatchObject({ duplicate_records: 1, updated_records: 0 })
    expect(await leads()).toEqual(before)
  })

  test.each(['491715550123', '4915550123.0', '4.91715550123E+11'])(
    'a phone saved as %s without its plus is no edit',
    async (saved) => {
      await importLeads(file.replace('+49 171 5550123', saved.endsWith('.0') ? '+49 1555 0123' : '+49 171 5550123'))
      const before = await leads()
      const exported = await text({ format: 'csv' })
      const { batch } = await world.import(exported.replace(/\+49\d+/, saved))
      expect(batch).toMatchObject({ updated_records: 0 })
      expect(await leads()).toEqual(before)
    },
  )
})

describeEachEngine('openBatch', (engine) => {
  test('a file that two processes begin at the same time is one import', async () => {
    const other = await createImportWorld(engine)
    const request = {
      file_name: 'list.csv',
      file_hash: 'a1b2c3d4'.repeat(8),
      options: { on_duplicate: 'merge' as const },
    }
    const at = other.now()
    const begin = () => openBatch(other.db, { ...request, column_matches: [], actor: 'cli:ann', at })
    const found = await Promise.all([begin(), begin(), begin(), begin()])
    expect(new Set(found.map(({ import_batch_id }) => import_batch_id)).size).toBe(1)
    await other.close()
  })
})
