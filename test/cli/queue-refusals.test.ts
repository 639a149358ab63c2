import { createServer, type Server } from 'node:http'
import { SQSClient } from '@aws-sdk/client-sqs'
import { describeError } from '@leads/cli/output/errors'
import { requestTimeouts } from '@leads/core/queue/sqs-client'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { closeSqs, listenAsSqs } from '../setup/queue-endpoint.ts'

let server: Server
let queue_url: string
/** Error code of every response; null: no request is answered. */
let code: string | null

beforeEach(async () => {
  server = createServer((_request, response) => {
    if (code === null) return
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message: `SQS says ${code}.` }))
  })
  queue_url = await listenAsSqs(server)
})
afterEach(() => closeSqs(server))

/** Returns the description of an error that the AWS SDK throws. */
const described = (client?: SQSClient) =>
  createSyncQueue(queue_url, client)
    .send(['run'])
    .then(
      () => expect.unreachable('the queue took it'),
      (error: unknown) => describeError(error),
    )

test.each([
  ['QueueDoesNotExist', 'configuration', 'Fix SYNC_QUEUE_URL.'],
  ['AccessDeniedException', 'no_permission', 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID'],
  ['InvalidClientTokenId', 'no_permission', 'Set AWS_PROFILE, or AWS_ACCESS_KEY_ID'],
])('the queue error %s is described with its fix (%s)', async (refusal, reason, remedy) => {
  code = refusal
  const told = await described()
  expect(told.reason).toBe(reason)
  expect(told.message).toContain(`SQS says ${refusal}.`)
  expect(told.message).toContain(remedy)
})

test('a missing region is reported with the variable that sets it', async () => {
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, undefined)
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nowhere')
  expect(await described()).toEqual({ reason: 'configuration', message: expect.stringContaining('Set AWS_REGION') })
})

test('a queue that does not answer in time is reported as unavailable', async () => {
  code = null
  const client = new SQSClient({ maxAttempts: 1, requestHandler: { ...requestTimeouts, requestTimeout: 100 } })
  expect(await described(client)).toEqual({
    reason: 'unavailable',
    message: expect.stringContaining('did not answer in time'),
  })
})
