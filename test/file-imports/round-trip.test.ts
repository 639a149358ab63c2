import { type ExportRequest, streamLeads } from '@leads/core/exports/stream-leads'
import { cutSample } from '@leads/core/file-imports/reading/csv-records'
import { createLead } from '@leads/core/leads/create-lead'
import { leadDetailColumns } from '@leads/core/leads/lead-views'
import { updateLead } from '@leads/core/leads/update-lead'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { workbookParts } from './workbook-parts.ts'
import { contents, createImportWorld, type ImportWorld } from './world.ts'
import { archive } from './write-archive.ts'

const file = `name,title,email,other emails,phone,company,website,city,country,tags
Ana Lopez,"=HYPERLINK(""http://evil.example"")",ana@uno.com,"a2@uno.com, a3@uno.com",+34 911 000 111,Uno,https://uno.com,Madrid,Spain,"hotel, spa"
Zoë Müller,"Head of ""R&D"", EMEA",zoe@zwei.de,,030 1234567,Zwei GmbH,zwei.de,Köln,Germany,'quoted
李雷,@Director,li@san.cn,,+86 10 1234 5678,三,san.cn,北京,China,
Bob Stone,-1 day,bob@four.us,,(217) 555-0001,+Four,four.us,Springfield,United States,[x]
`

const toXml = (text: string): string => text.replace(/[&<>]/g, (one) => `&#${one.charCodeAt(0)};`)

describeEachEngine('streamLeads', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
    await world.import(file)
    const by = { actor: 'ann', event_source: 'cli' as const, at: world.now() }
    const [first] = await world.db.kysely.selectFrom('sales_leads').select('id').orderBy('id').execute()
    await updateLead(
      world.db,
      first?.id ?? 0,
      { phone: '+34911999999', notes: 'line one\nline "two", =3', lead_score: 77 },
      by,
    )
    await createLead(world.db, { full_name: 'Made By Hand', email: 'hand@made.org', tags: ['a; b', 'c'] }, by)
  })
  afterEach(() => world.close())

  const text = async (request: ExportRequest): Promise<string> => {
    let all = ''
    for await (const chunk of streamLeads(world.db, request)) all += chunk.text
    return all
  }
  const id = async (email: string) =>
    (await world.db.kysely.selectFrom('sales_leads').select('id').where('email', '=', email).executeTakeFirstOrThrow())
      .id

  test.each([
    ['CSV', { format: 'csv' }, 'out.csv'],
    ['CSV with all columns', { format: 'csv', columns: leadDetailColumns }, 'all.csv'],
    ['NDJSON', { format: 'ndjson' }, 'out.ndjson'],
    ['NDJSON with all columns', { format: 'ndjson', columns: leadDetailColumns }, 'all.ndjson'],
  ] as const)('an export as %s that is imported again changes nothing', async (_, request, name) => {
    const before = await contents(world.db)
    const { batch } = await world.import(await text(request), { name })
    expect(batch).toMatchObject({
      total_records: 5,
      synced_records: 0,
      duplicate_records: 5,
      failed_records: 0,
      updated_records: 0,
    })
    expect(await contents(world.db)).toEqual(before)
  })

  test.each([
    ['commas', { format: 'csv' }],
    ['semicolons and a mark', { format: 'csv', delimiter: ';', has_bom: true }],
    ['a workbook', { format: 'csv' }],
  ] as const)('texts like formulas, quotes and lists come back unchanged by %s', async (what, request) => {
    const texts = [
      '=2+3',
      "'=2+3",
      "''tis",
      "'quoted'",
      '@home',
      '+1 more',
      '-',
      '--',
      '=',
      "'",
      'two\n\nlines  ',
      'a "b" c',
      '%x',
      '|y',
      '\ttab',
    ]
    const rows = texts.map((note, at) => [
      `Pia${at}`,
      'Holm',
      `pia.${at}@holm.example`,
      `${note} Ltd`,
      note,
      note,
      `${note}; b`,
    ])
    const lines = rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    await world.import(`First Name,Last Name,Email,Company,Notes,Title,Tags\n${lines.join('\n')}\n`, {
      name: 'texts.csv',
    })
    const before = await contents(world.db)
    const exported = await text(request)
    const cells = cutSample(exported, { delimiter: ',', quote: '"', skip_lines: 0 }, 100)
    const toRow = (row: string[]) =>
      `<row>${row.map((cell) => `<c t="inlineStr"><is><t>${toXml(cell)}</t></is></c>`).join('')}</row>`
    const content = what === 'a workbook' ? Buffer.concat([...archive(workbookParts(cells.map(toRow)))]) : exported
    const { batch } = await world.import(content, { name: 'back' })
    expect(batch).toMatchObject({
      total_records: 5 + texts.length,
      updated_records: 0,
      failed_records: 0,
      synced_records: 0,
    })
    expect(await contents(world.db)).toEqual(before)
  })

  test('an export that is edited in one cell and imported again changes only that field', async () => {
    const before = await contents(world.db)
    const edited = (await text({ format: 'csv' })).replace('Springfield', 'Chicago')
    const { batch } = await world.import(edited)
    expect(batch).toMatchObject({ duplicate_records: 5, updated_records: 1 })
    const after = await contents(world.db)
    const changed = after.leads.filter((lead, index) => JSON.stringify(lead) !== JSON.stringify(before.leads[index]))
    expect(changed).toMatchObject([{ full_name: 'Bob Stone', city: 'Chicago', version: 2 }])
    expect(after.events.at(-1)).toMatchObject({ changed_fields: { city: { old: 'Springfield', new: 'Chicago' } } })
  })

  test('an export that is imported again keeps the protection of edited fields', async () => {
    await world.import((await text({ format: 'csv' })).replace('Madrid', 'Toledo'))
    await world.import(file.replace('+34 911 000 111', '+34 911 222 222'))
    const lead = await world.db.kysely
      .selectFrom('sales_leads')
      .selectAll()
      .where('email', '=', 'ana@uno.com')
      .executeTakeFirst()
    expect(lead).toMatchObject({ phone: '+34911999999', notes: 'line one\nline "two", =3' })
  })

  test('an export that is imported into an empty database creates the same leads', async () => {
    const other = await createImportWorld(engine)
    const { batch } = await other.import(await text({ format: 'csv' }))
    expect(batch).toMatchObject({ total_records: 5, synced_records: 5, failed_records: 0 })
    const columns = [
      'full_name',
      'title',
      'email',
      'phone',
      'additional_emails',
      'company_name',
      'company_domain',
      'city',
      'country',
      'tags',
    ] as const
    const rows = (of: ImportWorld) =>
      of.db.kysely
        .selectFrom('sales_leads')
        .select(columns)
        .where('provider_name', '!=', 'api')
        .orderBy('email')
        .execute()
    const identified = (await rows(other)).filter(({ full_name }) => full_name !== 'Made By Hand')
    expect(identified).toEqual(await rows(world))
    await other.close()
  })

  test('an export contains no cell that a spreadsheet reads as a formula', async () => {
    const csv = await text({ format: 'csv', columns: ['title', 'company_name'] })
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    expect(csv).toContain(`'@Director`)
    expect(csv).toContain(`'+Four`)
    for (const cell of csv.split(/[,\r\n]+/)) expect(cell).not.toMatch(/^"?[=@]|^"?[+-](?![\d\s().,/-]*"?$)/)
  })

  test('an export accepts filters and columns, and an unknown column is answered with the known ones', async () => {
    expect(await text({ format: 'csv', columns: ['email', 'city'], filters: { country: 'Germany' } })).toBe(
      'email,city\r\nzoe@zwei.de,Köln\r\n',
    )
    expect(await text({ format: 'ndjson', columns: ['id'], q: 'lopez' })).toBe(`{"id":${await id('ana@uno.com')}}\n`)
    await expect(text({ format: 'csv', columns: ['nix'] })).rejects.toThrow(/no nix.*full_name/s)
    await expect(text({ format: 'csv', filters: { lead_score: 'abc' } })).rejects.toMatchObject({
      code: 'invalid_request',
    })
  })

  test('an export without leads is a header line', async () => {
    expect(await text({ format: 'csv', columns: ['id'], filters: { country: 'Nowhere' } })).toBe('id\r\n')
    expect(await text({ format: 'ndjson', filters: { country: 'Nowhere' } })).toBe('')
  })

  test('an export contains deleted leads only if requested', async () => {
    await world.db.kysely
      .updateTable('sales_leads')
      .set({ is_deleted: true, deleted_at: world.now() })
      .where('email', '=', 'zoe@zwei.de')
      .execute()
    const count = async (include_deleted: boolean) =>
      (await text({ format: 'ndjson', include_deleted })).trim().split('\n').length
    expect([await count(false), await count(true)]).toEqual([4, 5])
  })
})
