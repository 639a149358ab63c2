import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda'
import type { Dice } from './dice.ts'

/** What the queue does to messages, each with the probability given; all 0 unless set. */
export interface QueueFaults {
  /** Delivered again, at the same time or later. */
  duplicate: number
  /** Delivered much later than asked, so that others overtake it. */
  delay: number
  /** Never delivered. */
  lose: number
}

type Deliver = (event: SQSEvent) => Promise<SQSBatchResponse | null>

/**
 * The part of SQS that the pipeline uses, in compressed time and as faulty as a queue may be: at least once, in no order,
 * delays that pass in a hundredth of their time. A message that fails is redelivered after 20 ms, up to 50 times.
 */
export interface FaultyQueue {
  url: string
  endpoint: string
  faults: QueueFaults
  dead_letters: string[]
  /** Seconds that messages asked to be delayed, as asked. */
  delays_s: number[]
  /** Bodies of the messages that were sent to it. */
  bodies: string[]
  /** URLs of the queues that messages were sent to, or delayed in: all are this one. */
  urls: string[]
  /** Seconds after which failed messages asked to come back. */
  visibilities_s: number[]
  send(run_id: string, delay_ms?: number): void
  /** Delivers with `concurrency` invocations until there are no more messages. @throws Error after `timeout_ms` */
  run(deliver: Deliver, options: { concurrency: number; timeout_ms: number }): Promise<void>
  close(): Promise<void>
}

const TIME_SCALE = 0.01
/** Far more than a scenario has faults: on a busy machine an attempt may also end because its process begins too late. */
const RECEIVES_MAX = 200

interface Message {
  id: string
  body: string
  due: number
  received: number
}

export async function startFaultyQueue(dice: Dice): Promise<FaultyQueue> {
  let messages: Message[] = []
  const put = (body: string, delay_ms: number): void => {
    const { faults } = queue
    if (dice.hits(faults.lose)) return
    const late_ms = dice.hits(faults.delay) ? 100 + dice.below(400) : 0
    messages.push({ id: randomUUID(), body, due: Date.now() + delay_ms + late_ms, received: 0 })
    if (dice.hits(faults.duplicate))
      messages.push({ id: randomUUID(), body, due: Date.now() + delay_ms + dice.below(300), received: 0 })
  }
  const server = createServer((request, response) => {
    void answerSqs(request, response, queue, put)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const attempt = async (message: Message, deliver: Deliver): Promise<void> => {
    message.received += 1
    const answer = await deliver(toEvent(message)).catch(() => undefined)
    const failed = answer === undefined || (answer?.batchItemFailures ?? []).length > 0
    if (!failed) return
    if (message.received >= RECEIVES_MAX) queue.dead_letters.push(message.body)
    else messages.push({ ...message, due: Date.now() + 20 })
  }

  const queue: FaultyQueue = {
    url: `${endpoint}/000000000000/sync-runs`,
    endpoint,
    dead_letters: [],
    bodies: [],
    delays_s: [],
    urls: [],
    visibilities_s: [],
    faults: { duplicate: 0, delay: 0, lose: 0 },
    send: (run_id, delay_ms = 0) => put(JSON.stringify({ run_id }), delay_ms),
    async run(deliver, { concurrency, timeout_ms }) {
      const working = new Set<Promise<void>>()
      const ends = Date.now() + timeout_ms
      while (messages.length > 0 || working.size > 0) {
        if (Date.now() > ends) throw new Error(`The queue was not empty after ${timeout_ms} ms.`)
        const due = messages.filter((message) => message.due <= Date.now())
        const free = Math.min(due.length, concurrency - working.size)
        for (let index = 0; index < free; index += 1) {
          // Any of those that are due: a queue promises no order.
          const message = due.splice(dice.below(due.length), 1)[0] as Message
          messages = messages.filter((other) => other !== message)
          const work = attempt(message, deliver).finally(() => working.delete(work))
          working.add(work)
        }
        await pause(10)
      }
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return queue
}

/** Answers `SendMessageBatch` and `ChangeMessageVisibility`, the two requests that consumers make. */
async function answerSqs(
  request: IncomingMessage,
  response: ServerResponse,
  queue: FaultyQueue,
  put: (body: string, delay_ms: number) => void,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const input = JSON.parse(Buffer.concat(chunks).toString()) as {
    Entries?: { Id: string; MessageBody: string; DelaySeconds?: number }[]
    VisibilityTimeout?: number
    QueueUrl?: string
  }
  queue.urls.push(input.QueueUrl ?? '')
  if (input.VisibilityTimeout !== undefined) queue.visibilities_s.push(input.VisibilityTimeout)
  const Successful = (input.Entries ?? []).map(({ Id, MessageBody, DelaySeconds = 0 }) => {
    queue.delays_s.push(DelaySeconds)
    queue.bodies.push(MessageBody)
    put(MessageBody, DelaySeconds * 1000 * TIME_SCALE)
    return { Id, MessageId: randomUUID(), MD5OfMessageBody: md5(MessageBody) }
  })
  response.setHeader('content-type', 'application/x-amz-json-1.0')
  response.end(JSON.stringify({ Successful, Failed: [] }))
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

const toEvent = (message: Message): SQSEvent => ({
  Records: [
    {
      messageId: message.id,
      receiptHandle: message.id,
      body: message.body,
      md5OfBody: md5(message.body),
      attributes: {
        ApproximateReceiveCount: String(message.received),
        SentTimestamp: String(Date.now()),
        SenderId: 'sender',
        ApproximateFirstReceiveTimestamp: String(Date.now()),
      },
      messageAttributes: {},
      eventSource: 'aws:sqs',
      awsRegion: 'us-east-1',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sync-runs',
    },
  ],
})
