import { continuePolling, followRun } from '@leads/core/syncs/follow-run'
import { type PollOptions, pollFollowedRuns } from '@leads/core/syncs/poll-followed-runs'
import { reconcile } from '@leads/core/syncs/reconcile'
import { CALL_ATTEMPTS_MAX, POLL_LOST_AFTER_MS } from '@leads/core/syncs/retry-policy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeEachEngine } from '../setup/engines.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const MINUTE_MS = 60_000

describeEachEngine('runs that are followed', (engine) => {
  let world: World
  let queued: string[]
  let polls: { poll_at: Date; delay_s: number | undefined }[]
  beforeEach(async () => {
    world = await createWorld(engine)
    queued = []
    polls = []
  })
  afterEach(() => world.close())
  const state = () => world.simulator.state
  const options = (changes: Partial<PollOptions> = {}): PollOptions => ({
    db: world.db,
    apify: world.apify,
    log: world.log,
    follow_s: 30,
    now: () => world.clock.now(),
    remaining_ms: () => 300_000,
    wait: async () => {},
    queue: {
      send: async (run_ids) => void queued.push(...run_ids),
      sendPoll: async (poll_at, { delay_s } = {}) => void polls.push({ poll_at, delay_s }),
    },
    ...changes,
  })
  const addRun = (id: string, datasets: Record<string, unknown[]> = {}) =>
    state().addRun({ id, actor_id: 'ann/places', status: 'RUNNING', items: places(3), datasets })
  /** As the consumer does: reads what there is, then follows the run. */
  const follow = async (run_id: string, changes: Partial<PollOptions> = {}) => {
    expect(await world.sync(run_id)).toMatchObject({ reason: 'running' })
    await followRun(options(changes), run_id)
  }
  /** Delivers the newest poll when it is due. Returns the runs that it queues. */
  const poll = async (changes: Partial<PollOptions> = {}) => {
    queued = []
    const { poll_at } = polls.at(-1) as { poll_at: Date }
    world.clock.ms = Math.max(world.clock.ms, poll_at.getTime())
    await pollFollowedRuns(options(changes), poll_at)
    return queued.toSorted()
  }
  const reconcileAll = () =>
    reconcile({ ...options(), apify: world.apify, actor_ids: [], lookback_h: 72, queue: { send: async () => {} } })

  test('a poll queues the runs that grew, ended or changed their status, in any of their datasets, once', async () => {
    for (const id of ['same', 'grows', 'ends', 'aborts', 'other'])
      addRun(id, id === 'other' ? { reviews: places(2, 20) } : {})
    for (const id of ['same', 'grows', 'ends', 'aborts', 'other']) await follow(id)
    expect(polls).toEqual([{ poll_at: new Date(world.clock.ms + 30_000), delay_s: 30 }])
    expect(await poll()).toEqual([])
    expect(polls).toHaveLength(2)

    state().appendItems('grows', places(2, 3))
    state().finishRun('ends')
    ;(state().runs.get('aborts') as { status: string }).status = 'ABORTING'
    state().appendItems('other', places(1, 30), 'reviews')
    expect(await poll()).toEqual(['aborts', 'ends', 'grows', 'other'])
    // Their messages are on the way.
    expect(await poll()).toEqual([])
    for (const id of ['grows', 'aborts', 'other']) await follow(id)
    expect(await world.syncToEnd('ends')).toMatchObject({ outcome: 'completed' })
    expect(await poll()).toEqual([])
    expect((await world.row('grows')).total_records).toBe(5)
    expect((await world.row('other')).total_records).toBe(6)
  })

  test('1,200 runs cost two pages of each list and no message for each poll', async () => {
    const at = new Date(world.clock.ms)
    const stamps = { created_at: at, updated_at: at, created_by: 'sync', updated_by: 'sync' }
    const rows = Array.from({ length: 1200 }, (_, index) => {
      const { id, defaultDatasetId } = addRun(`run ${index}`)
      const read = { next_offset: 3, total_records: 3, synced_records: 3, dataset_offsets: { [defaultDatasetId]: 3 } }
      return { run_id: id, run_status: 'RUNNING' as const, dataset_id: defaultDatasetId, ...read, ...stamps }
    })
    await world.db.kysely
      .insertInto('apify_sync_states')
      .values(rows.map((row) => ({ ...row, sync_status: 'syncing' as const, next_sync_at: at })))
      .execute()
    await follow('run 0')
    state().requests.clear()
    expect(await poll()).toEqual([])
    expect(state().requests.list()).toHaveLength(4)
    state().appendItems('run 7', places(1, 9))
    state().finishRun('run 8')
    expect(await poll()).toEqual(['run 7', 'run 8'])
    expect(state().requests.list()).toHaveLength(8)
  })

  test('a run that does not change for hours is neither queued nor taken for stuck', async () => {
    addRun('waits')
    await follow('waits')
    for (let quarter = 0; quarter < 4; quarter += 1) {
      for (let polled = 0; polled < 30; polled += 1) expect(await poll()).toEqual([])
      expect(await reconcileAll()).toMatchObject({ stuck: 0, due: 0, missed: 0 })
    }
  })

  test('reconcile queues a run whose polls are lost, and the run starts them again', async () => {
    addRun('alone')
    await follow('alone')
    world.clock.ms += POLL_LOST_AFTER_MS
    expect(await reconcileAll()).toMatchObject({ due: 0 })
    world.clock.ms += MINUTE_MS
    expect(await reconcileAll()).toMatchObject({ due: 1 })
    await follow('alone')
    expect(polls).toHaveLength(2)
    // The lost poll was only late.
    state().requests.clear()
    await pollFollowedRuns(options(), (polls[0] as { poll_at: Date }).poll_at)
    expect(polls).toHaveLength(2)
    expect(state().requests.list()).toEqual([])
  })

  test('a poll that is delivered twice asks once and has one successor', async () => {
    addRun('run')
    await follow('run')
    state().appendItems('run', places(1, 5))
    const { poll_at } = polls[0] as { poll_at: Date }
    await Promise.all([pollFollowedRuns(options(), poll_at), pollFollowedRuns(options(), poll_at)])
    expect(polls).toHaveLength(2)
    expect(queued).toEqual(['run'])
  })

  test('runs that are followed at the same time start one poll', async () => {
    const runs = Array.from({ length: 8 }, (_, index) => `run ${index}`)
    for (const id of runs) addRun(id)
    await Promise.all(runs.map((id) => follow(id)))
    expect(polls).toHaveLength(1)
  })

  test('polls end with the last followed run, and the next one starts them at once', async () => {
    addRun('first')
    await follow('first')
    state().finishRun('first')
    expect(await poll()).toEqual(['first'])
    await world.syncToEnd('first')
    await poll()
    expect(polls).toHaveLength(2)
    addRun('second')
    await follow('second')
    expect(polls).toHaveLength(3)
  })

  test('a run that is followed while the polls end is polled', async () => {
    addRun('first')
    await follow('first')
    const { poll_at } = polls[0] as { poll_at: Date }
    let looks = 0
    const runs = await continuePolling(options(), poll_at, async () => {
      looks += 1
      // It finds a poll that has been queued, so it starts none.
      if (looks === 1) await follow('first')
      return looks === 1 ? [] : ['first']
    })
    expect(runs).toEqual(['first'])
    expect(polls).toHaveLength(2)
  })

  test('a queue that refuses a poll or a run leaves the runs followed', async () => {
    addRun('run')
    const refuse = () => Promise.reject(new Error('The queue is unavailable.'))
    const { queue } = options()
    await expect(follow('run', { queue: { ...queue, sendPoll: refuse } })).rejects.toThrow('unavailable')
    await follow('run')
    expect(polls).toHaveLength(1)
    state().appendItems('run', places(1, 5))
    await expect(poll({ queue: { ...queue, send: refuse } })).rejects.toThrow('unavailable')
    expect(await poll()).toEqual(['run'])
  })

  test('where the token may not list datasets, each run is read by itself', async () => {
    addRun('one')
    addRun('two')
    for (const id of ['one', 'two']) await follow(id)
    state().faults.add({ path: '/v2/datasets', fault: { status: 403 } })
    expect(await poll()).toEqual(['one', 'two'])
  })

  test('a run that the lists do not show is queued', async () => {
    addRun('shown')
    addRun('hidden')
    for (const id of ['shown', 'hidden']) await follow(id)
    state().expireDataset(state().run('hidden').defaultDatasetId)
    expect(await poll()).toEqual(['hidden'])
  })

  test('an outage of Apify queues nothing, and the next poll asks again, in place after a bad answer', async () => {
    addRun('run')
    await follow('run')
    state().appendItems('run', places(1, 5))
    const outage = state().faults.add({ path: '/v2/actor-runs', fault: { status: 503 } })
    expect(await poll({ remaining_ms: () => 6_000 })).toEqual([])
    state().faults.remove(outage)
    // Three requests are one call of apify-client.
    state().faults.add({ path: '/v2/datasets', count: 3, fault: { status: 503 } })
    expect(await poll()).toEqual(['run'])
  })

  test('a consumer that is killed before it has queued a run leaves it to reconcile', async () => {
    addRun('run')
    await follow('run')
    state().appendItems('run', places(1, 5))
    void poll({ queue: { ...options().queue, send: () => new Promise(() => {}) } })
    await expect.poll(async () => (await world.row('run')).next_sync_at).toBeNull()
    world.clock.ms += 16 * MINUTE_MS
    expect(await reconcileAll()).toMatchObject({ stuck: 1 })
  })

  test('a named dataset that a run only created is not one of its items', async () => {
    addRun('run')
    await follow('run')
    state().addNamedDataset('run', 'export', places(5))
    expect(await poll()).toEqual([])
  })

  test('a failed attempt waits for its own time, and the error is gone when the run is followed again', async () => {
    addRun('run')
    await follow('run')
    state().faults.add({ path: '/v2/datasets/*', count: CALL_ATTEMPTS_MAX, fault: { status: 503 } })
    await expect(world.sync('run')).rejects.toThrow('503')
    state().appendItems('run', places(1, 5))
    expect(await poll()).toEqual([])
    await follow('run')
    expect(await world.row('run')).toMatchObject({ error_message: null, error_details: null, total_records: 4 })
  })
})
