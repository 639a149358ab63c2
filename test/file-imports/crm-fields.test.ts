import { type ExportRequest, streamLeads } from '@leads/core/exports/stream-leads'
import { dryRun } from '@leads/core/file-imports/dry-run'
import { previewFile } from '@leads/core/file-imports/import-file'
import { updateLead } from '@leads/core/leads/update-lead'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { contents, createImportWorld, type ImportWorld, lasting, map } from './world.ts'

const header = 'Name,E-mail,Lead Status,Lead Score,Notes\n'
const list = `${header}Ana,ana@uno.com,Contacted,80,"Call on Monday;
""early"""
Bob,bob@dos.com,NEW,0,
Zoë,zoe@zwei.de,Hot,250,'=SUM(A1)
Kim,kim@vier.kr,,,
`

describeEachEngine('CRM fields of a file', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
  })
  afterEach(() => world.close())

  const work = async (of = world) =>
    (
      await of.db.kysely
        .selectFrom('sales_leads')
        .select(['email', 'lead_status', 'lead_score', 'notes'])
        .orderBy('email')
        .execute()
    ).map(({ email, lead_status, lead_score, notes }) => [email, lead_status, lead_score, notes])
  const edit = async (email: string, patch: Parameters<typeof updateLead>[2]) => {
    const { id } = await world.db.kysely
      .selectFrom('sales_leads')
      .select('id')
      .where('email', '=', email)
      .executeTakeFirstOrThrow()
    await updateLead(world.db, id, patch, { actor: 'ann', event_source: 'cli', at: world.now() })
  }
  const text = async (request: ExportRequest): Promise<string> => {
    let all = ''
    for await (const chunk of streamLeads(world.db, request)) all += chunk.text
    return all
  }

  const imported = [
    ['ana@uno.com', 'contacted', 80, 'Call on Monday;\n"early"'],
    ['bob@dos.com', 'new', 0, null],
    ['kim@vier.kr', 'new', null, null],
    ['zoe@zwei.de', 'new', null, '=SUM(A1)'],
  ]

  test('CRM fields are imported with the lead, and a cell with an invalid value is left out and counted', async () => {
    const { batch } = await world.import(list)
    expect(batch).toMatchObject({ synced_records: 4, failed_records: 0 })
    expect(await work()).toEqual(imported)
    expect(batch.column_matches?.map(({ column, misread }) => [column, misread])).toEqual([
      ['full_name', undefined],
      ['email', undefined],
      ['lead_status', { count: 1, example: 'Hot', examples: ['Hot'] }],
      ['lead_score', { count: 1, example: '250', examples: ['250'] }],
      ['notes', undefined],
    ])
    const preview = await previewFile(world.file('try.csv', list), { on_duplicate: 'merge' })
    expect(await dryRun({ db: world.db, map }, preview)).toMatchObject({
      misread: [
        { header: 'Lead Status', count: 1, example: 'Hot', examples: ['Hot'] },
        { header: 'Lead Score', count: 1, example: '250', examples: ['250'] },
      ],
    })
  })

  test('CRM fields that are imported again change nothing, and a changed value changes only its column', async () => {
    await world.import(list)
    const before = await contents(world.db)
    expect((await world.import(list, { again: true })).batch).toMatchObject({
      duplicate_records: 4,
      updated_records: 0,
    })
    expect((await contents(world.db)).leads).toEqual(before.leads)
    const { batch } = await world.import(list.replace('Contacted,80', 'qualified,"90,4"'))
    expect(batch).toMatchObject({ duplicate_records: 4, updated_records: 1 })
    expect((await work())[0]).toEqual(['ana@uno.com', 'qualified', 90, 'Call on Monday;\n"early"'])
    expect((await contents(world.db)).events.at(-1)).toMatchObject({
      event_type: 'updated',
      changed_fields: { lead_status: { old: 'contacted', new: 'qualified' }, lead_score: { old: 80, new: 90 } },
    })
  })

  test('an import keeps edited CRM fields and updates the others', async () => {
    await world.import(list)
    await edit('ana@uno.com', { lead_status: 'converted', notes: 'Signed.' })
    const { batch } = await world.import(
      `${header}Ana,ana@uno.com,new,70,Old news\nKim,kim@vier.kr,contacted,5,Called\n`,
    )
    expect(batch).toMatchObject({ duplicate_records: 2, updated_records: 2 })
    // The batch as it is stored tells what the import did not write.
    const stored = await world.db.kysely.selectFrom('import_batches').select('match_counts').orderBy('id').execute()
    expect(stored.map(({ match_counts }) => match_counts)).toEqual([null, batch.match_counts])
    expect(batch.match_counts).toMatchObject({ kept_newer: 0, kept_edited: 2 })
    const rows = await work()
    expect(rows[0]).toEqual(['ana@uno.com', 'converted', 70, 'Signed.'])
    expect(rows[2]).toEqual(['kim@vier.kr', 'contacted', 5, 'Called'])
  })

  test('an import without CRM columns keeps the CRM fields', async () => {
    await world.import(list)
    await world.import('Name,E-mail,Phone\nAna,ana@uno.com,+34 911 000 111\n')
    expect(await work()).toEqual(imported)
    expect((await world.import(list, { again: true })).batch).toMatchObject({ updated_records: 0 })
  })

  test('an undo reverts CRM fields, except those edited since', async () => {
    await world.import('Name,E-mail,Phone\nAna,ana@uno.com,\nKim,kim@vier.kr,\n')
    const before = await lasting(world.db)
    const { batch } = await world.import(list.replace('Kim,kim@vier.kr,,,', 'Kim,kim@vier.kr,qualified,9,Hello'))
    expect(await world.undo(batch.import_batch_id)).toMatchObject({ counts: { deleted: 2, reverted: 2, kept: 0 } })
    expect(await lasting(world.db)).toEqual(before)

    const again = await world.import(list)
    await edit('ana@uno.com', { lead_score: 99 })
    await edit('bob@dos.com', { notes: 'Mine' })
    expect(await world.undo(again.batch.import_batch_id)).toMatchObject({
      counts: { deleted: 1, reverted: 0, kept: 2 },
    })
    expect(await work()).toEqual([
      ['ana@uno.com', 'new', 99, null],
      ['bob@dos.com', 'new', 0, 'Mine'],
      ['kim@vier.kr', 'new', null, null],
    ])
  })

  test.each(['csv', 'ndjson'] as const)(
    'CRM fields exported as %s and imported again do not change',
    async (format) => {
      await world.import(list)
      await edit('kim@vier.kr', { lead_status: 'converted', lead_score: 100, notes: ' two\r\nlines, =1 ' })
      const before = await contents(world.db)
      const exported = await text({ format })
      const { batch } = await world.import(exported, { name: `out.${format}` })
      expect(batch).toMatchObject({ duplicate_records: 4, updated_records: 0, failed_records: 0 })
      expect(await contents(world.db)).toEqual(before)

      const other = await createImportWorld(engine)
      await other.import(exported, { name: `out.${format}` })
      expect(await work(other)).toEqual(await work())
      await other.close()

      const edited = exported.replace(/converted/, 'new').replace('Call on Monday', 'Call on Friday')
      expect((await world.import(edited, { name: `edited.${format}` })).batch).toMatchObject({ updated_records: 1 })
      // Edited values stay, imported ones follow the second file.
      expect((await work()).map(([, status, , notes]) => [status, notes])).toEqual([
        ['contacted', 'Call on Friday;\n"early"'],
        ['new', null],
        ['converted', ' two\r\nlines, =1 '],
        ['new', '=SUM(A1)'],
      ])
    },
  )

  test('CRM fields are read from the mapped column, and not from an excluded one', async () => {
    await world.import('Name,E-mail,Phase,Comment\nAna,ana@uno.com,Qualified,secret\n', {
      map: { Phase: 'lead_status', Comment: null },
    })
    expect(await work()).toEqual([['ana@uno.com', 'qualified', null, null]])
  })
})
