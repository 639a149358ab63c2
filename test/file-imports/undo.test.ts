import { getBatch } from '@leads/core/file-imports/batch-state'
import { listKeptLeads } from '@leads/core/file-imports/undo/undo-import'
import { createLead } from '@leads/core/leads/create-lead'
import { removeLead } from '@leads/core/leads/remove-lead'
import { updateLead } from '@leads/core/leads/update-lead'
import { mergeLeads } from '@leads/core/merges/merge-leads'
import { unmergeLead } from '@leads/core/merges/unmerge-lead'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { contents, createImportWorld, type ImportWorld, lasting } from './world.ts'

// Many imports of thousands of rows: slow on a busy machine.
vi.setConfig({ testTimeout: 300_000 })

const header = 'name,title,email,phone,company,website,city,industry\n'
const row = (number: number, { title = 'Director', phone = '', city = 'Madrid', industry = '' } = {}): string =>
  `Ana${number} Lopez,${title},ana${number}@firm${number}.com,${phone || `+34 911 000 ${String(number).padStart(3, '0')}`},Firm ${number},https://firm${number}.com,${city},${industry}\n`
const rows = (from: number, to: number, changes = {}): string =>
  Array.from({ length: to - from }, (_, index) => row(from + index, changes)).join('')

describeEachEngine('undo of an import', (engine) => {
  let world: ImportWorld
  beforeEach(async () => {
    world = await createImportWorld(engine)
  })
  afterEach(() => world.close())

  test('an address that a wrong row gave a lead identifies it no more, and what the lead states itself still does', async () => {
    await world.import(`${header}${row(1)}`)
    const wrong = await world.import(
      'name,email,email 2,title\nAna1 Lopez,ana1@firm1.com,otto.berg@post.example,Chief\n',
    )
    const identities = async () =>
      (await world.db.kysely.selectFrom('lead_identities').select('identity').orderBy('identity').execute()).map(
        ({ identity }) => identity,
      )
    expect(await identities()).toEqual(['email:ana1@firm1.com', 'email:otto.berg@post.example'])
    await world.undo(wrong.batch.import_batch_id)
    expect(await identities()).toEqual(['email:ana1@firm1.com'])
    const otto = await world.import('email,phone\notto.berg@post.example,+49 30 5550199\n')
    expect(otto.batch).toMatchObject({ synced_records: 1, match_counts: null })
    const again = await world.import('name,email,title\nAna1 Lopez,ana1@firm1.com,Owner\n')
    expect(again.batch).toMatchObject({ synced_records: 0, duplicate_records: 1 })
  })

  const by = () => ({ actor: 'ann', event_source: 'api' as const, at: world.now() })
  const idOf = async (number: number) => {
    const lead = await world.db.kysely
      .selectFrom('sales_leads')
      .select('id')
      .where('external_id', '=', `email:ana${number}@firm${number}.com`)
      .executeTakeFirstOrThrow()
    return lead.id
  }
  const leadOf = async (number: number) =>
    world.db.kysely
      .selectFrom('sales_leads')
      .selectAll()
      .where('id', '=', await idOf(number))
      .executeTakeFirstOrThrow()

  test('an undo of the first import leaves an empty database', async () => {
    const { batch } = await world.import(header + rows(0, 1200) + row(3, { title: 'Chief' }))
    const { counts, outcome } = await world.undo(batch.import_batch_id)
    expect({ outcome, counts }).toEqual({ outcome: 'undone', counts: { deleted: 1200, reverted: 0, kept: 0 } })
    expect(await contents(world.db)).toEqual({ leads: [], sources: [], events: [], companies: [] })
    expect(await getBatch(world.db, batch.import_batch_id)).toMatchObject({
      batch_status: 'undone',
      undone_at: expect.any(String),
    })
  })

  test('an undo restores leads, sources and companies that existed before the import', async () => {
    await world.import(header + rows(0, 20))
    await updateLead(world.db, await idOf(1), { title: 'Queen' }, by())
    await updateLead(world.db, await idOf(2), { phone: '+34911777777' }, by())
    const before = await lasting(world.db)
    // Changed leads, unchanged leads, leads edited before to the value of the file, backfilled companies, new leads.
    const { batch } = await world.import(
      header +
        rows(0, 8, { phone: '+34 911 777 777', city: 'Toledo', industry: 'Bakery' }) +
        rows(8, 12) +
        rows(100, 105),
    )
    expect(batch).toMatchObject({ synced_records: 5, duplicate_records: 12, updated_records: 8 })
    expect(await lasting(world.db)).not.toEqual(before)
    const { counts } = await world.undo(batch.import_batch_id)
    expect(counts).toEqual({ deleted: 5, reverted: 8, kept: 0 })
    expect(await lasting(world.db)).toEqual(before)
    expect(await leadOf(0)).toMatchObject({ version: 3, updated_by: 'cli:ann' })
  })

  test('an undo writes an event to the history of each restored lead', async () => {
    await world.import(header + rows(0, 2))
    const { batch } = await world.import(header + row(0, { title: 'Chief' }))
    await world.undo(batch.import_batch_id)
    const { events } = await contents(world.db)
    expect(events.map(({ event_type }) => event_type)).toEqual(['created', 'created', 'updated', 'updated'])
    expect(events.at(-1)).toMatchObject({
      event_name: 'Import taken back',
      event_data: { undone_import_batch_id: batch.import_batch_id },
      changed_fields: { title: { old: 'Chief', new: 'Director' } },
      actor: 'cli:ann',
    })
  })

  test('an undo keeps fields and leads that were edited since, and lists them', async () => {
    await world.import(header + rows(0, 3))
    const { batch } = await world.import(header + rows(0, 3, { title: 'Chief', city: 'Toledo' }) + rows(10, 16))
    await updateLead(world.db, await idOf(1), { title: 'Queen' }, by())
    await updateLead(world.db, await idOf(10), { notes: 'Call her' }, by())
    await removeLead(world.db, await idOf(11), by())
    await world.db.kysely
      .updateTable('sales_leads')
      .set({ city: 'Avila' })
      .where('id', '=', await idOf(12))
      .execute()
    const { counts } = await world.undo(batch.import_batch_id)
    expect(counts).toEqual({ deleted: 3, reverted: 2, kept: 4 })
    expect(await leadOf(1)).toMatchObject({ title: 'Queen', city: 'Madrid' })
    expect(await leadOf(0)).toMatchObject({ title: 'Director', city: 'Madrid' })
    expect(await leadOf(10)).toMatchObject({ notes: 'Call her' })
    expect(await leadOf(11)).toMatchObject({ is_deleted: true })
    const kept = await listKeptLeads(world.db, batch.import_batch_id, 10)
    expect(kept.map(({ full_name, kept_fields, kept_reason }) => [full_name, kept_fields, kept_reason])).toEqual([
      ['Ana1 Lopez', ['title'], 'changed since'],
      ['Ana10 Lopez', null, 'edited since'],
      ['Ana11 Lopez', null, 'edited since'],
      ['Ana12 Lopez', null, 'edited since'],
    ])
    // The next import still distinguishes edited from imported values.
    await world.import(header + row(1, { title: 'Baron', city: 'Burgos' }))
    expect(await leadOf(1)).toMatchObject({ title: 'Queen', city: 'Burgos' })
  })

  test('an undo leaves leads that were merged since as they are, names them, and the merge can still be undone', async () => {
    await world.import(header + rows(0, 4))
    const { batch } = await world.import(header + rows(0, 2, { title: 'Chief', city: 'Toledo' }) + rows(10, 14))
    const changed = await idOf(0)
    const created = await idOf(10)
    await mergeLeads(world.db, await idOf(2), changed, by())
    await mergeLeads(world.db, await idOf(3), created, by())
    const keeper = await idOf(11)
    await mergeLeads(world.db, keeper, await idOf(12), by())
    const { counts } = await world.undo(batch.import_batch_id)
    expect(counts).toEqual({ deleted: 1, reverted: 1, kept: 4 })
    const kept = await listKeptLeads(world.db, batch.import_batch_id, 10)
    expect(kept.map(({ full_name, kept_fields, kept_reason }) => [full_name, kept_fields, kept_reason])).toEqual([
      ['Ana0 Lopez', ['title', 'city'], 'merged since'],
      ['Ana10 Lopez', null, 'merged since'],
      ['Ana11 Lopez', null, 'merged since'],
      ['Ana12 Lopez', null, 'merged since'],
    ])
    for (const [merged_id, title] of [
      [changed, 'Chief'],
      [created, 'Director'],
    ] as const) {
      await unmergeLead(world.db, merged_id, by())
      const lead = await world.db.kysely.selectFrom('sales_leads').selectAll().where('id', '=', merged_id).execute()
      expect(lead).toMatchObject([{ is_deleted: false, merged_into_id: null, title }])
    }
  })

  test('after an undo, a lead that states the address of a removed one is still recognized', async () => {
    const couple = ['Iva', 'Jon'].map((given) => `name,email,title\n${given} Moll,moll@post.example,Director\n`)
    const [iva = '', jon = ''] = couple
    const { batch } = await world.import(iva)
    await world.import(jon)
    expect((await world.undo(batch.import_batch_id)).counts).toEqual({ deleted: 1, reverted: 0, kept: 0 })
    const again = await world.import(jon.replace('Director', 'Chair'))
    expect(again.batch).toMatchObject({ synced_records: 0, duplicate_records: 1, updated_records: 1 })
  })

  test('an undo keeps leads that a later import contained, with the values of that import', async () => {
    const first = await world.import(header + rows(0, 4))
    await world.import(header + row(0) + row(1, { title: 'Chief' }))
    const { counts } = await world.undo(first.batch.import_batch_id)
    expect(counts).toEqual({ deleted: 2, reverted: 0, kept: 2 })
    expect(await leadOf(1)).toMatchObject({ title: 'Chief' })
    const kept = await listKeptLeads(world.db, first.batch.import_batch_id, 10)
    expect(kept.map(({ kept_reason }) => kept_reason)).toEqual(Array(2).fill('another import has seen it since'))
  })

  test('an undo keeps a field that a later import changed, and the merge base of that import', async () => {
    await world.import(header + row(0))
    const second = await world.import(header + row(0, { title: 'Chief', city: 'Toledo' }))
    await world.import(header + row(0, { title: 'Boss', city: 'Toledo' }))
    await world.undo(second.batch.import_batch_id)
    expect(await leadOf(0)).toMatchObject({ title: 'Boss', city: 'Madrid' })
    await world.import(header + row(0, { title: 'Baron', city: 'Burgos' }))
    expect(await leadOf(0)).toMatchObject({ title: 'Baron', city: 'Burgos' })
  })

  test('two imports can be undone one after the other, the later one first', async () => {
    const first = await world.import(header + rows(0, 3))
    const second = await world.import(header + rows(0, 3, { title: 'Chief' }))
    await world.undo(second.batch.import_batch_id)
    const { counts } = await world.undo(first.batch.import_batch_id)
    expect(counts).toEqual({ deleted: 3, reverted: 0, kept: 0 })
    expect((await contents(world.db)).leads).toEqual([])
  })

  test('an undo keeps a company that has another lead or was edited', async () => {
    const { batch } = await world.import(header + rows(0, 3))
    const companies = await world.db.kysely.selectFrom('companies').select('id').orderBy('company_key').execute()
    await createLead(
      world.db,
      { full_name: 'Bob Stone', email: 'bob@firm0.com', company_id: companies[0]?.id ?? 0 },
      by(),
    )
    await world.db.kysely
      .updateTable('companies')
      .set({ name: 'Firma Uno', updated_by: 'ann' })
      .where('id', '=', companies[1]?.id ?? 0)
      .execute()
    await world.undo(batch.import_batch_id)
    const left = await world.db.kysely.selectFrom('companies').select('name').orderBy('company_key').execute()
    expect(left).toEqual([{ name: 'Firm 0' }, { name: 'Firma Uno' }])
  })

  test('an undone file can be imported again and undone again', async () => {
    const { batch } = await world.import(header + rows(0, 5))
    await world.undo(batch.import_batch_id)
    const again = await world.import(header + rows(0, 5))
    expect(again).toMatchObject({
      outcome: 'completed',
      batch: { import_batch_id: `${batch.import_batch_id}-2`, synced_records: 5 },
    })
    expect(await world.undo(batch.import_batch_id)).toMatchObject({ outcome: 'known' })
    expect((await contents(world.db)).leads).toHaveLength(5)
    await world.undo(again.batch.import_batch_id)
    expect((await contents(world.db)).leads).toHaveLength(0)
  })

  test('an undo that is stopped at any moment is completed by the next run', async () => {
    await world.import(header + rows(0, 1300))
    const before = await lasting(world.db)
    const { batch } = await world.import(header + rows(600, 2600, { title: 'Chief' }))
    for (let stops = 0; ; stops += 1) {
      let asked = 0
      // Attempt N stops at check N of the signal.
      const signal = {
        throwIfAborted() {
          asked += 1
          if (asked > stops) throw new DOMException('stopped', 'AbortError')
        },
      } as AbortSignal
      try {
        await world.undo(batch.import_batch_id, signal)
        expect(stops).toBeGreaterThan(3)
        break
      } catch (error) {
        expect((error as Error).name).toBe('AbortError')
        await expect(world.import(header + rows(600, 2600, { title: 'Chief' }))).rejects.toMatchObject({
          code: 'conflict',
        })
      }
    }
    expect(await lasting(world.db)).toEqual(before)
  })

  test('an import that was stopped before its end can be undone', async () => {
    const controller = new AbortController()
    const stopped = world.import(header + rows(0, 2500), {
      import_batch_id: 'half',
      context: { signal: controller.signal, onProgress: () => controller.abort() },
    })
    await expect(stopped).rejects.toThrow()
    expect((await contents(world.db)).leads.length).toBeGreaterThan(0)
    await world.undo('half')
    expect(await contents(world.db)).toEqual({ leads: [], sources: [], events: [], companies: [] })
  })

  test('an undo of an unknown import fails with not_found', async () => {
    await expect(world.undo('nix')).rejects.toMatchObject({ code: 'not_found' })
  })
})
