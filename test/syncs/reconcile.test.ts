import { ApifyTransientError } from '@leads/core/apify/apify-errors'
import { type ReconcileOptions, reconcile } from '@leads/core/syncs/reconcile'
import { CALL_ATTEMPTS_MAX } from '@leads/core/syncs/retry-policy'
import { readWatermark } from '@leads/core/syncs/watermark'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const HOUR_MS = 3_600_000

describeEachEngine('reconcile', (engine) => {
  let world: World
  let queued: string[]
  beforeEach(async () => {
    world = await createWorld(engine)
    queued = []
  })
  afterEach(() => world.close())
  const state = () => world.simulator.state
  const run = (changes: Partial<ReconcileOptions> = {}) =>
    reconcile({
      db: world.db,
      apify: world.apify,
      log: world.log,
      actor_ids: [],
      lookback_h: 72,
      queue: { send: async (run_ids) => void queued.push(...run_ids) },
      now: () => world.clock.now(),
      remaining_ms: () => 300_000,
      ...changes,
    })

  test('queues a run whose webhook was lost, once it is seen nothing more', async () => {
    state().addRun({ id: 'lost', actor_id: 'ann/places', items: places(3) })
    expect(await run()).toMatchObject({ listed: 1, missed: 1, stuck: 0, due: 0 })
    expect(queued).toEqual(['lost'])
    await world.syncToEnd('lost')
    expect(await run()).toMatchObject({ listed: 1, missed: 0 })
    expect(queued).toEqual(['lost'])
  })

  test('queues a run that was resurrected since its sync', async () => {
    state().addRun({ id: 'again', actor_id: 'ann/places', items: places(3) })
    await world.syncToEnd('again')
    world.clock.ms += HOUR_MS
    state().resurrectRun('again')
    state().appendItems('again', places(2, 3))
    state().finishRun('again')
    await run()
    expect(queued).toEqual(['again'])
    await world.syncToEnd('again')
    expect((await world.row('again')).total_records).toBe(5)
  })

  test('queues a sync that lost its consumer, after fifteen minutes without a sign of life', async () => {
    state().addRun({ id: 'stuck', actor_id: 'ann/places', items: places(5) })
    await world.sync('stuck', { page_rows_max: 2, remaining_ms: () => 0 })
    world.clock.ms += 14 * 60_000
    expect(await run()).toMatchObject({ stuck: 0, missed: 0 })
    world.clock.ms += 2 * 60_000
    expect(await run()).toMatchObject({ stuck: 1, missed: 0 })
    expect(queued).toEqual(['stuck'])
  })

  test('queues a thousand stuck syncs at once, and leaves more to the next time', async () => {
    const at = new Date(world.clock.ms - HOUR_MS)
    const stamps = { created_at: at, updated_at: at, created_by: 'sync', updated_by: 'sync' }
    const rows = Array.from({ length: 1002 }, (_, index) => ({ run_id: `stuck ${index}`, ...stamps }))
    await world.db.kysely.insertInto('apify_sync_states').values(rows).execute()
    expect(await run()).toMatchObject({ stuck: 1000 })
    expect(new Set(queued).size).toBe(1000)
  })

  test('does not count a run that waits for hours, and is polled, as stuck', async () => {
    state().addRun({ id: 'waiting', actor_id: 'ann/places', status: 'READY', items: [] })
    // Nor does it cost anything yet.
    const getRun = async (id: string) => ({ ...(await world.apify.getRun(id)), compute_units: 0, cost_usd: 0 })
    const follow = () => world.sync('waiting', { apify: { ...world.apify, getRun } })
    for (let quarter = 0; quarter < 8; quarter += 1) {
      expect(await follow()).toMatchObject({ outcome: 'continue', reason: 'running' })
      world.clock.ms += 8 * 60_000
      expect(await follow()).toMatchObject({ outcome: 'continue', reason: 'running' })
      world.clock.ms += 8 * 60_000
      expect(await run()).toMatchObject({ stuck: 0, missed: 0 })
    }
    world.clock.ms += 16 * 60_000
    expect(await run()).toMatchObject({ stuck: 1 })
  })

  test('queues an attempt when it is due, and not before', async () => {
    state().addRun({ id: 'due', actor_id: 'ann/places', items: places(5) })
    state().faults.add({ path: '/v2/datasets/*', count: CALL_ATTEMPTS_MAX, fault: { status: 503 } })
    await expect(world.sync('due')).rejects.toThrow('503')
    world.clock.ms += 59_000
    expect(await run()).toMatchObject({ due: 0 })
    world.clock.ms += 1000
    expect(await run()).toMatchObject({ due: 1 })
    expect(queued).toEqual(['due'])
  })

  test('ignores runs that failed permanently until they change', async () => {
    state().addRun({ id: 'gone', actor_id: 'ann/places', items: places(1) })
    state().expireDataset(state().run('gone').defaultDatasetId)
    await world.sync('gone')
    world.clock.ms += HOUR_MS
    await run()
    expect(queued).toEqual([])
  })

  test('after an outage of weeks looks back to where it had come, and over the longest run', async () => {
    await run()
    const reached_at = world.clock.ms
    state().addRun({ id: 'early', actor_id: 'ann/places', items: places(1), started_at: reached_at - 71 * HOUR_MS })
    state().addRun({ id: 'first day', actor_id: 'ann/places', items: places(1), started_at: reached_at + HOUR_MS })
    world.clock.ms += 21 * 24 * HOUR_MS
    expect(await run()).toMatchObject({ listed: 2, missed: 2 })
    expect([...queued].sort()).toEqual(['early', 'first day'])
    expect((await readWatermark(world.db, 'reconcile'))?.getTime()).toBe(world.clock.ms)
  })

  test('does not move its watermark when the queue refuses', async () => {
    await run()
    const reached = await readWatermark(world.db, 'reconcile')
    world.clock.ms += HOUR_MS
    state().addRun({ id: 'lost', actor_id: 'ann/places', items: places(1) })
    const queue = { send: () => Promise.reject(new Error('The queue is unavailable.')) }
    await expect(run({ queue })).rejects.toThrow('The queue is unavailable.')
    expect(await readWatermark(world.db, 'reconcile')).toEqual(reached)
  })

  test('stops when its time runs out, queues what it has found, and does not move its watermark', async () => {
    for (let number = 0; number < 1200; number += 1)
      state().addRun({ id: `run ${number}`, actor_id: 'ann/places', items: [] })
    let looks = 0
    const result = await run({ remaining_ms: () => (looks++ === 0 ? 300_000 : 1000) })
    expect(result).toMatchObject({ listed: 1000, missed: 1000 })
    expect(queued).toHaveLength(1000)
    expect(await readWatermark(world.db, 'reconcile')).toBeUndefined()
    queued = []
    expect(await run()).toMatchObject({ listed: 1200, missed: 1200 })
  })

  test('queues stuck and due syncs first, and lists each Actor by itself: a deleted one stops nothing', async () => {
    state().addRun({ id: 'stuck', actor_id: 'ours', actor_name: 'ann/ours', items: places(5) })
    await world.sync('stuck', { page_rows_max: 2, remaining_ms: () => 0 })
    world.clock.ms += 16 * 60_000
    state().addRun({ id: 'missed', actor_id: 'ours', actor_name: 'ann/ours', items: [] })
    const result = await run({ actor_ids: ['ann~deleted', 'ann~ours'], wait: async () => {} })
    expect(queued).toEqual(['stuck', 'missed'])
    expect(result).toMatchObject({ stuck: 1, missed: 1, listed: 2 })
    expect(result.failures).toEqual([
      { actor_id: 'ann~deleted', error_message: expect.stringContaining('ann~deleted'), is_permanent: true },
    ])
    expect(world.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { actor_id: 'ann~deleted' } },
    ])
    // Its runs cannot be listed any more, so nothing would be gained by looking back further and further.
    expect((await readWatermark(world.db, 'reconcile'))?.getTime()).toBe(world.clock.ms)
  })

  test('queues stuck syncs while Apify is unavailable, and does not move its watermark', async () => {
    state().addRun({ id: 'stuck', actor_id: 'ann/places', items: places(5) })
    await world.sync('stuck', { page_rows_max: 2, remaining_ms: () => 0 })
    world.clock.ms += 16 * 60_000
    state().faults.add({ path: '/v2/actor-runs', fault: { status: 403 } })
    const result = await run()
    expect(queued).toEqual(['stuck'])
    expect(result.failures).toMatchObject([{ actor_id: null, is_permanent: false }])
    expect(await readWatermark(world.db, 'reconcile')).toBeUndefined()
  })

  test('retries a list in place', async () => {
    state().addRun({ id: 'lost', actor_id: 'ann/places', items: [] })
    const waits: number[] = []
    const listRuns: typeof world.apify.listRuns = (options) =>
      waits.length < 3 ? Promise.reject(new ApifyTransientError('503')) : world.apify.listRuns(options)
    const result = await run({ apify: { ...world.apify, listRuns }, wait: async (ms) => void waits.push(ms) })
    expect(result).toMatchObject({ missed: 1, failures: [] })
  })

  test('lists only the runs of the given Actors', async () => {
    state().addRun({ id: 'ours', actor_id: 'ours', actor_name: 'ann/ours', items: [] })
    state().addRun({ id: 'other', actor_id: 'other', actor_name: 'ann/other', items: [] })
    await run({ actor_ids: ['ann~ours'] })
    expect(queued).toEqual(['ours'])
  })

  test('syncs every run of an hour whose webhooks were all lost', async () => {
    for (let number = 0; number < 12; number += 1)
      state().addRun({ id: `run ${number}`, actor_id: 'ann/places', items: places(10, number * 5) })
    world.clock.ms += HOUR_MS
    await run()
    await Promise.all(queued.map((run_id) => world.syncToEnd(run_id)))
    const { count } = await world.db.kysely
      .selectFrom('sales_leads')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(65)
    queued = []
    await run()
    expect(queued).toEqual([])
  })
})
