import { ApifyPermanentError } from '@leads/core/apify/apify-errors'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { readContents, sizes } from './contents.ts'
import { place, places } from './items.ts'
import { createWorld, type World } from './world.ts'

describeEachEngine('the lives of a run', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())
  const state = () => world.simulator.state
  const leads = async () => (await readContents(world.db)).leads.length

  test.each(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED-OUT'] as const)(
    'a run that ended as %s has its data imported and keeps its status',
    async (status) => {
      state().addRun({ id: 'run', actor_id: 'ann/places', status, items: places(25), usage_total_usd: 1.25 })
      expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
      expect(await world.row('run')).toMatchObject({
        sync_status: 'completed',
        run_status: status,
        total_records: 25,
        synced_records: 25,
        next_offset: 25,
        cost_usd: 1.25,
        error_message: null,
        next_sync_at: null,
      })
      expect(await leads()).toBe(25)
    },
  )

  test('leads appear while the run is still working, by delayed messages, until it ends', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', status: 'RUNNING', items: places(5) })
    expect(await world.sync('run')).toEqual({ outcome: 'continue', delay_s: 30, reason: 'running' })
    expect(await leads()).toBe(5)
    world.clock.ms += 30_000
    state().appendItems('run', places(4, 5))
    expect(await world.sync('run')).toMatchObject({ outcome: 'continue', delay_s: 30 })
    expect(await leads()).toBe(9)
    state().appendItems('run', places(3, 9))
    state().finishRun('run')
    expect(await world.sync('run')).toEqual({ outcome: 'continue', delay_s: 10, reason: 'settling' })
    world.clock.ms += 10_000
    expect(await world.sync('run')).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toMatchObject({ total_records: 12, synced_records: 12, run_status: 'SUCCEEDED' })
  })

  test('the items that Apify reports are recorded at each read, for a progress display', async () => {
    state().addRun({
      id: 'run',
      actor_id: 'ann/places',
      status: 'RUNNING',
      items: places(5),
      datasets: { more: places(3, 100) },
    })
    await world.sync('run', { page_rows_max: 2, remaining_ms: () => 0 })
    expect(await world.row('run')).toMatchObject({ total_records: 2, dataset_item_count: 5 })
    await world.sync('run')
    expect(await world.row('run')).toMatchObject({ total_records: 8, dataset_item_count: 8 })
    state().appendItems('run', places(4, 5))
    await world.sync('run')
    expect(await world.row('run')).toMatchObject({ total_records: 12, dataset_item_count: 12 })
  })

  test('a resurrected run continues from the checkpoint', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', status: 'FAILED', items: places(10) })
    await world.syncToEnd('run')
    state().resurrectRun('run')
    await world.sync('run')
    expect(await world.row('run')).toMatchObject({ run_status: 'RUNNING', total_records: 10 })
    state().appendItems('run', places(10, 8))
    state().finishRun('run')
    await world.syncToEnd('run')
    expect(await world.row('run')).toMatchObject({
      sync_status: 'completed',
      run_status: 'SUCCEEDED',
      total_records: 20,
      synced_records: 18,
      duplicate_records: 2,
    })
    const offsets = world.simulator.state.requests
      .list()
      .filter(({ path }) => path.endsWith('/items'))
      .map(({ query }) => Number(new URLSearchParams(query).get('offset')))
    expect(offsets.lastIndexOf(0)).toBeLessThan(offsets.indexOf(10))
  })

  test('all datasets of a run are read, each item accounted for once', async () => {
    const datasets = { reviews: places(7, 100), jobs: places(3, 5) }
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(10), datasets })
    await world.syncToEnd('run', { page_rows_max: 4 })
    const row = await world.row('run')
    expect(row).toMatchObject({ total_records: 20, synced_records: 17, duplicate_records: 3, next_offset: 20 })
    expect(Object.values(row.dataset_offsets ?? {}).sort()).toEqual([10, 3, 7])
    const sources = (await readContents(world.db)).sources.map(({ dataset_id }) => dataset_id)
    expect(new Set(sources).size).toBe(2)
  })

  test('items appended to any of several datasets after the webhook are still found', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(4), datasets: { more: places(4, 10) } })
    expect(await world.sync('run')).toMatchObject({ reason: 'settling' })
    state().appendItems('run', places(2, 20))
    state().appendItems('run', places(2, 30), 'more')
    await world.syncToEnd('run')
    expect(await world.row('run')).toMatchObject({ total_records: 12, synced_records: 12, sync_status: 'completed' })
  })

  test('an empty dataset is believed only after the run has settled', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: [] })
    expect(await world.sync('run')).toMatchObject({ outcome: 'continue', reason: 'settling' })
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toMatchObject({ total_records: 0, sync_status: 'completed' })
  })

  test('a webhook that comes before the data can be read loses nothing', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', status: 'RUNNING', items_lag_ms: 6000 })
    state().appendItems('run', places(12))
    state().finishRun('run')
    expect(await world.sync('run')).toMatchObject({ outcome: 'continue', reason: 'settling' })
    expect(await leads()).toBe(0)
    await world.syncToEnd('run')
    expect(await leads()).toBe(12)
  })

  test('a total that lags ends nothing', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', status: 'RUNNING', counters_lag_ms: 3_600_000 })
    state().appendItems('run', places(30))
    state().finishRun('run')
    await world.syncToEnd('run', { page_rows_max: 7 })
    expect(await leads()).toBe(30)
  })

  test('a dataset that has expired is a clear permanent failure', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(3) })
    state().expireDataset(state().run('run').defaultDatasetId)
    const outcome = await world.syncToEnd('run')
    expect(outcome).toMatchObject({ outcome: 'failed', message: expect.stringContaining('has expired') })
    const row = await world.row('run')
    expect(row).toMatchObject({ sync_status: 'failed', error_message: expect.stringContaining('has expired') })
    expect(row.error_details).toMatchObject({ name: ApifyPermanentError.name, refusal: 'gone' })
  })

  test('of several datasets those that are still there are imported before the failure is reported', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(3), datasets: { more: places(4, 10) } })
    state().expireDataset(state().run('run').defaultDatasetId)
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'failed' })
    expect(await leads()).toBe(4)
  })

  test('a completed sync stays completed when its dataset has expired and an old message comes again', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(3) })
    await world.syncToEnd('run')
    const before = await world.row('run')
    state().expireDataset(state().run('run').defaultDatasetId)
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    state().deleteRun('run')
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    expect(await world.row('run')).toEqual(before)
  })

  test('a repeated message writes nothing', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(30) })
    await world.syncToEnd('run')
    const before = [await readContents(world.db), await world.row('run')]
    world.clock.ms += 60_000
    for (let time = 0; time < 3; time += 1) await world.sync('run')
    expect([await readContents(world.db), await world.row('run')]).toEqual(before)
  })

  test('of five messages, three of them at once, the first imports the run and the others change nothing', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: [...places(400), ...places(20, 300)] })
    const changes = { page_rows_max: 50 }
    await Promise.all([1, 2, 3].map(() => world.syncToEnd('run', changes)))
    const before = [await readContents(world.db), await world.row('run')]
    expect(sizes(await readContents(world.db))).toMatchObject({ leads: 400, sources: 400, events: 400 })
    expect(await world.row('run')).toMatchObject({ total_records: 420, synced_records: 400, duplicate_records: 20 })
    await world.syncToEnd('run', changes)
    await world.syncToEnd('run', changes)
    expect([await readContents(world.db), await world.row('run')]).toEqual(before)
  })

  test('near its deadline an invocation stops between pages, and the next one continues', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(100) })
    world.clock.ms += 60_000
    const remaining_ms = () => 4000
    const outcomes: string[] = []
    for (let invocation = 0; invocation < 12; invocation += 1) {
      const outcome = await world.sync('run', { page_rows_max: 10, remaining_ms })
      outcomes.push(outcome.outcome === 'continue' ? outcome.reason : outcome.outcome)
      expect((await world.row('run')).total_records).toBe(Math.min(100, (invocation + 1) * 10))
    }
    expect(outcomes).toEqual([...Array(10).fill('deadline'), 'completed', 'completed'])
  })

  test('the cost of a run is the final one, also when reading it took longer than it needs to settle', async () => {
    state().lags.usage_ms = 8000
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(4), usage_total_usd: 2 })
    // Each read of the clock is two seconds later: the invocation begins before the figures are final and ends after.
    const now = () => {
      world.clock.ms += 2000
      return world.clock.now()
    }
    await world.syncToEnd('run', { now, page_rows_max: 1 })
    expect(await world.row('run')).toMatchObject({ sync_status: 'completed', cost_usd: 2 })
  })

  test('a run resurrected and ended again unnoticed is not taken for complete while its new items wait', async () => {
    state().addRun({ id: 'run', actor_id: 'ann/places', items: places(3) })
    await world.syncToEnd('run')
    world.clock.ms += 60_000
    state().resurrectRun('run')
    state().appendItems('run', places(3, 3))
    state().finishRun('run')
    // The consumer has noted the new end of the run and is killed before it reads on.
    const stop = new Error('killed')
    await expect(
      world.sync('run', {
        apify: { ...world.apify, readItems: () => Promise.reject(stop) },
      }),
    ).rejects.toBe(stop)
    expect((await world.row('run')).sync_status).not.toBe('completed')
  })
})

describeEachEngine('the input of a run', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld(engine)
  })
  afterEach(() => world.close())

  test.each([500, 3000, 100_000])('nested %i deep keeps no item from being imported', async (depth) => {
    world.simulator.state.addRun({ id: 'run', actor_id: 'ann/places', items: places(3) })
    const input = `{"query":"bakeries","deep":${'[{"in":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}}`
    world.simulator.state.setInput('run', 'application/json', Buffer.from(input))
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    const { input_params } = await world.row('run')
    expect(input_params).toMatchObject({ query: 'bakeries', deep: [{ in: [{}] }] })
    expect((await readContents(world.db)).leads).toHaveLength(3)
  })
})

describe('metadata that Apify refuses next to the data', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('sqlite')
  })
  afterEach(() => world.close())

  test.each([
    ['the name of the Actor', '/v2/actors/*'],
    ['the input', '/v2/key-value-stores/*'],
  ])('is no reason to fail: %s', async (_what, path) => {
    world.simulator.state.addRun({ id: 'run', actor_id: 'places', items: [place(1)], input: { query: 'x' } })
    world.simulator.state.faults.add({ path, method: 'GET', fault: { status: 403 } })
    expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
    expect(world.simulator.state.faults.list()[0]?.fired).toBeGreaterThan(0)
  })
})
