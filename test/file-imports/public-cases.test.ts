import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createImportWorld, type ImportWorld, map } from './world.ts'

/** Situations that users of other products reported, on small files with invented people. */

let world: ImportWorld
beforeEach(async () => {
  world = await createImportWorld('sqlite')
})
afterEach(() => world.close())

const leads = () => world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()

describe('people behind one mailbox', () => {
  const header = 'First Name,Last Name,Email,Company,Phone\n'
  const petra = 'Mona,Varga,info@varga-roof.com,Varga Roof Ltd,+49 171 5550151\n'
  const others =
    'Emil,Varga,info@varga-roof.com,Varga Roof Ltd,+49 171 5550152\nTess,Orban,info@varga-roof.com,Varga Roof Ltd,+49 171 5550153\n'

  test('are as many leads as there are names, each with its own number', async () => {
    const { batch } = await world.import(header + petra + others)
    expect(batch).toMatchObject({ total_records: 3, synced_records: 3, duplicate_records: 0, updated_records: 0 })
    expect((await leads()).map(({ full_name, phone }) => [full_name, phone])).toEqual([
      ['Mona Varga', '+491715550151'],
      ['Emil Varga', '+491715550152'],
      ['Tess Orban', '+491715550153'],
    ])
  })

  test('are as they were after an undo of the file that added the others', async () => {
    await world.import(header + petra, { name: 'one.csv' })
    const before = await leads()
    const { batch } = await world.import(header + others, { name: 'two.csv' })
    await world.undo(batch.import_batch_id)
    expect((await leads()).map(({ full_name, phone }) => [full_name, phone])).toEqual(
      before.map(({ full_name, phone }) => [full_name, phone]),
    )
  })
})

test('the same person with the same address is one lead, with and without a LinkedIn page', async () => {
  await world.import(
    'First Name,Last Name,Email,LinkedIn URL,Company\nRoos,Kuiper,r.kuiper@kuiper-werk.nl,https://www.linkedin.com/in/roos-kuiper-x,Kuiper Werk\n',
    { name: 'one.csv' },
  )
  const { batch } = await world.import(
    'First Name,Last Name,Email,Job Title\nRoos,Kuiper,R.Kuiper@kuiper-werk.nl ,Head of Sales\n',
    { name: 'two.csv' },
  )
  expect(batch).toMatchObject({ synced_records: 0, duplicate_records: 1, updated_records: 1 })
  expect(await leads()).toMatchObject([{ full_name: 'Roos Kuiper', title: 'Head of Sales' }])
})

describe('a host written in letters and in ASCII is one host', () => {
  const ascii = 'xn--mller-bau-q9a.de'

  test('for a person', async () => {
    await world.import('Name,Email\nIda Brom,ida.brom@müller-bau.de\n', { name: 'one.csv' })
    await world.import(`Name,Email,Title\nIda Brom,Ida.Brom@${ascii.toUpperCase()},Owner\n`, { name: 'two.csv' })
    expect(await leads()).toMatchObject([{ email: 'ida.brom@müller-bau.de', title: 'Owner' }])
  })

  test('for a company with its site and its shared mailbox', async () => {
    await world.import('Company,Website\nMüller Bau GmbH,https://www.müller-bau.de\n', { name: 'one.csv' })
    await world.import(`Company,Email,City\nMüller Bau GmbH,info@${ascii},Ulm\n`, { name: 'two.csv' })
    expect(await leads()).toMatchObject([{ company_domain: 'müller-bau.de', email: 'info@müller-bau.de', city: 'Ulm' }])
    expect(await world.db.kysely.selectFrom('companies').select(['domain', 'company_key']).execute()).toEqual([
      { domain: 'müller-bau.de', company_key: 'domain:müller-bau.de' },
    ])
  })

  test.each([
    ['ida.brom', 'their own mailbox'],
    ['info', 'a shared mailbox'],
  ])('for a lead that an earlier version stored with %s@xn--…, %s', async (mailbox) => {
    const inAscii: typeof map = (item, context) => {
      const mapped = map(item, context)
      if (mapped.outcome !== 'lead') return mapped
      const email = `${mailbox}@${ascii}`
      return { ...mapped, lead: { ...mapped.lead, email, external_id: `email:${email}` } }
    }
    const row = `Ida Brom,${mailbox}@${ascii}`
    await world.import(`Name,Email\n${row}\n`, { name: 'one.csv', context: { map: inAscii } })
    expect(await leads()).toMatchObject([{ external_id: `email:${mailbox}@${ascii}` }])
    await world.import(`Name,Email,Title\n${row},Owner\n`, { name: 'two.csv' })
    expect(await leads()).toMatchObject([{ full_name: 'Ida Brom', email: `${mailbox}@müller-bau.de`, title: 'Owner' }])
  })
})

test('a person who stands twice in a file is one new lead and one existing, and the counts say so', async () => {
  const { batch } = await world.import(
    'Name,Email,Phone,Title\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 1234567,\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 7654321,Head of Sales\n',
  )
  expect(batch).toMatchObject({ total_records: 2, synced_records: 1, duplicate_records: 1, updated_records: 1 })
  const again = await world.import(
    'Name,Email,Phone,Title\nRoos Kuiper,roos@kuiper-werk.nl,+31 20 7654322,\nRoos Kuiper,roos@kuiper-werk.nl,,Founder\nRoos Kuiper,roos@kuiper-werk.nl,,Founder\n',
    { name: 'two.csv' },
  )
  expect(again.batch).toMatchObject({ total_records: 3, synced_records: 0, duplicate_records: 3, updated_records: 2 })
})

test('a plain file whose numbers lost their zeros and plus in a spreadsheet changes no number', async () => {
  const header = 'Name,Email,Phone,Postal code,City,Title\n'
  const number = { phone: '+491715550161', postal_code: '01067' }
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,${number.phone},${number.postal_code},Dresden,Clerk\n`, {
    name: 'one.csv',
  })
  expect(await leads()).toMatchObject([number])
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,491715550161,1067,Dresden,Head of Sales\n`, {
    name: 'two.csv',
  })
  expect(await leads()).toMatchObject([{ ...number, title: 'Head of Sales' }])
  await world.import(`${header}Ilka Brom,ilka@brom-bau.de,,1069,Dresden,\n`, { name: 'three.csv' })
  expect(await leads()).toMatchObject([{ ...number, postal_code: '1069' }])
})

const readable = (row: object) =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null && value !== ''))

describe('columns of our own team', () => {
  test.each([
    ['Company Name,City,Account Executive Email,SDR,Sales Manager Email', 'en'],
    ['Société,Ville,Email du commercial,Créé par,Téléphone du commercial', 'fr'],
    ['Empresa,Ciudad,Correo del comercial,Creado por,Modificado por', 'es'],
    ['Bedrijf,Plaats,E-mail accountmanager,Aangemaakt door,Eigenaar', 'nl'],
  ])('%s fill nothing of the lead', async (header) => {
    const ours = 'vera@our-team.example'
    await world.import(`${header}\nGlas Nord,Lund,${ours},${ours},${ours}\nHolz West,Umea,${ours},${ours},${ours}\n`)
    expect((await leads()).map(({ company_name, email, phone }) => [company_name, email, phone]).sort()).toEqual([
      ['Glas Nord', null, null],
      ['Holz West', null, null],
    ])
  })
})

test('a field that users have added is read by its own name', async () => {
  await world.import(
    'First Name,Last Name,Custom Field: LinkedIn,[Custom] Job Title,cf_email,Custom Field: Company\nIda,Brom,https://www.linkedin.com/in/ida-brom-x,Buyer,ida@brom-bau.de,Brom Bau\n',
  )
  expect(await leads()).toMatchObject([
    { title: 'Buyer', email: 'ida@brom-bau.de', company_name: 'Brom Bau', external_id: 'linkedin:in/ida-brom-x' },
  ])
})

test('a profile on Xing is enough to reach a person', async () => {
  await world.import('Vorname,Nachname,XING-Profil\nIda,Brom,https://www.xing.com/profile/Ida_Brom7\n')
  expect(await leads()).toMatchObject([{ full_name: 'Ida Brom', external_id: 'xing:profile/Ida_Brom7' }])
})

test('two people in one cell are people, a firm of two names is a firm', async () => {
  await world.import(
    'Name;E-Mail\nSabine & Thomas Klein;klein@web.de\nDr. Anna Moor und Peter Fuchs;moor@gmx.de\nKlein & Partner;info@klein-partner.de\nVoss und Roth Immobilien;info@voss-roth.de\n',
  )
  const rows = (await leads()).map(({ full_name, first_name, last_name, company_name }) =>
    readable({ full_name, first_name, last_name, company_name }),
  )
  expect(rows.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
    { company_name: 'Klein & Partner' },
    { company_name: 'Voss und Roth Immobilien' },
    { full_name: 'Anna Moor und Peter Fuchs', first_name: 'Anna', last_name: 'Moor' },
    { full_name: 'Sabine & Thomas Klein', first_name: 'Sabine & Thomas', last_name: 'Klein' },
  ])
})

describe('notes of several rows about one person', () => {
  const header = 'Name,Email,Notes\n'
  const rows = 'Ida Brom,ida.brom@brom-bau.de,Met in Ulm\nIda Brom,ida.brom@brom-bau.de,Wants an offer\n'

  test('are all kept', async () => {
    await world.import(header + rows)
    expect((await leads()).map(({ notes }) => notes)).toEqual(['Met in Ulm\nWants an offer'])
  })

  test('change nothing when the file is imported again', async () => {
    await world.import(header + rows)
    const { batch } = await world.import(`${header}${rows}`, { name: 'again.csv', again: true })
    expect(batch).toMatchObject({ duplicate_records: 2, updated_records: 0 })
    expect((await leads()).map(({ notes }) => notes)).toEqual(['Met in Ulm\nWants an offer'])
  })

  test('give way to other notes of a later file, as every value does', async () => {
    await world.import(header + rows)
    await world.import(`${header}Ida Brom,ida.brom@brom-bau.de,Has signed\n`, { name: 'later.csv' })
    expect((await leads()).map(({ notes }) => notes)).toEqual(['Has signed'])
  })
})

describe('tags of several rows about one person', () => {
  const header = 'Name,Email,Tags\n'
  const rows = 'Ida Brom,ida.brom@brom-bau.de,Fair\nIda Brom,ida.brom@brom-bau.de,Newsletter\n'
  const tags = async () => (await leads()).map((lead) => lead.tags)

  test('are all kept', async () => {
    await world.import(header + rows)
    expect(await tags()).toEqual([['Fair', 'Newsletter']])
  })

  test('change nothing when the file is imported again', async () => {
    await world.import(header + rows)
    const { batch } = await world.import(header + rows, { name: 'again.csv', again: true })
    expect(batch).toMatchObject({ duplicate_records: 2, updated_records: 0 })
    expect(await tags()).toEqual([['Fair', 'Newsletter']])
  })

  test('give way to other tags of a later file, as every value does', async () => {
    await world.import(header + rows)
    await world.import(`${header}Ida Brom,ida.brom@brom-bau.de,Customer\n`, { name: 'later.csv' })
    expect(await tags()).toEqual([['Customer']])
  })
})

test('notes of two columns are joined', async () => {
  await world.import('Name,Email,Notes,Bemerkung\nIda Brom,ida.brom@brom-bau.de,Met in Ulm,Wants an offer\n')
  expect((await leads()).map(({ notes }) => notes)).toEqual(['Met in Ulm\nWants an offer'])
})

test.each([
  ['"Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved."'],
  ['"Confidential Information - Do Not Distribute"'],
  ['Generated By: Vera Ada 1/2/2026 10:11 AM'],
  ['Grand Totals (1 records),,'],
  ['Vertrauliche Informationen – Nicht weitergeben'],
  ['Erstellt von Vera Ada am 02.01.2026'],
  ['Gesamt,1'],
  ['Généré par Vera Ada'],
])('the line %s below the table is rejected as the end of a report', async (footer) => {
  const { batch } = await world.import(
    `First Name,Last Name,Company / Account,Email\nMei,Sato,Sato Foods,mei@sato-foods.jp\n\n${footer}\n`,
  )
  expect(batch).toMatchObject({ total_records: 2, synced_records: 1, failed_records: 1 })
  const rejections = await world.db.kysely.selectFrom('import_rejections').select('reason').execute()
  expect(rejections).toEqual([{ reason: 'not a lead: a line below the table, as reports end' }])
})

test.each([
  ['030/5550105 od. 0171/5550106', '+49305550105', ['+491715550106']],
  ['03055501070 01715550108', '+493055501070', ['+491715550108']],
  ['030 5550109 u. 0171 5550110', '+49305550109', ['+491715550110']],
])('the cell %s has two numbers', async (cell, phone, additional_phones) => {
  await world.import(`Name;Email;Telefon;Land\nIda Brom;ida@brom-bau.de;${cell};D\n`)
  expect(await leads()).toMatchObject([{ phone, additional_phones }])
})

describe('a full name follows its parts', () => {
  const page = 'https://www.linkedin.com/in/ida-brom-x'
  const write = (rows: object[], name: string) =>
    world.import(rows.map((row) => JSON.stringify(row)).join('\n'), { name: `${name}.ndjson` })

  test('when an item states one of them', async () => {
    await write([{ firstName: 'Ida', lastName: 'Brom', linkedinUrl: page }], 'one')
    await write([{ lastName: 'Kolb', linkedinUrl: page }], 'two')
    expect(await leads()).toMatchObject([{ full_name: 'Ida Kolb', first_name: 'Ida', last_name: 'Kolb' }])
  })

  test('within one file', async () => {
    await write(
      [
        { firstName: 'Ida', lastName: 'Brom', linkedinUrl: page },
        { lastName: 'Kolb', linkedinUrl: page },
      ],
      'one',
    )
    expect(await leads()).toMatchObject([{ full_name: 'Ida Kolb', first_name: 'Ida', last_name: 'Kolb' }])
  })

  test('unless someone has edited it', async () => {
    await write([{ firstName: 'Ida', lastName: 'Brom', linkedinUrl: page }], 'one')
    await world.db.kysely.updateTable('sales_leads').set({ full_name: 'Dr. Ida Brom' }).execute()
    await write([{ lastName: 'Kolb', linkedinUrl: page }], 'two')
    expect(await leads()).toMatchObject([{ full_name: 'Dr. Ida Brom', last_name: 'Kolb' }])
  })
})

test('a body of empty objects is one rejected record each, in time linear in its length', async () => {
  const count = 20_000
  const before = process.cpuUsage()
  const { batch } = await world.import(`[${'{},'.repeat(count - 1)}{}]`, { name: 'empty.json' })
  const { user, system } = process.cpuUsage(before)
  expect(batch).toMatchObject({ total_records: count, synced_records: 0, failed_records: count })
  // Half a second as a rule. A quadratic reader takes minutes.
  expect((user + system) / 1e6).toBeLessThan(20)
})
