import { listBatches } from '@leads/core/file-imports/batch-state'
import { dryRun } from '@leads/core/file-imports/dry-run'
import { previewFile } from '@leads/core/file-imports/import-file'
import { streamImportRejections } from '@leads/core/file-imports/import-rejections'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { contents, createImportWorld, type ImportWorld, map } from './world.ts'

// Many imports of thousands of rows: slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const header = 'First name,Last name,E-mail,Phone,Company,Website,City,Country,Title\n'
const person = (number: number, changes: { phone?: string; title?: string } = {}): string =>
  `Ana${number},Lopez,ana${number}@firm${number % 7}.com,${changes.phone ?? `+34 911 000 ${String(number).padStart(3, '0')}`},Firm ${number % 7},https://firm${number % 7}.com,Madrid,Spain,${changes.title ?? 'Director'}\n`
const people = (count: number, from = 0): string =>
  header + Array.from({ length: count }, (_, index) => person(from + index)).join('')

describeEachEngine('importFile', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
  })
  afterEach(() => world.close())

  const leads = () => world.db.kysely.selectFrom('sales_leads').selectAll().orderBy('id').execute()

  test('an import creates leads, companies, sources and events, and accounts for every row', async () => {
    const { batch, outcome } = await world.import(`${people(2500)},,,,,,,,\nx,,,,,,,,\n${person(7)}`)
    expect(outcome).toBe('completed')
    expect(batch).toMatchObject({
      batch_status: 'completed',
      total_records: 2502,
      synced_records: 2500,
      duplicate_records: 1,
      failed_records: 1,
      updated_records: 0,
      file_name: 'leads.csv',
      created_by: 'cli:ann',
    })
    const { leads: rows, sources, events, companies } = await contents(world.db)
    expect([rows.length, sources.length, events.length, companies.length]).toEqual([2500, 2500, 2500, 7])
    expect(rows[0]).toMatchObject({
      full_name: 'Ana0 Lopez',
      email: 'ana0@firm0.com',
      phone: '+34911000000',
      company_domain: 'firm0.com',
      country: 'Spain',
      source: 'import',
      provider_name: 'import',
      external_id: 'email:ana0@firm0.com',
      created_by: 'cli:ann',
    })
    expect(new Set(sources.map(({ import_batch_id }) => import_batch_id))).toEqual(new Set([batch.import_batch_id]))
    expect(events[0]).toMatchObject({ event_type: 'created', event_data: { import_batch_id: batch.import_batch_id } })
  })

  test('rejected rows are stored with line and reason, in file order', async () => {
    const { batch } = await world.import('name,email\nAna,ana@x.org\n,\nfoo,bar\n')
    const rejections = []
    for await (const page of streamImportRejections(world.db, batch.import_batch_id)) rejections.push(...page)
    // The empty row is no record.
    expect(rejections.map(({ record_number, line_number }) => [record_number, line_number])).toEqual([[2, 4]])
    expect(rejections[0]).toMatchObject({
      reason: expect.stringMatching(/nothing to contact/),
      raw_data: { name: 'foo', email: 'bar' },
    })
  })

  test('an import of the same file again does nothing, unless a reimport is requested', async () => {
    const first = await world.import(people(20))
    const before = await contents(world.db)
    expect(await world.import(people(20), { name: 'copy.csv' })).toMatchObject({
      outcome: 'known',
      batch: { import_batch_id: first.batch.import_batch_id },
    })
    expect(await contents(world.db)).toEqual(before)
    const again = await world.import(people(20), { again: true })
    expect(again).toMatchObject({
      outcome: 'completed',
      batch: { synced_records: 0, duplicate_records: 20, updated_records: 0 },
    })
    expect(again.batch.import_batch_id).toBe(`${first.batch.import_batch_id}-2`)
  })

  test('an import that is stopped many times resumes and ends like an uninterrupted one', async () => {
    const file = `${people(2200)}foo,,,,,,,,\n${person(3, { phone: '+34 911 999 999' })}`
    let attempts = 0
    for (;;) {
      attempts += 1
      const controller = new AbortController()
      const onProgress = () => controller.abort()
      try {
        const { outcome } = await world.import(file, { context: { signal: controller.signal, onProgress } })
        expect(outcome).toBe('resumed')
        break
      } catch (error) {
        expect((error as Error).name).toBe('AbortError')
      }
    }
    expect(attempts).toBeGreaterThan(2)
    const calm = await createImportWorld(engine)
    const undisturbed = await calm.import(file)
    const counts = ({
      total_records,
      synced_records,
      duplicate_records,
      failed_records,
      updated_records,
    }: typeof undisturbed.batch) => ({
      total_records,
      synced_records,
      duplicate_records,
      failed_records,
      updated_records,
    })
    const [batch] = await listBatches(world.db)
    expect(counts(batch as typeof undisturbed.batch)).toEqual(counts(undisturbed.batch))
    const shape = async (of: ImportWorld) => {
      const { leads: rows, sources, events, companies } = await contents(of.db)
      return {
        leads: rows.map(({ external_id, phone, version }) => [external_id, phone, version]),
        sources: sources.map(({ external_id, import_batch_id }) => [external_id, import_batch_id]),
        events: events.map(({ event_type, changed_fields }) => [event_type, changed_fields]),
        companies: companies.map(({ company_key, version }) => [company_key, version]),
      }
    }
    expect(await shape(world)).toEqual(await shape(calm))
    await calm.close()
  })

  test('two concurrent imports of one file import each row once', async () => {
    const file = people(3000)
    const outcomes = await Promise.allSettled([
      world.import(file, { name: 'a.csv' }),
      world.import(file, { name: 'b.csv' }),
    ])
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect((outcome.reason as Error).name).toBe('ConcurrentImportError')
    await world.import(file)
    const { leads: rows, events } = await contents(world.db)
    expect([rows.length, events.length]).toEqual([3000, 3000])
    const batches = await listBatches(world.db)
    expect(batches.reduce((sum, { synced_records }) => sum + synced_records, 0)).toBe(3000)
    for (const batch of batches)
      expect(batch.total_records).toBe(batch.synced_records + batch.duplicate_records + batch.failed_records)
  })

  test('changed rows are merged into leads, and edited fields are kept', async () => {
    await world.import(people(3))
    await world.db.kysely
      .updateTable('sales_leads')
      .set({ title: 'Queen' })
      .where('email', '=', 'ana1@firm1.com')
      .execute()
    const { batch } = await world.import(
      header +
        [0, 1, 2]
          .map((number) => person(number, { phone: '+34 911 555 555', title: number === 2 ? '' : 'Chief' }))
          .join(''),
    )
    expect(batch).toMatchObject({ synced_records: 0, duplicate_records: 3, updated_records: 3 })
    expect((await leads()).map(({ title, phone, version }) => [title, phone, version])).toEqual([
      ['Chief', '+34911555555', 2],
      ['Queen', '+34911555555', 2],
      ['Director', '+34911555555', 2],
    ])
  })

  test('an import with on_duplicate skip adds new leads and changes none', async () => {
    await world.import(people(3))
    const before = await leads()
    const { batch } = await world.import(header + person(1, { phone: '+34 911 555 555' }) + person(9), {
      on_duplicate: 'skip',
    })
    expect(batch).toMatchObject({ synced_records: 1, duplicate_records: 1, updated_records: 0 })
    expect((await leads()).slice(0, 3)).toEqual(before)
  })

  test('record ids join files of one source whatever their headers, and never files of two', async () => {
    const first = 'ID,Name,Phone\n15101,Ines Trautwein,+49 30 5550101\n'
    const second = 'Record ID,Full name,Mobile\n15101,Ines Trautwein,+49 171 5550102\n'
    await world.import(first, { source: 'pipedrive' })
    const elsewhere = await world.import(second, { source: 'hubspot' })
    expect(elsewhere.batch).toMatchObject({ synced_records: 1, match_counts: null })
    const third = 'Contact ID,Contact,Telephone\n15101,Ines Trautwein,+49 40 5550104\n'
    const again = await world.import(third, { source: 'Pipedrive' })
    expect(again.batch).toMatchObject({ synced_records: 0, duplicate_records: 1 })
    expect(again.batch.match_counts).toMatchObject({ joined_by: { file_id: 1 } })
    const other = await world.import('ID,Name,Phone\n15101,Rolf Kohl,+49 30 5550103\n', { source: 'pipedrive' })
    expect(other.batch).toMatchObject({ synced_records: 1 })
    const states = await world.db.kysely.selectFrom('lead_source_states').select('source_key').execute()
    expect(new Set(states.map(({ source_key }) => source_key))).toEqual(new Set(['file:pipedrive']))
  })

  test('each of twelve rows about one person is found again by its record id', async () => {
    const ids = Array.from({ length: 12 }, (_, index) => 9000 + index)
    const rows = ids.map((id) => `${id},Lore,Quist,l.quist@werke.example\n`)
    const { batch } = await world.import(`ID,First Name,Last Name,Email\n${rows.join('')}`)
    expect(batch).toMatchObject({ synced_records: 1, duplicate_records: 11 })
    const stored = await world.db.kysely.selectFrom('lead_identities').select('identity').execute()
    expect(stored.filter(({ identity }) => identity.startsWith('file-'))).toHaveLength(ids.length)
  })

  test('a row joins an existing lead of another provider', async () => {
    await world.import(people(1))
    await world.db.kysely.updateTable('sales_leads').set({ provider_name: 'apify', source: 'apify' }).execute()
    const { batch } = await world.import(header + person(0, { title: 'Chief' }) + person(1))
    expect(batch).toMatchObject({ synced_records: 1, duplicate_records: 1, updated_records: 1 })
    expect((await leads()).map(({ provider_name, title }) => [provider_name, title])).toEqual([
      ['apify', 'Chief'],
      ['import', 'Director'],
    ])
  })

  test('a row of a deleted lead does not restore it', async () => {
    await world.import(people(2))
    await world.db.kysely
      .updateTable('sales_leads')
      .set({ is_deleted: true, deleted_at: world.now() })
      .where('email', '=', 'ana0@firm0.com')
      .execute()
    const { batch } = await world.import(header + person(0, { title: 'Chief' }))
    expect(batch).toMatchObject({ synced_records: 0, duplicate_records: 1, updated_records: 0 })
    expect((await leads())[0]).toMatchObject({ is_deleted: true, title: 'Director' })
  })

  test('column overrides are applied, and excluded columns are not read', async () => {
    await world.import('Kd;Mail;Tel\nAcme;info@acme.de;0301234567\n', { map: { Kd: 'company_name', Tel: null } })
    expect((await leads())[0]).toMatchObject({ company_name: 'Acme', email: 'info@acme.de', phone: null })
  })

  test('an import can be named, and a name belongs to one file', async () => {
    expect((await world.import(people(1), { import_batch_id: 'fair-2026' })).batch.import_batch_id).toBe('fair-2026')
    await expect(world.import(people(2), { import_batch_id: 'fair-2026' })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('a dry run reports the outcome of the import and writes nothing', async () => {
    await world.import(people(5))
    const before = await contents(world.db)
    const file = `${people(8, 3)}foo,,,,,,,,\n${person(9)}`
    const preview = await previewFile(world.file('try.csv', file), { on_duplicate: 'merge' })
    const result = await dryRun({ db: world.db, map }, preview)
    expect(result).toMatchObject({ total_records: 10, new_records: 6, duplicate_records: 3, failed_records: 1 })
    expect(result.reasons).toEqual([{ reason: expect.any(String), count: 1, line_number: 10 }])
    expect(await contents(world.db)).toEqual(before)
    const { batch } = await world.import(file)
    expect(batch).toMatchObject({ synced_records: 6, duplicate_records: 3, failed_records: 1 })
  })

  test('a dry run counts the rows that the import joins by identities, of this file and of others', async () => {
    await world.import('Name,Mail\nMira Solano,mira.solano@post.example\nIda Brandt,ida.brandt@post.example\n')
    const count = 1200
    const word = (index: number): string => index.toString(26).replace(/\d/g, (digit) => 'qwertyuiop'[+digit] ?? '')
    const row = (index: number, ...cells: string[]): string => `Ola ${word(index)}sen,${cells.join(',')}\n`
    const rows = [
      'Name,Mail,LinkedIn\n',
      // Joins a lead of another file by its address, and says its page, by which the last row joins.
      'Mira Solano,mira.solano@post.example,https://www.linkedin.com/in/mira-solano\n',
      ...Array.from({ length: count }, (_, index) =>
        row(index, `ola${index}@post.example`, `https://www.linkedin.com/in/ola-${index}`),
      ),
      // The same people again, a page later, of whom each row says one half.
      ...Array.from({ length: count }, (_, index) =>
        index % 2 === 0
          ? row(index, `ola${index}@post.example`, '')
          : row(index, '', `https://www.linkedin.com/in/ola-${index}`),
      ),
      // A couple with one address, and both of them again: two leads.
      'Ida Brandt,ida.brandt@post.example,\nTom Vasquez,ida.brandt@post.example,\n',
      'Tom Vasquez,ida.brandt@post.example,\nIda Brandt,ida.brandt@post.example,\n',
      'Eva Tanaka,ola7@post.example,\nEva Tanaka,ola7@post.example,\n',
      'Mira Solano,,https://www.linkedin.com/in/mira-solano\n',
    ]
    const preview = await previewFile(world.file('again.csv', rows.join('')), { on_duplicate: 'merge' })
    const expected = await dryRun({ db: world.db, map }, preview)
    const { batch } = await world.import(rows.join(''))
    const { total_records, synced_records: new_records, duplicate_records, failed_records } = batch
    expect(expected).toMatchObject({ total_records, new_records, duplicate_records, failed_records })
    expect(new_records).toBe(count + 2)
  })

  test('a file with one JSON object per line is mapped like dataset items', async () => {
    const item = {
      title: 'Café Uno',
      placeId: 'ChIJ0000000000000000000001',
      phone: '+34 911 222 333',
      city: 'Madrid',
      countryCode: 'ES',
      website: 'https://cafeuno.es',
    }
    const { batch } = await world.import(`${JSON.stringify(item)}\n`, { name: 'items.ndjson' })
    expect(batch).toMatchObject({ synced_records: 1 })
    expect((await leads())[0]).toMatchObject({
      company_name: 'Café Uno',
      external_id: 'google_place:ChIJ0000000000000000000001',
    })
  })
})
