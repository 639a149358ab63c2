import { type CleanupOptions, cleanUp } from '@leads/core/cleanup/clean-up'
import { trimSightings } from '@leads/core/cleanup/trim-sightings'
import { openDatabase } from '@leads/core/database/open-database'
import { readSightings } from '@leads/core/leads/sightings'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents } from './contents.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const DAY_MS = 86_400_000

describeEachEngine('the clean-up', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: [...places(20), {}] })
    await world.syncToEnd('run')
  })
  afterEach(() => world.close())

  const run = (changes: Partial<CleanupOptions> = {}) =>
    cleanUp({
      db: world.db,
      log: world.log,
      retention_days: 90,
      rejection_retention_days: 30,
      is_dry_run: false,
      now: () => world.clock.now(),
      remaining_ms: () => 900_000,
      ...changes,
    })
  const remove = (table: 'sales_leads' | 'companies' | 'apify_sync_states', days_ago: number, below = 1e9) =>
    world.db.kysely
      .updateTable(table)
      .set({ is_deleted: true, deleted_at: new Date(world.clock.ms - days_ago * DAY_MS) })
      .where('id', '<=', below)
      .execute()
  const counts = async () => {
    const { leads, sources, events, companies, syncs, rejections } = await readContents(world.db)
    return [leads, sources, events, companies, syncs, rejections].map(({ length }) => length)
  }

  test('removes what was deleted longer ago than the retention, children first, and nothing else', async () => {
    await remove('sales_leads', 91, 5)
    await world.db.kysely
      .updateTable('sales_leads')
      .set({ is_deleted: true, deleted_at: new Date(world.clock.ms - 89 * DAY_MS) })
      .where('id', 'in', [6, 7])
      .execute()
    const result = await run()
    expect(result).toMatchObject({ sales_leads: 5, lead_events: 5, companies: 0, is_finished: true })
    expect(await counts()).toEqual([15, 15, 15, 20, 1, 1])
    expect(await run()).toMatchObject({ sales_leads: 0, lead_events: 0 })
  })

  test('removes the sightings of a lead with the lead', async () => {
    world.simulator.state.addRun({ id: 'second', actor_id: 'bob/other', items: places(20) })
    await world.syncToEnd('second')
    const countSightings = async () =>
      (await world.db.kysely.selectFrom('lead_sightings').select('lead_id').execute()).length
    expect(await countSightings()).toBe(20)
    await remove('sales_leads', 91, 5)
    await run()
    expect(await countSightings()).toBe(15)
  })

  test('says in a dry run what would go, and removes nothing', async () => {
    await remove('sales_leads', 91, 5)
    await remove('apify_sync_states', 91)
    const before = await counts()
    expect(await run({ is_dry_run: true })).toMatchObject({ sales_leads: 5, lead_events: 5, apify_sync_states: 1 })
    expect(await counts()).toEqual(before)
    expect(await run()).toMatchObject({ sales_leads: 5, lead_events: 5, apify_sync_states: 1 })
  })

  describe('sightings', () => {
    /** Seen by `count` runs: two of them each hour, so that the run decides between those of one time. */
    const addSightings = (lead_id: number, count: number) =>
      world.db.kysely
        .insertInto('lead_sightings')
        .values(
          Array.from({ length: count }, (_, index) => ({
            lead_id,
            source_type: 'apify' as const,
            source_id: `met-${String(index).padStart(3, '0')}`,
            seen_at: new Date(world.clock.ms - (index >> 1) * 3_600_000),
          })) as never,
        )
        .execute()
    /** One whose id is far from the others', as after years of imports. */
    const addFarLead = (id: number) =>
      world.db.kysely
        .insertInto('sales_leads')
        .values({ id, provider_name: 'apify', external_id: `far-${id}`, full_name: 'Ann', source: 'apify' } as never)
        .execute()
    const left = async () => {
      const rows = await world.db.kysely
        .selectFrom('lead_sightings')
        .select((select) => ['lead_id', select.fn.countAll().as('sightings')])
        .groupBy('lead_id')
        .orderBy('lead_id')
        .execute()
      return rows.map(({ lead_id, sightings }) => [lead_id, Number(sightings)])
    }

    test('keeps the newest fifty of each lead, which lists return, and removes the rest', async () => {
      const ids = [1, 2, 3, 4, 25_000, 2_000_000]
      await addFarLead(25_000)
      await addFarLead(2_000_000)
      for (const [index, count] of [75, 50, 3, 51, 53, 200].entries()) await addSightings(ids[index] as number, count)
      const told = await readSightings(world.db, ids)
      expect(await run()).toMatchObject({ lead_sightings: 25 + 1 + 3 + 150, sales_leads: 0, is_finished: true })
      expect(await left()).toEqual([[1, 50], [2, 50], [3, 3], ...[4, 25_000, 2_000_000].map((id) => [id, 50])])
      expect(await readSightings(world.db, ids)).toEqual(told)
      expect(await run()).toMatchObject({ lead_sightings: 0 })
    })

    test('counts them in a dry run as the clean-up then does, and removes none', async () => {
      for (const [lead_id, count] of [
        [1, 60],
        [2, 70],
        [8, 55],
      ] as const)
        await addSightings(lead_id, count)
      // Is purged as a whole, with all its sightings.
      await remove('sales_leads', 91, 1)
      const before = await left()
      expect(await run({ is_dry_run: true })).toMatchObject({ lead_sightings: 25, sales_leads: 1 })
      expect(await left()).toEqual(before)
      expect(world.log.lines.at(-1)).toMatchObject({ message: 'Would clean up', fields: { lead_sightings: 25 } })
      expect(await run()).toMatchObject({ lead_sightings: 25, sales_leads: 1 })
      expect(world.log.lines.at(-1)).toMatchObject({ message: 'Cleaned up', fields: { lead_sightings: 25 } })
    })

    test('stops when its time runs out, and the next one removes the rest', async () => {
      await addFarLead(25_000)
      await addSightings(1, 60)
      await addSightings(25_000, 60)
      let looks = 0
      const options = { db: world.db, is_dry_run: false, deleted_before: new Date(0), now: world.clock.now }
      const first = await trimSightings({ ...options, hasTime: () => looks++ < 2 })
      expect(first).toEqual({ rows: 10, is_finished: false })
      expect(await left()).toEqual([
        [1, 50],
        [25_000, 60],
      ])
      expect(await run({ remaining_ms: () => 4000 })).toMatchObject({ lead_sightings: 0, is_finished: false })
      expect(await run()).toMatchObject({ lead_sightings: 10, is_finished: true })
    })

    test('of the last lead are removed although no clean-up has the time to read those of all leads', async () => {
      const ids = [1, 25_000, 50_000, 75_000]
      for (const id of ids.slice(1)) await addFarLead(id)
      for (const id of ids) await addSightings(id, 60)
      const trim = (looks_max: number) => {
        let looks = 0
        const options = { db: world.db, is_dry_run: false, deleted_before: new Date(0), now: world.clock.now }
        return trimSightings({ ...options, hasTime: () => looks++ < looks_max })
      }
      // Time for two leads each: for each the scan and the batch ask.
      expect(await trim(4)).toEqual({ rows: 20, is_finished: false })
      expect(await trim(4)).toEqual({ rows: 20, is_finished: false })
      expect(await left()).toEqual(ids.map((id) => [id, 50]))
      expect(await trim(4)).toEqual({ rows: 0, is_finished: true })
      await addSightings(2, 55)
      expect(await trim(4)).toMatchObject({ rows: 5 })
    })

    test('those that are noted while it removes older ones stay', async () => {
      await addSightings(1, 60)
      world.simulator.state.addRun({ id: 'second', actor_id: 'bob/other', items: places(20) })
      world.clock.ms += 1000
      const [result] = await Promise.all([run(), world.syncToEnd('second')])
      const { lead_sightings } = await run()
      expect(result.lead_sightings + lead_sightings).toBe(11)
      const sightings = (await readSightings(world.db, [1])).get(1)
      expect(sightings).toHaveLength(50)
      expect(sightings?.[0]).toMatchObject({ run_id: 'second' })
    })
  })

  test('removes companies only when no lead refers to them', async () => {
    await remove('companies', 91)
    expect(await run()).toMatchObject({ companies: 0 })
    await remove('sales_leads', 91, 3)
    expect(await run()).toMatchObject({ sales_leads: 3, companies: 3 })
    expect(await counts()).toEqual([17, 17, 17, 17, 1, 1])
  })

  test('says in a dry run of companies what the clean-up then does', async () => {
    await remove('companies', 91)
    await remove('sales_leads', 91, 3)
    const told = await run({ is_dry_run: true })
    expect(await run()).toMatchObject({ companies: told.companies, sales_leads: told.sales_leads })
  })

  test('removes rejections by their own retention, and old keys', async () => {
    const { kysely } = world.db
    const key = (name: string, changes: object) => ({
      name,
      key_prefix: 'lk',
      key_hash: name,
      scopes: ['read'],
      ...changes,
    })
    const days = (count: number) => new Date(world.clock.ms + count * DAY_MS)
    await kysely
      .insertInto('api_keys')
      .values([
        key('in use', {}) as never,
        key('long revoked', { revoked_at: days(-91) }) as never,
        key('just revoked', { revoked_at: days(-1) }) as never,
        key('long expired', { expires_at: days(-91) }) as never,
        key('expires later', { expires_at: days(10) }) as never,
      ])
      .execute()
    expect(await run()).toMatchObject({ sync_rejections: 0, api_keys: 2 })
    world.clock.ms += 31 * DAY_MS
    expect(await run()).toMatchObject({ sync_rejections: 1 })
    const left = await kysely.selectFrom('api_keys').select('name').orderBy('name').execute()
    expect(left.map(({ name }) => name)).toEqual(['expires later', 'in use', 'just revoked'])
  })

  test('removes stored answers after a day, and what file imports kept for their undo after the retention', async () => {
    const { kysely } = world.db
    const days = (count: number) => new Date(world.clock.ms - count * DAY_MS)
    await kysely
      .insertInto('api_keys')
      .values({ name: 'k', key_prefix: 'lk', key_hash: 'h', scopes: ['read'] })
      .execute()
    const { id: api_key_id } = await kysely.selectFrom('api_keys').select('id').executeTakeFirstOrThrow()
    const answer = (idempotency_key: string, created_at: Date) => ({
      api_key_id,
      idempotency_key,
      request_hash: 'r',
      claim: 'c',
      locked_at: created_at,
      created_at,
    })
    await kysely
      .insertInto('idempotency_keys')
      .values([answer('old', days(2)), answer('new', days(0))] as never)
      .execute()
    const batch = (import_batch_id: string, updated_at: Date) => ({
      import_batch_id,
      file_hash: 'f',
      options_hash: import_batch_id,
      import_options: {},
      updated_at,
    })
    await kysely
      .insertInto('import_batches')
      .values([batch('old', days(91)), batch('new', days(1))] as never)
      .execute()
    const company = (import_batch_id: string) => ({ import_batch_id, company_key: 'domain:example.com' })
    await kysely
      .insertInto('import_companies')
      .values([company('old'), company('new')] as never)
      .execute()
    expect(await run({ is_dry_run: true })).toMatchObject({ idempotency_keys: 1, import_batches: 1 })
    expect(await run()).toMatchObject({ idempotency_keys: 1, import_batches: 1 })
    const left = await kysely.selectFrom('import_companies').select('import_batch_id').execute()
    expect(left).toEqual([{ import_batch_id: 'new' }])
    expect(await run()).toMatchObject({ idempotency_keys: 0, import_batches: 0, is_finished: true })
  })

  describe('of old events', () => {
    const ageEvents = (days_ago: number, lead_ids_to: number) =>
      world.db.kysely
        .updateTable('lead_events')
        .set({ event_timestamp: new Date(world.clock.ms - days_ago * DAY_MS) as never })
        .where('lead_id', '<=', lead_ids_to)
        .execute()
    const countEvents = async () => (await readContents(world.db)).events.length

    test('removes those older than their retention, and none without one', async () => {
      await ageEvents(400, 12)
      expect(await run()).toMatchObject({ lead_events: 0 })
      expect(await run({ event_retention_days: 401 })).toMatchObject({ lead_events: 0 })
      expect(await run({ event_retention_days: 365, is_dry_run: true })).toMatchObject({ lead_events: 12 })
      expect(await countEvents()).toBe(20)
      expect(await run({ event_retention_days: 365 })).toMatchObject({ lead_events: 12, sales_leads: 0 })
      expect(await countEvents()).toBe(8)
      expect((await readContents(world.db)).leads).toHaveLength(20)
    })

    test('counts in a dry run no event twice whose lead is purged', async () => {
      await ageEvents(400, 12)
      await remove('sales_leads', 91, 5)
      const dry = await run({ event_retention_days: 365, is_dry_run: true })
      const { lead_events } = await run({ event_retention_days: 365 })
      expect(lead_events).toBe(12)
      expect(dry.lead_events).toBe(lead_events)
    })

    test('keeps what the undo of an import reads: the events since the oldest import that is kept', async () => {
      await ageEvents(400, 6)
      const imported = {
        file_hash: 'f',
        options_hash: 'o',
        import_options: {} as never,
        updated_at: new Date(world.clock.ms),
      }
      const created_at = new Date(world.clock.ms - 500 * DAY_MS)
      await world.db.kysely
        .insertInto('import_batches')
        .values({ ...imported, import_batch_id: 'long', created_at } as never)
        .execute()
      expect(await run({ event_retention_days: 365 })).toMatchObject({ lead_events: 0 })
      await world.db.kysely.deleteFrom('import_batches').execute()
      expect(await run({ event_retention_days: 365 })).toMatchObject({ lead_events: 6 })
    })

    test('stops when its time runs out, and the next one removes the rest', async () => {
      world.simulator.state.addRun({ id: 'more', actor_id: 'ann/places', items: places(2500, 100) })
      await world.syncToEnd('more')
      await ageEvents(400, 1e9)
      let looks = 0
      const counted = () => {
        looks += 1
        return 900_000
      }
      await run({ remaining_ms: counted })
      // Time for all steps before, and for one batch of events instead of the look at sightings.
      let left = looks
      const first = await run({ event_retention_days: 365, remaining_ms: () => (left-- > 0 ? 900_000 : 4000) })
      expect(first).toMatchObject({ lead_events: 2000, is_finished: false })
      expect(await run({ event_retention_days: 365 })).toMatchObject({ lead_events: 520, is_finished: true })
    })
  })

  test('removes the times of writes by keys after a day, and no other state of a task', async () => {
    const state = (name: string, hours_ago: number) =>
      world.db.kysely
        .insertInto('task_states')
        .values({ name, task_state: {}, updated_at: new Date(world.clock.ms - hours_ago * 3_600_000) })
        .execute()
    for (const [name, hours_ago] of [
      ['api_key_writes:1', 25],
      ['api_key_writes:2', 23],
      ['replica_heartbeat', 25],
    ] as const)
      await state(name, hours_ago)
    const names = async () => {
      const rows = await world.db.kysely.selectFrom('task_states').select('name').orderBy('name').execute()
      return rows.map(({ name }) => name).filter((name) => /^(?:api_key_writes|replica)/.test(name))
    }
    await run({ is_dry_run: true })
    expect(await names()).toHaveLength(3)
    await run()
    expect(await names()).toEqual(['api_key_writes:2', 'replica_heartbeat'])
  })

  test('stops when its time runs out, and the next one resumes', async () => {
    world.simulator.state.addRun({ id: 'more', actor_id: 'ann/places', items: places(1500, 100) })
    await world.syncToEnd('more')
    await remove('sales_leads', 91)
    let looks = 0
    const first = await run({ remaining_ms: () => (looks++ < 2 ? 900_000 : 4000) })
    expect(first).toMatchObject({ sales_leads: 1000, lead_events: 1000, is_finished: false })
    expect((await counts())[0]).toBe(520)
    expect(await run()).toMatchObject({ sales_leads: 520, is_finished: true })
    expect((await counts()).slice(0, 3)).toEqual([0, 0, 0])
  })

  test('never touches a row that was restored concurrently', async () => {
    await remove('sales_leads', 91)
    // SQLite works within this process and would wait for itself on a second connection.
    const other = engine === 'sqlite' ? world.db : await openDatabase(world.database_url, { connections_max: 2 })
    // Half of them are restored individually while the clean-up runs.
    const restore = async () => {
      let restored = 0
      for (let id = 2; id <= 20; id += 2) {
        const { numUpdatedRows } = await other.kysely
          .updateTable('sales_leads')
          .set({ is_deleted: false, deleted_at: null })
          .where('id', '=', id)
          .executeTakeFirst()
        restored += Number(numUpdatedRows)
      }
      return restored
    }
    const [restored, result] = await Promise.all([restore(), run()])
    if (other !== world.db) await other.close()
    expect(result.sales_leads).toBe(20 - restored)
    const { leads, sources, events } = await readContents(world.db)
    expect([leads.length, sources.length, events.length]).toEqual([restored, restored, restored])
    for (const lead of leads) expect(lead.is_deleted).toBe(false)
  })

  test('while a run brings the same leads again, nothing breaks and every item is accounted for', async () => {
    await remove('sales_leads', 91)
    world.simulator.state.addRun({ id: 'again', actor_id: 'ann/places', items: places(20) })
    await Promise.all([world.syncToEnd('again', { page_rows_max: 2 }), run()])
    const row = await world.row('again')
    expect(row).toMatchObject({ sync_status: 'completed', total_records: 20, failed_records: 0 })
    expect(row.synced_records + row.duplicate_records).toBe(20)
  })
})
