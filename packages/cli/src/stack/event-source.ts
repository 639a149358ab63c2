import { setTimeout as delay } from 'node:timers/promises'
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { SQSEvent, SQSRecord } from 'aws-lambda'
import { failedMessageIds } from './batch-response.ts'
import {
  errorDetail,
  type FunctionErrorDetail,
  invokeHandler,
  type LambdaHandler,
  payload_bytes_max,
} from './lambda.ts'
import { localSqsClient } from './queue-server.ts'
import { createSqsRecord } from './sqs-records.ts'

export type EventSourceOptions = {
  queue_url: string
  endpoint: string
  handler: LambdaHandler<SQSEvent>
  /** Messages an invocation gets at most: 1-10, or up to 10,000 with a batch window of at least a second. */
  batch_size?: number
  /** Seconds, 0-300, that a batch waits to fill up after its first message. */
  batch_window_s?: number
  /** Invocations running at once, 1-1,000. (AWS takes no fewer than 2; 1 is for tests of order.) */
  maximum_concurrency?: number
  function_timeout_ms: number
  function_name: string
  /** Seconds that one empty look into the queue lasts. Short, because a stop waits for it to end. */
  poll_wait_s?: number
  /** Told after every batch. `failed_ids` stay in the queue until their visibility time-out. */
  on_batch?: (report: BatchReport) => void
  /** Told when the queue cannot be reached or refuses a delete. The event source goes on trying. */
  on_error?: (error: FunctionErrorDetail) => void
}

export type BatchReport = {
  message_ids: string[]
  failed_ids: string[]
  duration_ms: number
  error?: FunctionErrorDetail
}

export type EventSource = {
  /** Takes no more messages, lets running invocations finish for at most `grace_ms` (30,000), then lets go of them. */
  close(grace_ms?: number): Promise<void>
  /** Lets go of everything at once, as when the process is killed: what runs now no longer deletes its messages. */
  stop(): void
}

/**
 * Delivers the messages of a queue to a function as Lambda's event source mapping does, `ReportBatchItemFailures` on:
 * long polling, batches, the answer's rules (batch-response.ts), an invocation that throws or outlives its time-out failing
 * as a whole. Succeeded messages are deleted, failed ones come again after their visibility time-out, until the queue's
 * redrive policy moves them away. Rejects settings that AWS would reject.
 */
export async function startEventSource(options: EventSourceOptions): Promise<EventSource> {
  const { queue_url, endpoint, handler, function_name, function_timeout_ms } = options
  const { batch_size = 10, batch_window_s = 0, maximum_concurrency = 10, poll_wait_s = 1 } = options
  checkSettings({ batch_size, batch_window_s, maximum_concurrency })
  const client = localSqsClient(endpoint)
  const queue_arn = await describeQueue(client, queue_url, function_timeout_ms)
  const stopped = new AbortController()
  const running = new Set<Promise<void>>()
  let closing = false

  const receive = async (count: number, wait_s: number): Promise<SQSRecord[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queue_url,
        MaxNumberOfMessages: Math.min(10, count),
        WaitTimeSeconds: wait_s,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopped.signal },
    )
    return Messages.map((message) => createSqsRecord(message, queue_arn))
  }

  /** Waits for a message, then for more until the batch is full, its window is over, or it is as large as an event may be. */
  const gather = async (): Promise<SQSRecord[]> => {
    const records = await receive(batch_size, poll_wait_s)
    const window_end_ms = Date.now() + batch_window_s * 1000
    let bytes = payloadBytes(records)
    while (records.length > 0 && records.length < batch_size && bytes < payload_bytes_max && !closing) {
      const left_s = Math.ceil((window_end_ms - Date.now()) / 1000)
      if (left_s <= 0) break
      const more = await receive(batch_size - records.length, Math.min(left_s, poll_wait_s)).catch((error: unknown) => {
        if (!stopped.signal.aborted) options.on_error?.(errorDetail(error))
      })
      // The queue is away: what has been received already must not wait for it.
      if (!more) break
      bytes += payloadBytes(more)
      if (bytes > payload_bytes_max) {
        // They do not fit any more: back into the queue at once, for the next batch.
        await release(client, queue_url, more)
        break
      }
      records.push(...more)
    }
    return records
  }

  const deliver = async (records: SQSRecord[]): Promise<void> => {
    const message_ids = records.map((record) => record.messageId)
    const event = { Records: records }
    const result = await invokeHandler({ handler, event, function_name, timeout_ms: function_timeout_ms })
    if (stopped.signal.aborted) return
    const failed = result.ok ? failedMessageIds(result.payload, message_ids) : new Set(message_ids)
    await remove(
      records.filter((record) => !failed.has(record.messageId)),
      3,
    )
    options.on_batch?.({
      message_ids,
      failed_ids: [...failed],
      duration_ms: result.duration_ms,
      ...(!result.ok && { error: result.error }),
    })
  }

  /** Deletes in tens. What cannot be deleted is tried again, and if it stays, comes again: delivery is at least once. */
  const remove = async (records: SQSRecord[], attempts: number): Promise<void> => {
    const left: SQSRecord[] = []
    for (let start = 0; start < records.length; start += 10) {
      const page = records.slice(start, start + 10)
      const Entries = page.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }))
      try {
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue_url, Entries }))
        for (const { Id } of Failed) left.push(...page.slice(Number(Id), Number(Id) + 1))
      } catch (error) {
        left.push(...page)
        options.on_error?.(errorDetail(error))
      }
    }
    if (left.length === 0 || stopped.signal.aborted) return
    if (attempts > 1) return remove(left, attempts - 1)
    options.on_error?.({ errorType: 'DeleteFailed', errorMessage: `${left.length} messages could not be deleted` })
  }

  const poll = async (): Promise<void> => {
    let pause_ms = 100
    while (!closing) {
      try {
        const records = await gather()
        pause_ms = 100
        if (records.length === 0) continue
        if (closing) {
          await release(client, queue_url, records)
          return
        }
        const delivery = deliver(records).finally(() => running.delete(delivery))
        running.add(delivery)
        // Nothing is received that could not be worked on at once: a waiting message would lose its visibility time.
        while (running.size >= maximum_concurrency) await Promise.race(running)
      } catch (error) {
        if (stopped.signal.aborted) return
        options.on_error?.(errorDetail(error))
        await delay(pause_ms, undefined, { signal: stopped.signal }).catch(() => undefined)
        pause_ms = Math.min(pause_ms * 2, 5_000)
      }
    }
  }

  const polling = poll()
  const stop = () => {
    closing = true
    stopped.abort()
    client.destroy()
  }
  return {
    stop,
    close: async (grace_ms = 30_000) => {
      closing = true
      const timer = setTimeout(stop, grace_ms)
      const finished = (async () => {
        await polling
        await Promise.all(running)
      })()
      const given_up = new Promise<void>((resolve) => {
        stopped.signal.addEventListener('abort', () => resolve(), { once: true })
        if (stopped.signal.aborted) resolve()
      })
      await Promise.race([finished, given_up])
      clearTimeout(timer)
      stop()
    },
  }
}

/** Gives messages back to the queue, visible at once. */
async function release(client: SQSClient, queue_url: string, records: SQSRecord[]): Promise<void> {
  for (let start = 0; start < records.length; start += 10) {
    const Entries = records
      .slice(start, start + 10)
      .map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle, VisibilityTimeout: 0 }))
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue_url, Entries }))
  }
}

function checkSettings(settings: { batch_size: number; batch_window_s: number; maximum_concurrency: number }): void {
  const { batch_size, batch_window_s, maximum_concurrency } = settings
  const within = (value: number, least: number, most: number) =>
    Number.isInteger(value) && value >= least && value <= most
  if (!within(batch_size, 1, 10_000)) throw new RangeError('batch_size must be 1-10,000.')
  if (!within(batch_window_s, 0, 300)) throw new RangeError('batch_window_s must be 0-300.')
  if (!within(maximum_concurrency, 1, 1_000)) throw new RangeError('maximum_concurrency must be 1-1,000.')
  if (batch_size > 10 && batch_window_s < 1) {
    throw new RangeError('batch_window_s must be at least 1 when batch_size is greater than 10.')
  }
}

async function describeQueue(client: SQSClient, queue_url: string, function_timeout_ms: number): Promise<string> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  )
  const visibility_s = Number(Attributes?.VisibilityTimeout)
  if (visibility_s * 1000 < function_timeout_ms) {
    // Lambda refuses the mapping for the same reason: messages would come again while they are being worked on.
    throw new RangeError(
      `Queue visibility timeout: ${visibility_s} seconds is less than Function timeout: ${function_timeout_ms / 1000} seconds`,
    )
  }
  return Attributes?.QueueArn ?? ''
}

function payloadBytes(records: SQSRecord[]): number {
  return records.reduce((bytes, record) => bytes + Buffer.byteLength(JSON.stringify(record)), 0)
}
