import { ChangeMessageVisibilityCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { LOCAL_REGION, localCredentials } from '@leads/cli/stack/local-aws'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { runLeads } from './run-leads.ts'

vi.setConfig({ testTimeout: 60_000 })

let queue: QueueServer
let client: SQSClient
let database: FreshDatabase
let env: Record<string, string>
beforeEach(async () => {
  queue = await startQueueServer({ max_receive_count: 1 })
  client = createLocalSqsClient(queue.endpoint)
  database = await freshDatabase('sqlite')
  env = {
    DATABASE_URL: database.database_url,
    SYNC_QUEUE_URL: queue.queue_url,
    AWS_ENDPOINT_URL_SQS: queue.endpoint,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
  }
})
afterEach(async () => {
  client.destroy()
  await queue.close()
  await database.drop()
})

/** Receives the messages of the queue and makes them visible again at once. */
async function receive(queue_url: string): Promise<string[]> {
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: queue_url, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
  )
  for (const { ReceiptHandle } of Messages)
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queue_url, ReceiptHandle, VisibilityTimeout: 0 }))
  return Messages.map(({ Body }) => Body ?? '')
}

test('dead letters are reported by doctor and moved back by syncs redrive', async () => {
  const { createSyncQueue } = await import('@leads/core/queue/sync-queue')
  vi.stubEnv('AWS_ENDPOINT_URL_SQS', queue.endpoint)
  vi.stubEnv('AWS_REGION', LOCAL_REGION)
  vi.stubEnv('AWS_ACCESS_KEY_ID', localCredentials.accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', localCredentials.secretAccessKey)
  await createSyncQueue(queue.queue_url).send(['lost'])
  expect(await receive(queue.queue_url)).toEqual(['{"run_id":"lost"}'])
  // The message has been received the maximum number of times: the next receive moves it to the dead-letter queue.
  await vi.waitFor(async () => expect(await receive(queue.queue_url)).toEqual([]), 30_000)

  const asked = await runLeads(['syncs', 'redrive', '--dry-run', '--json'], { env })
  expect(JSON.parse(asked.stdout)).toEqual({ run_ids: [], dead_letters: 1, is_dry_run: true })
  const doctor = await runLeads(['doctor'], { env })
  expect([doctor.code, doctor.stdout]).toEqual([
    0,
    expect.stringMatching(/Messages in the dead-letter queue: 1\.\s+.*redrive/),
  ])
  const named = await runLeads(['syncs', 'redrive', 'another'], { env })
  expect(named.stdout).toMatch(/Queued 1 run again:\n {2}another\n.*contains 1 message/)
  expect(await receive(queue.queue_url)).toEqual(['{"run_id":"another"}'])
  const moved = await runLeads(['syncs', 'redrive'], { env })
  expect([moved.code, moved.stderr, moved.stdout]).toEqual([
    0,
    'Follow progress with `leads syncs list`.\n',
    'Moved 1 message back from the dead-letter queue.\n',
  ])
  await vi.waitFor(async () => expect(await receive(queue.queue_url)).toEqual(['{"run_id":"lost"}']), 30_000)
})
