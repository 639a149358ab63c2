import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import {
  type BatchReport,
  type EventSource,
  type EventSourceOptions,
  startEventSource,
} from '@leads/cli/stack/event-source'
import type { FunctionErrorDetail, LambdaHandler } from '@leads/cli/stack/lambda'
import { createLocalSqsClient, type QueueServer, startQueueServer } from '@leads/cli/stack/queue-server'
import type { Context, SQSEvent, SQSHandler } from 'aws-lambda'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { standBefore } from './compressed-queue.ts'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function startQueue(options: Parameters<typeof startQueueServer>[0] = {}): Promise<QueueServer> {
  const queue = await startQueueServer({ visibility_timeout_s: 1, ...options })
  cleanups.push(() => queue.close())
  return queue
}

async function listen(
  queue: QueueServer,
  handler: LambdaHandler<SQSEvent>,
  options: Partial<EventSourceOptions> = {},
): Promise<{ source: EventSource; reports: BatchReport[]; errors: FunctionErrorDetail[] }> {
  const reports: BatchReport[] = []
  const errors: FunctionErrorDetail[] = []
  const source = await startEventSource({
    queue_url: queue.queue_url,
    endpoint: queue.endpoint,
    handler,
    function_name: 'sync-consumer',
    function_timeout_ms: 1_000,
    onBatch: (report) => reports.push(report),
    onError: (error) => errors.push(error),
    ...options,
  })
  cleanups.push(() => source.stop())
  return { source, reports, errors }
}

async function send(queue: QueueServer, ...bodies: string[]): Promise<void> {
  const client = createLocalSqsClient(queue.endpoint)
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies.slice(start, start + 10).map((body, index) => ({ Id: String(index), MessageBody: body }))
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queue.queue_url, Entries }))
    expect(Failed).toEqual([])
  }
}

/** Counts the messages of the queue: visible ones, and received but not deleted ones. */
async function count(queue: QueueServer, queue_url = queue.queue_url): Promise<{ waiting: number; hidden: number }> {
  const { Attributes } = await createLocalSqsClient(queue.endpoint).send(
    new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['All'] }),
  )
  return {
    waiting: Number(Attributes?.ApproximateNumberOfMessages),
    hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  }
}

const until = (condition: () => boolean | Promise<boolean>) =>
  vi.waitUntil(condition, { timeout: 15_000, interval: 20 })
const bodiesOf = (event: SQSEvent) => event.Records.map((record) => record.body)

describe('batches', () => {
  test('a record carries every field that AWS sends', async () => {
    const queue = await startQueue()
    const events: SQSEvent[] = []
    const contexts: Context[] = []
    await listen(queue, async (event, context) => {
      events.push(event)
      contexts.push(context)
    })
    const before = Date.now()
    const sent = await createLocalSqsClient(queue.endpoint).send(
      new SendMessageCommand({
        QueueUrl: queue.queue_url,
        MessageBody: '{"run_id":"r1"}',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'sync' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 255]) },
        },
      }),
    )
    await until(() => events.length === 1)
    const record = events[0]?.Records[0]
    expect(record).toEqual({
      messageId: sent.MessageId,
      receiptHandle: expect.stringMatching(/./),
      body: '{"run_id":"r1"}',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.stringMatching(/./),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
      },
      messageAttributes: {
        kind: { stringValue: 'sync', stringListValues: [], binaryListValues: [], dataType: 'String' },
        bytes: { binaryValue: 'AQL/', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
      },
      md5OfBody: createHash('md5').update('{"run_id":"r1"}').digest('hex'),
      md5OfMessageAttributes: sent.MD5OfMessageAttributes,
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:sync-runs',
      awsRegion: 'us-east-1',
    })
    expect(Number(record?.attributes.SentTimestamp)).toBeGreaterThanOrEqual(before)
    expect(contexts[0]?.functionName).toBe('sync-consumer')
    expect(contexts[0]?.getRemainingTimeInMillis()).toBeLessThanOrEqual(1_000)
  })

  test('a batch is never larger than batch_size', async () => {
    const queue = await startQueue()
    const batches: string[][] = []
    await send(queue, 'a', 'b', 'c', 'd', 'e')
    await listen(queue, (event) => void batches.push(bodiesOf(event)), { batch_size: 2 })
    await until(() => batches.flat().length === 5)
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1])
    expect(batches.flat().sort()).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('without a batch window a message is delivered immediately', async () => {
    const queue = await startQueue()
    const batches: string[][] = []
    await listen(queue, (event) => void batches.push(bodiesOf(event)), { poll_wait_s: 20 })
    const sent_ms = Date.now()
    await send(queue, 'a')
    await until(() => batches.length === 1)
    expect(Date.now() - sent_ms).toBeLessThan(10_000)
  })

  test('a batch window collects messages after the first one and ends early when the batch is full', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const batches: string[][] = []
    const { reports } = await listen(queue, (event) => void batches.push(bodiesOf(event)), {
      batch_size: 3,
      batch_window_s: 20,
    })
    const sent_ms = Date.now()
    await send(queue, 'first')
    await until(async () => (await count(queue)).hidden === 1)
    expect(batches).toEqual([])
    await send(queue, 'second', 'third')
    await until(() => reports.length === 1)
    expect(batches).toEqual([['first', 'second', 'third']])
    expect(Date.now() - sent_ms).toBeLessThan(10_000)
  })

  test('the batch is delivered when its window ends', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const batches: string[][] = []
    await listen(queue, (event) => void batches.push(bodiesOf(event)), { batch_window_s: 1 })
    await send(queue, 'alone')
    await until(() => batches.length === 1)
    expect(batches).toEqual([['alone']])
  })

  test('with a batch window a batch may contain more than ten messages', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const batches: string[][] = []
    await send(queue, ...Array.from({ length: 25 }, (_, index) => `m${index}`))
    await listen(queue, (event) => void batches.push(bodiesOf(event)), { batch_size: 25, batch_window_s: 5 })
    await until(() => batches.length === 1)
    expect(new Set(batches[0]).size).toBe(25)
    await until(async () => (await count(queue)).hidden === 0)
  })

  test('no event is larger than 6 MB; further messages come with the next event', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const batches: number[] = []
    const bodies = Array.from({ length: 30 }, (_, index) => `${index} `.padEnd(250_000, 'x'))
    for (const body of bodies) await send(queue, body)
    const sizes: number[] = []
    await listen(
      queue,
      (event) => {
        batches.push(event.Records.length)
        sizes.push(JSON.stringify(event).length)
      },
      { batch_size: 30, batch_window_s: 2 },
    )
    await until(() => batches.reduce((sum, each) => sum + each, 0) === 30)
    expect(batches.length).toBeGreaterThan(1)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(6_291_556)
    await until(async () => (await count(queue)).hidden === 0)
  })
})

describe('deletes and redeliveries', () => {
  test('a successful batch is deleted', async () => {
    const queue = await startQueue()
    const handler: SQSHandler = async () => ({ batchItemFailures: [] })
    const { reports } = await listen(queue, handler)
    await send(queue, 'a', 'b')
    await until(() => reports.flatMap((report) => report.message_ids).length === 2)
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 0 })
    expect(reports.flatMap((report) => report.failed_ids)).toEqual([])
  })

  test('a batch whose deletion fails twice is deleted, and not delivered again', async () => {
    const queue = await startQueue()
    let refused = 0
    const between = await standBefore(queue.queue_url, (action, body) => {
      if (action !== 'DeleteMessageBatch' || refused === 2) return body
      refused += 1
      const { Entries } = JSON.parse(body) as { Entries: { Id: string }[] }
      const Failed = Entries.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false }))
      return { Successful: [], Failed }
    })
    cleanups.push(() => between.close())
    const { reports, errors } = await listen(queue, () => ({ batchItemFailures: [] }), between)
    await send(queue, 'a', 'b')
    await until(() => reports.flatMap((report) => report.message_ids).length === 2)
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 0 })
    expect(refused).toBe(2)
    expect(errors).toEqual([])
  })

  test('of three records whose middle one fails, exactly that one is redelivered', async () => {
    const queue = await startQueue()
    const deliveries: string[] = []
    await send(queue, 'one', 'two', 'three')
    const { reports } = await listen(queue, async (event) => {
      deliveries.push(...event.Records.map((each) => `${each.body} ${each.attributes.ApproximateReceiveCount}`))
      const failed = event.Records.filter(
        (each) => each.body === 'two' && each.attributes.ApproximateReceiveCount === '1',
      )
      return { batchItemFailures: failed.map((each) => ({ itemIdentifier: each.messageId })) }
    })
    await until(() => reports.length === 2)
    expect(deliveries).toEqual(['one 1', 'two 1', 'three 1', 'two 2'])
    expect(reports[0]?.failed_ids).toEqual(reports[1]?.message_ids)
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 0 })
  })

  test.each([
    ['throws', () => Promise.reject(new RangeError('no'))],
    ['answers something malformed', () => ({ batchItemFailures: [{ itemIdentifier: 'unknown' }] })],
  ])('when the function %s, the whole batch is redelivered', async (_name, fail) => {
    const queue = await startQueue()
    const deliveries: string[] = []
    await send(queue, 'a', 'b')
    const { reports } = await listen(queue, (event) => {
      const counts = event.Records.map((each) => each.attributes.ApproximateReceiveCount)
      deliveries.push(...event.Records.map((each, index) => `${each.body} ${counts[index]}`))
      return counts.includes('1') ? fail() : undefined
    })
    await until(() => deliveries.length === 4)
    expect(deliveries.sort()).toEqual(['a 1', 'a 2', 'b 1', 'b 2'])
    await until(async () => (await count(queue)).hidden === 0)
    expect(reports[0]?.failed_ids).toHaveLength(2)
  })

  test('failed messages stay hidden for the visibility timeout, then are redelivered', async () => {
    const queue = await startQueue({ visibility_timeout_s: 2 })
    const times: number[] = []
    await listen(queue, () => {
      times.push(Date.now())
      throw new Error('no')
    })
    await send(queue, 'a')
    await until(() => times.length === 2)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_900)
  })

  test('a function that exceeds its timeout fails, regardless of its later result', async () => {
    const queue = await startQueue({ visibility_timeout_s: 1 })
    const late = Promise.withResolvers<null>()
    let deliveries = 0
    const { reports } = await listen(
      queue,
      () => {
        deliveries += 1
        return deliveries === 1 ? late.promise : null
      },
      { function_timeout_ms: 100 },
    )
    await send(queue, 'a')
    await until(() => reports.length === 1)
    expect(reports[0]?.error?.errorType).toBe('Sandbox.Timedout')
    late.resolve(null)
    await until(() => deliveries === 2)
    await until(async () => (await count(queue)).hidden === 0)
    expect(reports.map((report) => report.failed_ids.length)).toEqual([1, 0])
  })

  test('a message that always fails moves to the dead-letter queue after its last delivery', async () => {
    const queue = await startQueue({ max_receive_count: 2 })
    const counts: string[] = []
    await listen(queue, (event) => {
      counts.push(...event.Records.map((each) => each.attributes.ApproximateReceiveCount))
      throw new Error('poison')
    })
    await send(queue, 'poison')
    await until(async () => (await count(queue, queue.dead_letter_queue_url)).waiting === 1)
    expect(counts).toEqual(['1', '2'])
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 0 })
  })
})

test('at most maximum_concurrency invocations run at the same time', async () => {
  const queue = await startQueue({ visibility_timeout_s: 30 })
  let running = 0
  let most = 0
  const waiting: (() => void)[] = []
  const { reports } = await listen(
    queue,
    async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise<void>((resolve) => waiting.push(resolve))
      running -= 1
    },
    { batch_size: 1, maximum_concurrency: 2, function_timeout_ms: 20_000 },
  )
  await send(queue, 'a', 'b', 'c', 'd', 'e')
  for (let done = 1; done <= 5; done += 1) {
    await until(() => running === Math.min(2, 6 - done))
    waiting.shift()?.()
    await until(() => reports.length === done)
  }
  expect(most).toBe(2)
  // Messages that could not be processed yet stay in the queue, where their visibility timeout does not run.
  expect(await count(queue)).toEqual({ waiting: 0, hidden: 0 })
})

describe('close and stop', () => {
  test('close lets a running invocation finish and delete its messages, and receives no more', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const bodies: string[] = []
    const { source, reports } = await listen(
      queue,
      async (event) => {
        bodies.push(...bodiesOf(event))
        entered.resolve()
        await release.promise
      },
      { function_timeout_ms: 20_000 },
    )
    await send(queue, 'running')
    await entered.promise
    const closing = source.close()
    release.resolve()
    await closing
    expect(reports).toHaveLength(1)
    await send(queue, 'later')
    expect(await count(queue)).toEqual({ waiting: 1, hidden: 0 })
    expect(bodies).toEqual(['running'])
  })

  test('close returns messages that were received too late to process', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const { source } = await listen(queue, () => null, { poll_wait_s: 3 })
    const closing = source.close()
    await send(queue, 'late')
    await closing
    expect(await count(queue)).toEqual({ waiting: 1, hidden: 0 })
  })

  test('close waits at most its grace period, and the message is redelivered', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const entered = Promise.withResolvers<void>()
    const { source, reports } = await listen(
      queue,
      () => {
        entered.resolve()
        return new Promise(() => undefined)
      },
      { function_timeout_ms: 20_000 },
    )
    await send(queue, 'endless')
    await entered.promise
    const started_ms = Date.now()
    await source.close(50)
    expect(Date.now() - started_ms).toBeLessThan(15_000)
    expect(reports).toEqual([])
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 1 })
  })

  test('after stop, an invocation that ends later deletes nothing', async () => {
    const queue = await startQueue({ visibility_timeout_s: 30 })
    const entered = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const { source, reports } = await listen(
      queue,
      async () => {
        entered.resolve()
        await release.promise
        setImmediate(ended.resolve)
      },
      { function_timeout_ms: 20_000 },
    )
    await send(queue, 'a')
    await entered.promise
    source.stop()
    release.resolve()
    await ended.promise
    expect(await count(queue)).toEqual({ waiting: 0, hidden: 1 })
    expect(reports).toEqual([])
  })
})

test('receiving resumes when an unavailable queue is back', async () => {
  const data_dir = mkdtempSync(join(tmpdir(), 'leads-event-source-'))
  cleanups.push(() => rmSync(data_dir, { recursive: true, force: true }))
  const first = await startQueueServer({ data_dir })
  const bodies: string[] = []
  const { errors } = await listen(first, (event) => void bodies.push(...bodiesOf(event)))
  await first.close()
  await until(() => errors.length > 0)
  const second = await startQueueServer({ data_dir, port: Number(new URL(first.endpoint).port) })
  cleanups.push(() => second.close())
  await send(second, 'after the break')
  await until(() => bodies.length === 1)
  expect(bodies).toEqual(['after the break'])
})

describe('settings', () => {
  const settings: [string, Partial<EventSourceOptions>, string][] = [
    ['batch_size of 0', { batch_size: 0 }, 'batch_size must be'],
    ['batch_size above 10 without a window', { batch_size: 11 }, 'batch_window_s must be at least 1'],
    ['a window above 300 s', { batch_window_s: 301 }, 'batch_window_s must be'],
    ['concurrency of 0', { maximum_concurrency: 0 }, 'maximum_concurrency must be'],
    [
      'a function time-out above the visibility time-out',
      { function_timeout_ms: 2_000 },
      'Queue visibility timeout: 1 seconds is less than Function timeout: 2 seconds',
    ],
  ]
  test.each(settings)('a setting that AWS rejects is rejected: %s', async (_name, options, message) => {
    const queue = await startQueue()
    await expect(listen(queue, () => null, options)).rejects.toThrow(message)
  })
})

test('a message is not received twice while it is being processed', async () => {
  const queue = await startQueue({ visibility_timeout_s: 30 })
  const entered = Promise.withResolvers<void>()
  const release = Promise.withResolvers<void>()
  const { reports } = await listen(
    queue,
    async () => {
      entered.resolve()
      await release.promise
    },
    { function_timeout_ms: 20_000 },
  )
  await send(queue, 'a')
  await entered.promise
  const { Messages } = await createLocalSqsClient(queue.endpoint).send(
    new ReceiveMessageCommand({ QueueUrl: queue.queue_url }),
  )
  expect(Messages).toBeUndefined()
  release.resolve()
  await until(() => reports.length === 1)
})
