import { join } from 'node:path'
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { createChildFunction } from '@leads/cli/stack/child-function'
import { startEventSource } from '@leads/cli/stack/event-source'
import { localAwsEnvironment } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { functionManifest } from '@leads/functions/runtime/manifest'
import type { SQSEvent } from 'aws-lambda'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { freshDatabase } from '../setup/engines.ts'
import { place, places } from '../syncs/items.ts'
import { compressDelays } from './compressed-queue.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startQueue(): Promise<QueueServer> {
  const queue = await startQueueServer({ visibility_timeout_s: 60 })
  cleanups.push(() => queue.close())
  return queue
}

const send = (queue: QueueServer, body: string) =>
  createLocalSqsClient(queue.endpoint).send(new SendMessageCommand({ QueueUrl: queue.queue_url, MessageBody: body }))

const receiveDeadLetter = async (queue: QueueServer) => {
  const request = new ReceiveMessageCommand({ QueueUrl: queue.dead_letter_queue_url })
  const { Messages = [] } = await createLocalSqsClient(queue.endpoint).send(request)
  return Messages[0]?.Body
}

/** A function that queues each of its messages again; returns the number of its invocations as it grows. */
async function startChain(queue: QueueServer, allows_recursion: boolean) {
  const chain = { invocations: 0, errors: [] as string[] }
  const child = createChildFunction<SQSEvent>({
    function_name: 'resend',
    task_root: import.meta.dirname,
    handler: 'functions/samples.resend',
    timeout_ms: 20_000,
    env: { SAMPLE_ENDPOINT: queue.endpoint, SAMPLE_QUEUE_URL: queue.queue_url },
  })
  cleanups.push(() => child.close(0))
  const source = await startEventSource({
    queue_url: queue.queue_url,
    endpoint: queue.endpoint,
    handler: child.handler,
    batch_size: 1,
    maximum_concurrency: 1,
    function_timeout_ms: 20_000,
    function_name: 'resend',
    allows_recursion,
    onBatch: () => {
      chain.invocations += 1
    },
    onError: ({ errorType }) => chain.errors.push(errorType),
  })
  cleanups.push(() => source.close(0))
  return chain
}

/** Returns as well for chains that do not end, once they are far too long. */
const chainsEnded = (chain: { invocations: number; errors: string[] }, chains: number) =>
  vi.waitFor(() => expect(chain.errors.length === chains || chain.invocations > 40 * chains).toBe(true), {
    timeout: 60_000,
  })

describe('The local event source', () => {
  test('ends a chain of a function that queues messages for itself after 16 invocations, as Lambda does', async () => {
    const queue = await startQueue()
    const chain = await startChain(queue, false)
    await send(queue, '1')
    await chainsEnded(chain, 1)
    expect(chain.errors).toEqual(['RecursiveInvocationsDropped'])
    expect(chain.invocations).toBe(16)
    expect(await receiveDeadLetter(queue)).toBe('17')
  })

  test('continues the chain of a function that is allowed to queue messages for itself', async () => {
    const queue = await startQueue()
    const chain = await startChain(queue, true)
    await send(queue, '1')
    await vi.waitFor(() => expect(chain.invocations).toBeGreaterThan(40), { timeout: 60_000 })
    expect(chain.errors).toEqual([])
  })

  test('counts the invocations of each chain, not of all messages', async () => {
    const queue = await startQueue()
    const chain = await startChain(queue, false)
    for (let message = 0; message < 3; message += 1) await send(queue, '1')
    await chainsEnded(chain, 3)
    expect(chain.errors).toHaveLength(3)
    expect(chain.invocations).toBe(48)
  })
})

const ROOT = join(import.meta.dirname, '../..')

interface Importing {
  db: Database
  simulator: ApifySimulator
  invocations: number
  errors: string[]
}

interface ConsumerChanges {
  /** Where the consumer reaches its queue. */
  endpoint?: string
  clock?: () => number
  env?: Record<string, string>
}

/** The sync consumer behind a queue, with time for one page per invocation. */
async function startConsumer(queue: QueueServer, changes: ConsumerChanges = {}): Promise<Importing> {
  const { database_url, drop } = await freshDatabase('sqlite')
  cleanups.push(drop)
  const db = await openDatabase(database_url)
  cleanups.push(() => db.close())
  const simulator = await startApifySimulator({ clock: changes.clock ?? Date.now })
  cleanups.push(() => simulator.close())
  const state: Importing = { db, simulator, invocations: 0, errors: [] }
  const consumer = createChildFunction<SQSEvent>({
    function_name: 'sync-consumer',
    task_root: ROOT,
    handler: 'functions/handlers/sync-consumer.handler',
    // Five seconds are kept for the end of an invocation, so it hands over after its first pages.
    timeout_ms: 5_400,
    env: {
      ...localAwsEnvironment(changes.endpoint ?? queue.endpoint),
      DATABASE_URL: database_url,
      SYNC_QUEUE_URL: queue.queue_url,
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      SYNC_PAGE_ROWS_MAX: '10',
      SYNC_FOLLOW_SECONDS: '1',
      SYNC_SETTLE_SECONDS: '0',
      LOG_LEVEL: 'CRITICAL',
      ...changes.env,
    },
  })
  cleanups.push(() => consumer.close(0))
  await consumer.warm()
  const source = await startEventSource({
    queue_url: queue.queue_url,
    endpoint: queue.endpoint,
    handler: consumer.handler,
    batch_size: 1,
    maximum_concurrency: 1,
    function_timeout_ms: 5_400,
    function_name: 'sync-consumer',
    allows_recursion,
    onBatch: () => {
      state.invocations += 1
    },
    onError: ({ errorType }) => state.errors.push(errorType),
  })
  cleanups.push(() => source.close(0))
  return state
}

const { allows_recursion } = functionManifest['sync-consumer'].trigger
/** An hour of 30 s each. */
const POLLS = 120
// Some 300 items per invocation on a fast machine.
const ITEMS = 12_000

const addRun = ({ simulator }: Importing, status: 'RUNNING' | 'SUCCEEDED') =>
  simulator.state.addRun({
    actor_id: 'ann/places',
    status,
    dataset: { generator: 'google-places', count: ITEMS, seed: 5 },
    ...(status === 'SUCCEEDED' && { finished_at: Date.now() - 60_000 }),
  })

const waitUntilCompleted = ({ db }: Importing, run_id: string) =>
  vi.waitFor(async () => expect((await findSync(db, run_id))?.sync_status).toBe('completed'), {
    timeout: 120_000,
    interval: 200,
  })

describe('The sync consumer behind an event source that ends chains of 16 invocations', () => {
  test('imports a run of more than 20 hand-overs to its end', async () => {
    const queue = await startQueue()
    const importing = await startConsumer(queue)
    const run = addRun(importing, 'SUCCEEDED')
    await send(queue, JSON.stringify({ run_id: run.id }))
    await waitUntilCompleted(importing, run.id)
    expect(importing.invocations).toBeGreaterThan(20)
    expect((await findSync(importing.db, run.id))?.total_records).toBe(ITEMS)
    expect(importing.errors).toEqual([])
  })

  test('follows a run that grows for an hour, poll after poll, to its end', async () => {
    const queue = await startQueue()
    let clock_ms = Date.now()
    let onPoll = () => {}
    const compressed = await compressDelays(queue.queue_url, (seconds) => {
      clock_ms += seconds * 1000
      if (seconds > 0) onPoll()
    })
    cleanups.push(() => compressed.close())
    const importing = await startConsumer(queue, {
      endpoint: compressed.endpoint,
      clock: () => clock_ms,
      env: { SYNC_QUEUE_URL: compressed.queue_url, SYNC_FOLLOW_SECONDS: '30', SYNC_SETTLE_SECONDS: '10' },
    })
    const { state } = importing.simulator
    const run = state.addRun({ actor_id: 'ann/places', status: 'RUNNING', items: places(2) })
    const started_ms = clock_ms
    let polls = 0
    onPoll = () => {
      polls += 1
      if (polls < POLLS) state.appendItems(run.id, [place(2 * polls), place(2 * polls + 1)])
      if (polls === POLLS) state.finishRun(run.id, 'SUCCEEDED')
    }
    await send(queue, JSON.stringify({ run_id: run.id }))
    await waitUntilCompleted(importing, run.id)
    expect(clock_ms - started_ms).toBeGreaterThanOrEqual(3_600_000)
    expect(importing.invocations).toBeGreaterThan(POLLS)
    const counts = { total_records: 2 * POLLS, synced_records: 2 * POLLS, duplicate_records: 0, failed_records: 0 }
    expect(await findSync(importing.db, run.id)).toMatchObject({ ...counts, retry_count: 0 })
    expect(importing.errors).toEqual([])
    expect(await receiveDeadLetter(queue)).toBeUndefined()
  })
})
