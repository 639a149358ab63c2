import { reconcile } from '@leads/core/syncs/reconcile'
import { CALL_ATTEMPTS_MAX } from '@leads/core/syncs/retry-policy'
import { handler } from '@leads/functions/handlers/dead-letter'
import { closeDatabase } from '@leads/functions/runtime/database'
import type { SQSRecord } from 'aws-lambda'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { places } from './items.ts'
import { createWorld, type World } from './world.ts'

const environment = { ...process.env }
let world: World

beforeEach(async () => {
  world = await createWorld('sqlite')
  world.clock.ms = Date.now()
  Object.assign(process.env, { DATABASE_URL: world.database_url, LOG_LEVEL: 'CRITICAL' })
})
afterEach(async () => {
  await closeDatabase()
  await world.close()
})
afterAll(() => {
  process.env = environment
})

const letter = (messageId: string, body: string, sent_at = Date.now()): SQSRecord => ({
  messageId,
  receiptHandle: messageId,
  body,
  md5OfBody: '',
  messageAttributes: {},
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:dead-letter',
  awsRegion: 'us-east-1',
  attributes: {
    ApproximateReceiveCount: '6',
    SentTimestamp: String(sent_at),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: String(sent_at),
  },
})
const of = (run_id: string) => JSON.stringify({ run_id })
const add = (id: string) =>
  world.simulator.state.addRun({ id, actor_id: 'ann/places', items: places(3), finished_at: Date.now() - 60_000 })

test('a message that failed on every attempt marks its sync failed, with the cause and what to do', async () => {
  add('run')
  world.simulator.state.faults.add({ path: '/v2/datasets/*', count: CALL_ATTEMPTS_MAX, fault: { status: 503 } })
  await expect(world.sync('run')).rejects.toThrow('503')
  expect(await handler({ Records: [letter('a', of('run'))] })).toEqual({ batchItemFailures: [] })
  const row = await world.row('run')
  expect(row).toMatchObject({ sync_status: 'failed', next_sync_at: null, error_details: { name: 'DeadLetter' } })
  expect(row.error_message).toContain('503')
  expect(row.error_message).toContain('leads syncs redrive run')
  // After a redrive it resumes.
  expect(await world.syncToEnd('run')).toMatchObject({ outcome: 'completed' })
  expect(await world.row('run')).toMatchObject({ sync_status: 'completed', error_message: null, total_records: 3 })
})

test('a range that failed on every attempt marks its run failed, and a redrive continues with the ranges that are left', async () => {
  add('run')
  const options = { split: { items_min: 2, range_items: 1 } }
  const outcome = await world.sync('run', options)
  const range_ids = outcome.outcome === 'split' ? outcome.range_ids : []
  expect(range_ids).toHaveLength(3)
  await world.readRange('run', range_ids[0] as number, options)
  const body = JSON.stringify({ run_id: 'run', range_id: range_ids[1] })
  expect(await handler({ Records: [letter('a', body)] })).toEqual({ batchItemFailures: [] })
  expect(await world.row('run')).toMatchObject({ sync_status: 'failed', total_records: 1 })
  expect(await world.sync('run', options)).toEqual({ outcome: 'split', range_ids: range_ids.slice(1) })
  expect(await world.syncToEnd('run', options)).toMatchObject({ outcome: 'completed' })
  expect(await world.row('run')).toMatchObject({ sync_status: 'completed', error_message: null, total_records: 3 })
})

test('a message of an unknown run is recorded too', async () => {
  await handler({ Records: [letter('a', of('unheard of'))] })
  expect(await world.row('unheard of')).toMatchObject({ sync_status: 'failed' })
})

test('a redundant message that dies leaves a completed sync as it is, also when it was sent after the end', async () => {
  add('redundant')
  await world.syncToEnd('redundant')
  const before = await world.row('redundant')
  world.simulator.state.faults.add({ path: '/v2/actor-runs/redundant', count: 100, fault: { status: 503 } })
  await expect(world.sync('redundant')).rejects.toThrow('503')
  expect(await world.row('redundant')).toEqual(before)
  await handler({ Records: [letter('a', of('redundant'), Date.now() + 60_000)] })
  expect(await world.row('redundant')).toEqual(before)
  world.simulator.state.faults.clear()
  world.simulator.state.faults.add({ path: '/v2/actor-runs/redundant', fault: { status: 401 } })
  expect(await world.sync('redundant')).toMatchObject({ outcome: 'failed' })
  expect(await world.row('redundant')).toEqual(before)
  world.simulator.state.faults.clear()
})

test('a message is no failure when another one has brought its run in since it was sent', async () => {
  add('run')
  await world.syncToEnd('run')
  const before = await world.row('run')
  await handler({ Records: [letter('a', of('run'), Date.now() - 3_600_000)] })
  expect(await world.row('run')).toEqual(before)
})

test('a run that was resurrected after its sync, and whose message died, is found by reconcile', async () => {
  add('resurrected')
  await world.syncToEnd('resurrected')
  world.simulator.state.resurrectRun('resurrected')
  world.simulator.state.finishRun('resurrected')
  await handler({ Records: [letter('a', of('resurrected'), Date.now() + 60_000)] })
  expect((await world.row('resurrected')).sync_status).toBe('completed')
  const queued: string[] = []
  await reconcile({
    db: world.db,
    apify: world.apify,
    queue: { send: async (run_ids) => void queued.push(...run_ids) },
    log: world.log,
    actor_ids: [],
    lookback_h: 72,
    now: () => world.clock.now(),
    remaining_ms: () => 300_000,
  })
  expect(queued).toContain('resurrected')
})

test.each(['no json', '{}', 'null'])('a message that names no run is done with: %s', async (body) => {
  add('run')
  expect(await handler({ Records: [letter('a', body), letter('b', of('run'))] })).toEqual({ batchItemFailures: [] })
  expect((await world.row('run')).sync_status).toBe('failed')
})
