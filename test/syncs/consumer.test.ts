import type { Fault } from '@leads/apify-simulator/faults/fault'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { HOPS_MAX } from '@leads/core/queue/sync-message'
import { RANGES_SENT_MAX } from '@leads/core/syncs/ranges'
import { SHORT_RUN_ITEMS_MAX } from '@leads/core/syncs/retry-policy'
import { handler as consume } from '@leads/functions/handlers/sync-consumer'
import { closeDatabase } from '@leads/functions/runtime/database'
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { Dice } from '../faults/dice.ts'
import { startProxy, type TcpProxy } from '../faults/proxy.ts'
import { type FaultyQueue, startFaultyQueue } from '../faults/queue.ts'
import { countMysqlStatements, countPostgresStatements } from '../faults/statements.ts'
import { ENGINES } from '../setup/engines.ts'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const record = (messageId: string, body: string, attributes: Partial<SQSRecord['attributes']> = {}): SQSRecord => ({
  messageId,
  receiptHandle: messageId,
  body,
  md5OfBody: '',
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sync-runs',
  awsRegion: 'us-east-1',
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: String(Date.now()),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(Date.now()),
    ...attributes,
  },
})
const messages = (...records: SQSRecord[]): SQSEvent => ({ Records: records })
const contextWith = (milliseconds: number): Context => {
  const ends = Date.now() + milliseconds
  return { getRemainingTimeInMillis: () => ends - Date.now() } as Context
}
/** Enough for a sync, too little for another attempt of a call. */
const NO_TIME_TO_RETRY_MS = 14_000
const runMessage = (messageId: string, run_id: string) => record(messageId, JSON.stringify({ run_id }))

let queue: FaultyQueue
let environment: NodeJS.ProcessEnv
beforeAll(async () => {
  environment = { ...process.env }
  queue = await startFaultyQueue(new Dice(1))
})
afterAll(async () => {
  await queue.close()
  process.env = environment
})

function useWorld(world: World, database_url = world.database_url): void {
  Object.assign(process.env, {
    ...localAwsEnvironment(queue.endpoint),
    DATABASE_URL: database_url,
    APIFY_TOKEN: world.simulator.token,
    APIFY_API_BASE_URL: world.simulator.url,
    SYNC_QUEUE_URL: queue.url,
    SYNC_SETTLE_SECONDS: '10',
    SYNC_FOLLOW_SECONDS: '30',
    LOG_LEVEL: 'SILENT',
  })
}

describe('the consumer of the queue', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld('sqlite')
    world.clock.ms = Date.now()
    useWorld(world)
    process.env.LOG_LEVEL = 'ERROR'
    queue.delays_s.length = 0
  })
  afterEach(async () => {
    await closeDatabase()
    await world.close()
  })
  const add = (run_id: string) =>
    world.simulator.state.addRun({
      id: run_id,
      actor_id: 'ann/places',
      items: places(5),
      finished_at: Date.now() - 60_000,
    })

  test.each([
    ['is not JSON', '{"run_id'],
    ['names no run', '{"id": "x"}'],
    ['is null', 'null'],
  ])('returns exactly the message that %s, and works on the others', async (_what, body) => {
    add('one')
    add('two')
    const event = messages(runMessage('a', 'one'), record('b', body), runMessage('c', 'two'))
    expect(await consume(event, contextWith(60_000))).toEqual({ batchItemFailures: [{ itemIdentifier: 'b' }] })
    for (const run_id of ['one', 'two']) expect((await world.row(run_id)).sync_status).toBe('completed')
  })

  test('returns the message of a temporary failure, and not that of a permanent one', async () => {
    add('busy')
    world.simulator.state.faults.add({ path: '/v2/datasets/*', count: 1, fault: { status: 503 } })
    const event = messages(runMessage('a', 'busy'), runMessage('b', 'nobody'))
    expect(await consume(event, contextWith(NO_TIME_TO_RETRY_MS))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'a' }],
    })
    expect((await world.row('busy')).retry_count).toBe(1)
    expect((await world.row('nobody')).sync_status).toBe('failed')
  })

  test('has the message of a failure come back later with each attempt, and no sooner than Apify requests', async () => {
    add('busy')
    queue.visibilities_s.length = 0
    const attempt = async (received: number, fault: Fault) => {
      world.simulator.state.faults.add({ path: '/v2/datasets/*', count: 1, fault })
      const message = record('a', '{"run_id":"busy"}', { ApproximateReceiveCount: String(received) })
      await consume(messages(message), contextWith(NO_TIME_TO_RETRY_MS))
    }
    await attempt(1, { status: 503 })
    await attempt(2, { status: 503 })
    await attempt(3, { status: 429, retry_after_s: 5 })
    await attempt(1, { status: 429, retry_after_s: 300 })
    await attempt(4, { status: 503 })
    await attempt(3, { status: 503, retry_after_s: 1_000_000 })
    expect(queue.visibilities_s).toEqual([15, 120, 960, 300, 7680, 39_600])
  })

  test('replaces the message of an attempt that wrote a page, so that it does not count', async () => {
    add('cut')
    process.env.SYNC_PAGE_ROWS_MAX = '2'
    queue.visibilities_s.length = 0
    world.simulator.state.faults.add({ path: '/v2/datasets/*', skip: 1, count: 1, fault: { status: 503 } })
    const message = record('a', '{"run_id":"cut"}', { ApproximateReceiveCount: '4' })
    expect(await consume(messages(message), contextWith(NO_TIME_TO_RETRY_MS))).toEqual({ batchItemFailures: [] })
    delete process.env.SYNC_PAGE_ROWS_MAX
    expect(queue.delays_s).toEqual([15])
    expect(queue.visibilities_s).toEqual([])
    expect(await world.row('cut')).toMatchObject({ total_records: 2, retry_count: 0 })
  })

  test('counts the messages in a row for one run and leaves the run to reconcile at the limit', async () => {
    // Its end is an hour ahead, so it never settles.
    const finished_at = Date.now() + 3_600_000
    world.simulator.state.addRun({ id: 'endless', actor_id: 'ann/places', items: places(1), finished_at })
    const bodies = async (hops: number) => {
      queue.bodies.length = 0
      const message = record('a', JSON.stringify({ run_id: 'endless', hops }))
      expect(await consume(messages(message), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      return queue.bodies.map((body) => JSON.parse(body) as unknown)
    }
    expect(await bodies(0)).toEqual([{ run_id: 'endless', hops: 1 }])
    // SQS refuses a longer delay.
    expect(queue.delays_s).toEqual([900])
    expect(await bodies(HOPS_MAX - 1)).toEqual([{ run_id: 'endless', hops: HOPS_MAX }])
    expect(await bodies(HOPS_MAX)).toEqual([])
    expect((await world.row('endless')).sync_status).toBe('syncing')
  })

  test('does not count the hand-overs of a long run: each follows a page', async () => {
    add('long')
    process.env.SYNC_PAGE_ROWS_MAX = '1'
    queue.bodies.length = 0
    const message = record('a', JSON.stringify({ run_id: 'long', hops: HOPS_MAX }))
    expect(await consume(messages(message), contextWith(4900))).toEqual({ batchItemFailures: [] })
    delete process.env.SYNC_PAGE_ROWS_MAX
    expect(queue.bodies.map((body) => JSON.parse(body) as unknown)).toEqual([{ run_id: 'long', hops: HOPS_MAX }])
  })

  describe('with a queue of long runs', () => {
    const LONG_ARN = 'arn:aws:sqs:us-east-1:000000000000:sync-runs-long'
    beforeEach(() => {
      process.env.SYNC_LONG_QUEUE_URL = `${queue.url}-long`
      queue.bodies.length = 0
      queue.urls.length = 0
      world.simulator.state.addRun({
        id: 'large',
        actor_id: 'ann/places',
        dataset: { generator: 'google-places', count: SHORT_RUN_ITEMS_MAX + 2000, seed: 3 },
        finished_at: Date.now() - 60_000,
      })
    })
    afterEach(() => {
      for (const name of ['SYNC_LONG_QUEUE_URL', 'SYNC_SLICE_SECONDS', 'SYNC_PAGE_ROWS_MAX']) delete process.env[name]
    })

    test('a run with many items left goes there after its first page, and stays there until it is done', async () => {
      process.env.SYNC_PAGE_ROWS_MAX = '200'
      expect(await consume(messages(runMessage('a', 'large')), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      expect(queue.urls).toEqual([`${queue.url}-long`])
      expect(queue.bodies).toEqual([JSON.stringify({ run_id: 'large' })])
      expect(await world.row('large')).toMatchObject({ sync_status: 'syncing', total_records: 200 })
      const message = { ...runMessage('b', 'large'), eventSourceARN: LONG_ARN }
      expect(await consume(messages(message), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      expect(await world.row('large')).toMatchObject({ sync_status: 'completed', total_records: 7000 })
      expect(queue.urls).toHaveLength(1)
    }, 60_000)

    test('a run is not split on SQLite, which has one writer', async () => {
      process.env.SYNC_RANGE_ITEMS = '1000'
      const message = { ...runMessage('a', 'large'), eventSourceARN: LONG_ARN }
      expect(await consume(messages(message), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      delete process.env.SYNC_RANGE_ITEMS
      expect(queue.bodies).toEqual([])
      expect(await world.row('large')).toMatchObject({ sync_status: 'completed', total_records: 7000 })
    }, 60_000)

    test('a long run is handed over after its slice and waits there again', async () => {
      process.env.SYNC_SLICE_SECONDS = '1'
      process.env.SYNC_PAGE_ROWS_MAX = '100'
      world.simulator.state.faults.add({ path: '/v2/datasets/*/items', fault: { latency_ms: 300 } })
      const message = { ...runMessage('a', 'large'), eventSourceARN: LONG_ARN }
      const started = Date.now()
      expect(await consume(messages(message), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      expect(Date.now() - started).toBeLessThan(5000)
      expect(queue.urls).toEqual([`${queue.url}-long`])
      expect((await world.row('large')).total_records).toBeGreaterThan(0)
    })

    test('a short run completes in the queue where it arrived', async () => {
      add('short')
      expect(await consume(messages(runMessage('a', 'short')), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      expect(queue.urls).toEqual([])
      expect((await world.row('short')).sync_status).toBe('completed')
    })

    test('a failed message is delayed in the queue that it came from', async () => {
      world.simulator.state.faults.add({ path: '/v2/datasets/*', count: 1, fault: { status: 503 } })
      const message = { ...runMessage('a', 'large'), eventSourceARN: LONG_ARN }
      expect(await consume(messages(message), contextWith(NO_TIME_TO_RETRY_MS))).toEqual({
        batchItemFailures: [{ itemIdentifier: 'a' }],
      })
      expect(queue.urls).toEqual([`${queue.url}-long`])
    })
  })

  test('follows runs that are still running by one message for all, which queues those that changed', async () => {
    const { state } = world.simulator
    const runs = ['one', 'two', 'three']
    for (const id of runs) state.addRun({ id, actor_id: 'ann/places', status: 'RUNNING', items: places(3) })
    const deliver = async (...records: SQSRecord[]) => {
      queue.bodies.length = 0
      expect(await consume(messages(...records), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      return queue.bodies.map((body) => JSON.parse(body) as { poll_at?: string; run_id?: string })
    }
    const followed = await deliver(...runs.map((run_id) => runMessage(run_id, run_id)))
    expect(followed).toEqual([{ poll_at: expect.any(String) }])
    expect(queue.delays_s).toEqual([30])

    state.requests.clear()
    const polled = await deliver(record('b', JSON.stringify(followed[0])))
    expect(polled).toEqual([{ poll_at: expect.any(String) }])
    expect(state.requests.list().map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/v2/actor-runs', '/v2/datasets']),
    )
    expect(state.requests.list()).toHaveLength(2)

    state.appendItems('two', places(2, 3))
    const changed = await deliver(record('c', JSON.stringify(polled[0])))
    expect(changed).toEqual([{ poll_at: expect.any(String) }, { run_id: 'two' }])
    expect(await deliver(runMessage('d', 'two'))).toEqual([])
    expect((await world.row('two')).total_records).toBe(5)
  })

  describe('prints metrics that CloudWatch reads', () => {
    beforeEach(() => {
      process.env.POWERTOOLS_METRICS_DISABLED = 'false'
    })
    afterEach(() => {
      process.env.POWERTOOLS_METRICS_DISABLED = 'true'
      vi.restoreAllMocks()
    })
    interface MetricLine extends Record<string, unknown> {
      _aws: { CloudWatchMetrics: { Namespace: string; Metrics: { Name: string; Unit: string }[] }[] }
    }
    const printedBy = async (message: SQSRecord, time_ms = 60_000): Promise<MetricLine[]> => {
      const lines: string[] = []
      vi.spyOn(process.stdout, 'write').mockImplementation((text) => lines.push(String(text)) > 0)
      await consume(messages(message), contextWith(time_ms))
      vi.restoreAllMocks()
      return lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line) as MetricLine)
    }
    const sentAgo = (run_id: string, seconds: number) =>
      record('a', JSON.stringify({ run_id }), { SentTimestamp: String(Date.now() - seconds * 1000) })

    test('what a run brought, how long it and its message took, and how late it arrived', async () => {
      world.simulator.state.addRun({
        id: 'run',
        actor_id: 'ann/places',
        finished_at: Date.now() - 60_000,
        items: [...places(5), ...places(2), {}],
      })
      const [line, ...others] = await printedBy(sentAgo('run', 20))
      expect(others).toEqual([])
      expect(line).toMatchObject({ ItemsRead: 8, LeadsNew: 5, ItemsDuplicate: 2, ItemsRejected: 1 })
      const [metrics] = line?._aws.CloudWatchMetrics ?? []
      expect(metrics?.Namespace).toBe('SalesLeads')
      expect(Object.fromEntries(metrics?.Metrics.map(({ Name, Unit }) => [Name, Unit]) ?? [])).toEqual({
        ItemsRead: 'Count',
        LeadsNew: 'Count',
        ItemsDuplicate: 'Count',
        ItemsRejected: 'Count',
        QueueAge: 'Seconds',
        SyncDuration: 'Milliseconds',
        SyncLag: 'Seconds',
      })
      expect(line?.QueueAge).toBeGreaterThanOrEqual(20)
      expect(line?.QueueAge).toBeLessThan(30)
      expect(line?.SyncLag).toBeGreaterThanOrEqual(60)
      expect(line?.SyncLag).toBeLessThan(90)
      expect(line?.SyncDuration).toBeGreaterThan(0)
      const [again] = await printedBy(sentAgo('run', 1))
      expect(again).toMatchObject({ ItemsRead: 0 })
      // A message that found nothing says nothing of how late a run arrives.
      expect(again).not.toHaveProperty('SyncLag')
    })

    test('also what was written before a failure', async () => {
      add('cut')
      process.env.SYNC_PAGE_ROWS_MAX = '2'
      world.simulator.state.faults.add({ path: '/v2/datasets/*', skip: 2, count: 1, fault: { status: 503 } })
      const [line] = await printedBy(sentAgo('cut', 1), NO_TIME_TO_RETRY_MS)
      delete process.env.SYNC_PAGE_ROWS_MAX
      expect(line).toMatchObject({ ItemsRead: 4, LeadsNew: 4 })
      expect(line).not.toHaveProperty('SyncLag')
      const [rest] = await printedBy(sentAgo('cut', 1))
      expect(rest).toMatchObject({ ItemsRead: 1, LeadsNew: 1 })
    })
  })

  test('hands over near its deadline: this message is done, and another one is sent immediately', async () => {
    add('long')
    process.env.SYNC_PAGE_ROWS_MAX = '1'
    expect(await consume(messages(runMessage('a', 'long')), contextWith(4900))).toEqual({ batchItemFailures: [] })
    expect(queue.delays_s).toEqual([0])
    expect((await world.row('long')).total_records).toBe(1)
    delete process.env.SYNC_PAGE_ROWS_MAX
  })
})

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('the ranges of a long run (%s)', (engine) => {
  const ITEMS = SHORT_RUN_ITEMS_MAX + 2000
  const LONG_ARN = 'arn:aws:sqs:us-east-1:000000000000:sync-runs-long'
  let world: World
  beforeAll(async () => {
    world = await createWorld(engine)
    world.clock.ms = Date.now()
    useWorld(world)
    process.env.LOG_LEVEL = 'ERROR'
    Object.assign(process.env, { SYNC_LONG_QUEUE_URL: `${queue.url}-long`, SYNC_RANGE_ITEMS: '400' })
    world.simulator.state.addRun({
      id: 'large',
      actor_id: 'ann/places',
      dataset: { generator: 'google-places', count: ITEMS, seed: 3 },
      finished_at: Date.now() - 60_000,
    })
  })
  afterAll(async () => {
    for (const name of ['SYNC_LONG_QUEUE_URL', 'SYNC_RANGE_ITEMS']) delete process.env[name]
    await closeDatabase()
    await world.close()
  })
  /** Consumes one message and returns those that it leads to. */
  const deliver = async (body: object): Promise<object[]> => {
    queue.bodies.length = 0
    queue.urls.length = 0
    const message = { ...record('a', JSON.stringify(body)), eventSourceARN: LONG_ARN }
    expect(await consume(messages(message), contextWith(60_000))).toEqual({ batchItemFailures: [] })
    expect(new Set(queue.urls).size).toBeLessThanOrEqual(1)
    for (const url of queue.urls) expect(url).toBe(`${queue.url}-long`)
    return queue.bodies.map((text) => JSON.parse(text) as object)
  }

  test('are queued by the consumer that splits the run, and the last one queues the run again', async () => {
    const ranges = await deliver({ run_id: 'large' })
    expect(ranges).toHaveLength(RANGES_SENT_MAX)
    for (const message of ranges) expect(message).toEqual({ run_id: 'large', range_id: expect.any(Number) })
    const [first] = ranges as [object]
    const next = await deliver(first)
    expect(next).toEqual([{ run_id: 'large', range_id: expect.any(Number) }])
    expect(ranges).not.toContainEqual(next[0])
    // A message that comes again leads to the same one, in case that was never sent, and to no other once it is in work.
    expect(await deliver(first)).toEqual(next)
    expect(await deliver(ranges[1] as object)).toHaveLength(1)
    const last = queue.bodies.map((text) => JSON.parse(text) as object)
    expect(await deliver(next[0] as object)).toEqual([])
    expect(await deliver(first)).toEqual([])
    ranges.push(...last)
    for (const range of ranges.slice(2, -1)) expect(await deliver(range)).toEqual([])
    expect(await deliver(ranges.at(-1) as object)).toEqual([{ run_id: 'large' }])
    expect(await world.row('large')).toMatchObject({ sync_status: 'syncing', total_records: ITEMS })
    expect(await deliver({ run_id: 'large' })).toEqual([])
    expect(await world.row('large')).toMatchObject({ sync_status: 'completed', total_records: ITEMS })
  }, 60_000)
})

describe.each(ENGINES.filter((engine) => engine !== 'sqlite'))('a database that no longer answers (%s)', (engine) => {
  let world: World
  let proxy: TcpProxy
  beforeAll(async () => {
    world = await createWorld(engine)
    world.clock.ms = Date.now()
    const url = new URL(world.database_url)
    proxy = await startProxy(Number(url.port), engine === 'postgres' ? countPostgresStatements : countMysqlStatements)
    url.port = String(proxy.port)
    useWorld(world, url.toString())
    process.env.LOG_LEVEL = 'ERROR'
  })
  afterAll(async () => {
    await proxy.close()
    await closeDatabase()
    await world.close()
  })

  test('after a page was written does not count as an attempt: its message is replaced', async () => {
    world.simulator.state.addRun({
      id: 'progress',
      actor_id: 'ann/places',
      items: places(300, 1000),
      finished_at: Date.now() - 60_000,
    })
    process.env.SYNC_PAGE_ROWS_MAX = '1'
    queue.delays_s.length = 0
    let isFrozen = false
    proxy.onStatement = () => !isFrozen
    const consuming = consume(messages(runMessage('a', 'progress')), contextWith(8000))
    const readTotal = async () =>
      (
        await world.db.kysely
          .selectFrom('apify_sync_states')
          .select('total_records')
          .where('run_id', '=', 'progress')
          .execute()
      )[0]?.total_records ?? 0
    await expect.poll(readTotal, { timeout: 7000, interval: 5 }).toBeGreaterThan(0)
    isFrozen = true
    expect(await consuming).toEqual({ batchItemFailures: [] })
    expect(queue.delays_s).toEqual([15])
    delete process.env.SYNC_PAGE_ROWS_MAX
    proxy.onStatement = undefined
    proxy.cutFrozen()
  })

  // At the first statement, and among those that write.
  test.each([2, 6])(
    'fails its message before the deadline, and the next one gets a new connection: statement %i',
    async (n) => {
      const run_id = `run ${n}`
      world.simulator.state.addRun({
        id: run_id,
        actor_id: 'ann/places',
        items: places(5, n * 10),
        finished_at: Date.now() - 60_000,
      })
      proxy.statements = 0
      proxy.onStatement = (statement) => statement < n
      // The lease of the abandoned work ends by itself.
      process.env.SYNC_LEASE_SECONDS = '1'
      const started = Date.now()
      const answer = await consume(messages(runMessage('a', run_id)), contextWith(5000))
      expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }] })
      expect(Date.now() - started).toBeLessThan(4500)
      proxy.onStatement = undefined
      proxy.cutFrozen()
      await new Promise((resolve) => setTimeout(resolve, 1000))
      expect(await consume(messages(runMessage('b', run_id)), contextWith(60_000))).toEqual({ batchItemFailures: [] })
      expect(await world.row(run_id)).toMatchObject({ sync_status: 'completed', total_records: 5, synced_records: 5 })
      delete process.env.SYNC_LEASE_SECONDS
    },
  )
})
