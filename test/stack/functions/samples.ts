import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { createLocalSqsClient, startQueueServer } from '@leads/cli/stack/queue-server'
import type { Context, SQSEvent } from 'aws-lambda'

// Functions for child-function.test.ts, which run in separate processes as on AWS.

let invocations = 0

export async function echo(event: unknown, context: Context) {
  invocations += 1
  return {
    event,
    invocations,
    pid: process.pid,
    request_id: context.awsRequestId,
    function_name: context.functionName,
    arn: context.invokedFunctionArn,
    remaining_ms: context.getRemainingTimeInMillis(),
    secret: process.env.SAMPLE_SECRET,
    trace_id: process.env._X_AMZN_TRACE_ID,
  }
}

export async function nothing() {}

export async function text() {
  return 'plain'
}

export async function fail() {
  throw new RangeError('out of range')
}

export async function big() {
  return 'a'.repeat(6_291_556)
}

export async function hang() {
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

/** Blocks its process, so that only a kill ends it. */
export async function spin() {
  for (;;) Math.random()
}

export async function exit(event: { code: number }) {
  process.exit(event.code)
}

/** Causes an unhandled rejection while it keeps running. */
export async function stray() {
  void Promise.reject(new Error('nobody caught me'))
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

export async function print(event: { text: string }) {
  console.log(event.text)
}

/** Blocks a batch on its first delivery until the process is killed. */
export async function batch(event: SQSEvent) {
  if (event.Records.some((record) => record.attributes.ApproximateReceiveCount !== '1')) return
  console.log(`working on ${event.Records.map((record) => record.body).join()}`)
  await new Promise((resolve) => setTimeout(resolve, 600_000))
}

export const callback = (_event: unknown, _context: Context, done: (error: null, result: string) => void) =>
  done(null, 'old')

export const NOT_A_FUNCTION = 7

/** Starts a queue over a folder, sends two messages, receives the first, and leaves everything open. */
export async function keepQueue(event: { data_dir: string }) {
  const server = await startQueueServer({ data_dir: event.data_dir, visibility_timeout_s: 600 })
  const client = createLocalSqsClient(server.endpoint)
  await client.send(new SendMessageCommand({ QueueUrl: server.queue_url, MessageBody: 'being worked on' }))
  await client.send(new ReceiveMessageCommand({ QueueUrl: server.queue_url }))
  await client.send(new SendMessageCommand({ QueueUrl: server.queue_url, MessageBody: 'waiting' }))
  return process.pid
}

/** Sends its message to its own queue again, with the number in it raised by one. */
export async function resend(event: SQSEvent) {
  const client = createLocalSqsClient(process.env.SAMPLE_ENDPOINT ?? '')
  for (const { body } of event.Records)
    await client.send(
      new SendMessageCommand({ QueueUrl: process.env.SAMPLE_QUEUE_URL, MessageBody: String(Number(body) + 1) }),
    )
}
