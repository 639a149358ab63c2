import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { SQSClient } from '@aws-sdk/client-sqs'
import { delayMessage } from '@leads/core/queue/delay-message'
import { ATTEMPTS_MAX, requestTimeouts } from '@leads/core/queue/sqs-client'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { functionManifest } from '@leads/functions/runtime/manifest'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { closeSqs, listenAsSqs } from '../setup/queue-endpoint.ts'

interface Asked {
  headers: IncomingHttpHeaders
  body: Record<string, unknown>
}
interface Answer {
  status: number
  body: Record<string, unknown>
}

let server: Server
let queue_url: string
let asked: Asked[]
let connections: number
/** Answers in turn; the last one stays. None: nothing is ever answered. */
let answers: Answer[]

beforeEach(async () => {
  asked = []
  connections = 0
  answers = [{ status: 200, body: { Successful: [] } }]
  const answer = (headers: IncomingHttpHeaders, body: string, response: ServerResponse): void => {
    asked.push({ headers, body: JSON.parse(body) as Record<string, unknown> })
    const next = answers.length > 1 ? answers.shift() : answers[0]
    if (!next) return
    response.writeHead(next.status, { 'content-type': 'application/x-amz-json-1.0' })
    response.end(JSON.stringify(next.body))
  }
  server = createServer((request, response) => {
    text(request).then(
      (body) => answer(request.headers, body, response),
      () => response.destroy(),
    )
  })
  server.on('connection', () => {
    connections += 1
  })
  queue_url = await listenAsSqs(server)
  vi.stubEnv('AWS_SESSION_TOKEN', 'session+token')
})
afterEach(() => closeSqs(server))

const away: Answer = { status: 503, body: { __type: 'com.amazonaws.sqs#ServiceUnavailable', message: 'away' } }
const throttled: Answer = { status: 400, body: { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'slower' } }

test('signs with the credentials of a Lambda function, for the queue, with the delay', async () => {
  await createSyncQueue(queue_url).send(['rün-1'], { delay_s: 30 })
  expect(asked).toHaveLength(1)
  expect(asked[0]?.body).toEqual({
    QueueUrl: queue_url,
    Entries: [{ Id: '0', MessageBody: '{"run_id":"rün-1"}', DelaySeconds: 30 }],
  })
  expect(asked[0]?.headers).toMatchObject({
    'x-amz-target': 'AmazonSQS.SendMessageBatch',
    'x-amz-security-token': 'session+token',
    authorization: expect.stringMatching(/Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/sqs\/aws4_request,/),
  })
})

test('sends ten runs a request, and throws when the queue refuses one of them', async () => {
  const run_ids = Array.from({ length: 23 }, (_, index) => `run-${index}`)
  await createSyncQueue(queue_url).send(run_ids)
  const sent = asked.map(({ body }) => body.Entries as { MessageBody: string }[])
  expect(sent.map(({ length }) => length)).toEqual([10, 10, 3])
  expect(sent.flat().map(({ MessageBody }) => JSON.parse(MessageBody).run_id)).toEqual(run_ids)

  answers = [{ status: 200, body: { Failed: [{ Id: '0', Code: 'InternalError', Message: 'not now' }] } }]
  await expect(createSyncQueue(queue_url).send(['r'])).rejects.toThrow('refused 1 of 1 messages: not now')
})

test('keeps the connection for the next message, of any sender', async () => {
  await createSyncQueue(queue_url).send(['one'])
  await createSyncQueue(queue_url).send(['two'])
  await delayMessage({ queue_url, receipt_handle: 'handle', delay_s: 29.6 })
  expect(asked[2]?.body).toEqual({ QueueUrl: queue_url, ReceiptHandle: 'handle', VisibilityTimeout: 30 })
  expect(connections).toBe(1)
})

test('retries temporary failures, at most three times in total', async () => {
  answers = [away, throttled, { status: 200, body: { Successful: [] } }]
  await createSyncQueue(queue_url).send(['r'])
  expect(asked).toHaveLength(3)

  answers = [away]
  await expect(createSyncQueue(queue_url).send(['r'])).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
  expect(asked).toHaveLength(6)
})

test('does not repeat what SQS refuses, and states the reason', async () => {
  answers = [
    {
      status: 400,
      body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'The specified queue does not exist.' },
    },
  ]
  await expect(createSyncQueue(queue_url).send(['r'])).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
    message: 'The specified queue does not exist.',
  })
  expect(asked).toHaveLength(1)
})

test('fails after three attempts of a queue that never answers, that fit into the time of the webhook', async () => {
  answers = []
  // The same client, thirty times as impatient.
  const requestHandler = { ...requestTimeouts, requestTimeout: requestTimeouts.requestTimeout / 30 }
  const client = new SQSClient({ maxAttempts: ATTEMPTS_MAX, requestHandler })
  await expect(createSyncQueue(queue_url, client).send(['r'])).rejects.toThrow('100 ms requestTimeout')
  expect(asked).toHaveLength(3)

  const pauses_ms = 500
  const longest_ms = ATTEMPTS_MAX * requestTimeouts.requestTimeout + pauses_ms
  expect(longest_ms).toBeLessThan(functionManifest['apify-webhook'].timeout_s * 1000)
})
