import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { getStats } from '@leads/core/stats/get-stats'
import { getFillRates } from '@leads/core/syncs/fill-rate-warnings'
import { getSync, listSyncs } from '@leads/core/syncs/list-syncs'
import { listRanges, RANGES_MAX } from '@leads/core/syncs/ranges'
import { reconcile } from '@leads/core/syncs/reconcile'
import { STUCK_AFTER_MS } from '@leads/core/syncs/retry-policy'
import type { SyncOutcome } from '@leads/core/syncs/run-sync'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { OPTIONS, useLongRun } from './long-run.ts'
import { createWorld, type World } from './world.ts'

/** A long run is split into ranges that several consumers read at once; its accounting is the sum. */

const cursorSecret = 'a secret of these tests'

describeEachEngine('a run that is split into ranges', (engine) => {
  const { addRun, split, countLeads, expectWhole } = useLongRun(() => world)
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  test('imports each item once, whatever the order in which its ranges are read', async () => {
    addRun(100)
    const ids = await split()
    expect(ids).toHaveLength(4)
    for (const id of ids.toReversed().slice(0, 3))
      expect(await world.readRange('long', id, OPTIONS)).toEqual({ outcome: 'read', range_ids: [] })
    // The first range is open, so the checkpoint of the run stands still.
    expect(await world.row('long')).toMatchObject({ sync_status: 'syncing', total_records: 0, next_offset: 0 })
    expect(await world.readRange('long', ids[0] as number, OPTIONS)).toEqual({ outcome: 'rejoined' })
    expect(await world.syncToEnd('long', OPTIONS)).toMatchObject({ outcome: 'completed' })
    await expectWhole(100)
  })

  test('imports each item once by consumers that work at the same time', async () => {
    addRun(130)
    const ids = await split()
    const outcomes = await Promise.all(ids.map((id) => world.readRange('long', id, OPTIONS)))
    expect(outcomes.filter(({ outcome }) => outcome === 'rejoined')).toHaveLength(1)
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(130)
  })

  test('is read once by two messages for each range, and a message for a range that is done changes nothing', async () => {
    addRun(100)
    const ids = await split()
    world.simulator.state.faults.add({ path: '/v2/datasets/*/items', count: 1, fault: { latency_ms: 500 } })
    const first = world.readRange('long', ids[0] as number, OPTIONS)
    await expect.poll(async () => (await listRanges(world.db, 'long'))[0]?.lease_id).toBeTruthy()
    const second = await world.readRange('long', ids[0] as number, OPTIONS)
    expect(second).toMatchObject({ outcome: 'continue', reason: 'busy' })
    await first
    for (const id of ids) await Promise.all([1, 2].map(() => world.readRange('long', id, OPTIONS)))
    for (const id of ids) expect(await world.readRange('long', id, OPTIONS)).toEqual({ outcome: 'rejoined' })
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(100)
  })

  test('hands a range over between two pages, and another consumer continues it', async () => {
    addRun(100)
    const [first] = await split()
    const turn = { slice_ms: 0, left_items_max: Number.POSITIVE_INFINITY }
    const outcome = await world.readRange('long', first as number, { ...OPTIONS, turn })
    expect(outcome).toMatchObject({ outcome: 'continue', reason: 'deadline' })
    expect((await listRanges(world.db, 'long'))[0]).toMatchObject({ next_offset: 10, range_start: 0, lease_id: null })
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(100)
  })

  test('whose messages are lost continues with the ranges that nobody reads', async () => {
    addRun(130)
    const ids = await split()
    await world.readRange('long', ids[1] as number, OPTIONS)
    const again = await world.sync('long', OPTIONS)
    expect(again).toEqual({ outcome: 'split', range_ids: ids.filter((id) => id !== ids[1]) })
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(130)
  })

  test('retries a failed range alone', async () => {
    addRun(100)
    const ids = await split()
    world.simulator.state.faults.add({ path: '/v2/datasets/*/items', count: 1000, fault: { status: 500 } })
    await expect(world.readRange('long', ids[2] as number, OPTIONS)).rejects.toThrow()
    world.simulator.state.faults.clear()
    for (const id of ids.filter((_, index) => index !== 2)) await world.readRange('long', id, OPTIONS)
    expect(await world.row('long')).toMatchObject({ total_records: 60, synced_records: 60 })
    expect(await world.sync('long', OPTIONS)).toEqual({ outcome: 'split', range_ids: [ids[2]] })
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(100)
  })

  test('that grows or is resurrected continues at the end', async () => {
    addRun(100)
    await split()
    world.simulator.state.appendItems('long', places(120).slice(110))
    await world.syncToEnd('long', OPTIONS)
    expect(await world.row('long')).toMatchObject({ sync_status: 'completed', total_records: 110, synced_records: 107 })
  })

  test('lets no consumer write by the checkpoint that the run had before', async () => {
    addRun(100)
    let splitBy: SyncOutcome | undefined
    // While one consumer reads its third page, another one, without a lease, splits the run.
    const readItems: typeof world.apify.readItems = async (request, ...rest) => {
      // Until the pages before are written, the split finds that the checkpoint has moved.
      for (let attempt = 0; request.offset === 20 && splitBy?.outcome !== 'split' && attempt < 200; attempt += 1) {
        splitBy = await world.sync('long', { ...OPTIONS, lease_s: 0 })
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return world.apify.readItems(request, ...rest)
    }
    const apify = { ...world.apify, readItems }
    const outcome = await world.sync('long', { ...OPTIONS, apify, split: undefined, lease_s: 0 })
    // The split may be written before its consumer has its answer.
    await expect.poll(() => splitBy?.outcome).toBe('split')
    expect(outcome).toMatchObject({ outcome: 'continue', reason: 'busy' })
    await world.syncToEnd('long', OPTIONS)
    await expectWhole(100)
  })

  test('is listed with what its ranges have read', async () => {
    addRun(100)
    const ids = await split()
    await world.readRange('long', ids[1] as number, OPTIONS)
    await world.readRange('long', ids[3] as number, OPTIONS)
    const counts = { total_records: 40, synced_records: 38, duplicate_records: 0, failed_records: 2, is_balanced: true }
    expect((await listSyncs(world.db, { cursor_secret: cursorSecret })).data).toMatchObject([counts])
    expect((await listSyncs(world.db, { cursor_secret: cursorSecret, fields: ['total_records'] })).data).toEqual([
      { total_records: 40, is_balanced: true },
    ])
    const sync = await getSync(world.db, 'long')
    expect(sync).toMatchObject(counts)
    expect(getFillRates(sync).leads).toBe(38)
    const { is_balanced, ...accounting } = counts
    expect((await getStats(world.db)).by_actor).toMatchObject([{ runs_count: 1, ...accounting }])
  })

  test('has each lead once where every range has the same leads', async () => {
    const items = [0, 1, 2, 3].flatMap(() => places(30))
    world.simulator.state.addRun({ id: 'long', actor_id: 'ann/places', items, finished_at: world.clock.ms - 3_600_000 })
    await split()
    await world.syncToEnd('long', OPTIONS)
    expect(await world.row('long')).toMatchObject({
      sync_status: 'completed',
      total_records: 120,
      synced_records: 30,
      duplicate_records: 90,
      failed_records: 0,
    })
    expect(await countLeads()).toBe(30)
  })

  test('is no longer stuck after each range, so reconcile queues it only when all consumers are gone', async () => {
    addRun(100)
    const ids = await split()
    const findStuck = async (): Promise<string[]> => {
      const queued: string[] = []
      await reconcile({
        db: world.db,
        apify: world.apify,
        queue: { send: async (run_ids) => void queued.push(...run_ids) },
        log: world.log,
        actor_ids: ['ann/places'],
        lookback_h: 72,
        now: () => world.clock.now(),
        remaining_ms: () => 300_000,
      })
      return queued
    }
    world.clock.ms += STUCK_AFTER_MS
    await world.readRange('long', ids[2] as number, OPTIONS)
    expect(await findStuck()).toEqual([])
    world.clock.ms += STUCK_AFTER_MS
    expect(await findStuck()).toEqual(['long'])
  })

  test('loses nothing when its ranges are removed by the down migration', async () => {
    addRun(100)
    const ids = await split()
    await world.readRange('long', ids[0] as number, OPTIONS)
    for (const id of ids.slice(2)) await world.readRange('long', id, OPTIONS)
    expect(await world.row('long')).toMatchObject({ total_records: 30 })
    const { database_url } = world
    await migrateDown(database_url, { to: '013' })
    await migrateUp(database_url)
    expect(await world.syncToEnd('long', { ...OPTIONS, split: undefined })).toMatchObject({ outcome: 'completed' })
    expect(await world.row('long')).toMatchObject({ total_records: 100, synced_records: 60, duplicate_records: 38 })
    expect(await countLeads()).toBe(97)
  })

  test('has larger ranges where there would be too many', async () => {
    const of_one_item = { ...OPTIONS, page_rows_max: 1000, split: { items_min: 2, range_items: 1 } }
    // One row for each item has more values than a statement of PostgreSQL or MySQL binds.
    addRun(8_000)
    await split(of_one_item)
    const ranges = await listRanges(world.db, 'long')
    expect(ranges).toHaveLength(RANGES_MAX)
    expect(ranges.at(-1)).toMatchObject({ range_end: 8_000 })
  })

  test('stays with one consumer while few items are left', async () => {
    addRun(39)
    expect(await world.syncToEnd('long', OPTIONS)).toMatchObject({ outcome: 'completed' })
    expect(world.log.lines.map(({ message }) => message)).not.toContain('The run is split into ranges')
    await expectWhole(39)
  })
})
