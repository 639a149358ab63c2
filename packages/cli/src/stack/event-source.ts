import { setTimeout as delay } from 'node:timers/promises'
import type { SQSEvent, SQSRecord } from 'aws-lambda'
import { parseFailedMessageIds } from './batch-response.ts'
import { CHAIN_INVOCATIONS_MAX, countInvocations } from './invocation-chain.ts'
import {
  type FunctionErrorDetail,
  invokeHandler,
  type LambdaHandler,
  PAYLOAD_BYTES_MAX,
  toErrorDetail,
} from './lambda.ts'
import { openSourceQueue, type SourceQueue } from './source-queue.ts'

export interface EventSourceOptions {
  queue_url: string
  endpoint: string
  handler: LambdaHandler<SQSEvent>
  /** Maximum messages per invocation: 1-10, or up to 10,000 with a batch window of at least a second. */
  batch_size?: number
  /** Seconds, 0-300, that a batch waits for more messages after its first one. */
  batch_window_s?: number
  /** Concurrent invocations, 1-1,000. (AWS requires at least 2; 1 is for tests of order.) */
  maximum_concurrency?: number
  /** Allows the function to invoke itself by messages. Otherwise Lambda ends such a chain after 16 invocations. */
  allows_recursion?: boolean
  function_timeout_ms: number
  function_name: string
  /** Seconds of one long poll. Short, because a stop waits for it to end. */
  poll_wait_s?: number
  /** Called after every batch. `failed_ids` stay in the queue until their visibility timeout. */
  onBatch?: (report: BatchReport) => void
  /** Called if the queue is unavailable or rejects a delete. The event source keeps retrying. */
  onError?: (error: FunctionErrorDetail) => void
}

export interface BatchReport {
  message_ids: string[]
  failed_ids: string[]
  duration_ms: number
  error?: FunctionErrorDetail
}

export interface EventSource {
  /** Receives no more messages, lets running invocations finish for at most `grace_ms` (30,000), then abandons them. */
  close(grace_ms?: number): Promise<void>
  /** Abandons everything at once, as if the process were killed: running invocations no longer delete their messages. */
  stop(): void
}

/**
 * Delivers the messages of a queue to a function like Lambda's event source mapping with `ReportBatchItemFailures`: long
 * polling, batches, and the response rules of batch-response.ts. An invocation that throws or times out fails its whole
 * batch. Successful messages are deleted. Failed messages are redelivered after their visibility timeout, until the
 * queue's redrive policy moves them to the dead-letter queue. Rejects settings that AWS would reject.
 */
export async function startEventSource(options: EventSourceOptions): Promise<EventSource> {
  const { function_timeout_ms, onError = () => undefined } = options
  const { batch_size = 10, batch_window_s = 0, maximum_concurrency = 10, poll_wait_s = 1 } = options
  const settings = { ...options, onError, batch_size, batch_window_s, maximum_concurrency, poll_wait_s }
  checkSettings(settings)
  const queue = await openSourceQueue(options.endpoint, options.queue_url, onError)
  if (queue.visibility_timeout_s * 1000 < function_timeout_ms) {
    queue.abandon()
    // Lambda rejects such a mapping: messages would be redelivered while they are being processed.
    throw new RangeError(
      `Queue visibility timeout: ${queue.visibility_timeout_s} seconds is less than Function timeout: ${function_timeout_ms / 1000} seconds`,
    )
  }
  return new QueuePoller(queue, settings)
}

type PollerSettings = EventSourceOptions &
  Required<
    Pick<EventSourceOptions, 'batch_size' | 'batch_window_s' | 'maximum_concurrency' | 'poll_wait_s' | 'onError'>
  >

/** Polls from its construction until it is closed or stopped. */
class QueuePoller implements EventSource {
  readonly #queue: SourceQueue
  readonly #settings: PollerSettings
  readonly #stopped = new AbortController()
  readonly #running = new Set<Promise<void>>()
  readonly #polling: Promise<void>
  #is_closing = false

  constructor(queue: SourceQueue, settings: PollerSettings) {
    this.#queue = queue
    this.#settings = settings
    this.#polling = this.#poll()
  }

  stop(): void {
    this.#is_closing = true
    this.#stopped.abort()
    this.#queue.abandon()
  }

  async close(grace_ms = 30_000): Promise<void> {
    this.#is_closing = true
    const timer = setTimeout(() => this.stop(), grace_ms)
    const { signal } = this.#stopped
    const abandoned = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    await Promise.race([this.#polling.then(() => Promise.all(this.#running)), abandoned])
    clearTimeout(timer)
    this.stop()
  }

  async #poll(): Promise<void> {
    const { maximum_concurrency, onError } = this.#settings
    let pause_ms = 100
    while (!this.#is_closing) {
      try {
        const records = await this.#receiveBatch()
        pause_ms = 100
        if (records.length === 0) continue
        if (this.#is_closing) {
          await this.#queue.release(records)
          return
        }
        const delivery = this.#deliver(await this.#dropRecursive(records)).finally(() => this.#running.delete(delivery))
        this.#running.add(delivery)
        // Messages are received only if they can be processed at once: waiting would use up their visibility timeout.
        while (this.#running.size >= maximum_concurrency) await Promise.race(this.#running)
      } catch (error) {
        if (this.#stopped.signal.aborted) return
        onError(toErrorDetail(error))
        await delay(pause_ms, undefined, { signal: this.#stopped.signal }).catch(() => undefined)
        pause_ms = Math.min(pause_ms * 2, 5_000)
      }
    }
  }

  /** Waits for a message, then for more until the batch is full, its window ends, or it reaches the size limit of an event. */
  async #receiveBatch(): Promise<SQSRecord[]> {
    const { batch_size, batch_window_s, poll_wait_s, onError } = this.#settings
    const records = await this.#queue.receive(batch_size, poll_wait_s)
    const window_end_ms = Date.now() + batch_window_s * 1000
    let bytes = countPayloadBytes(records)
    while (records.length > 0 && records.length < batch_size && !this.#is_closing) {
      const left_s = Math.ceil((window_end_ms - Date.now()) / 1000)
      if (left_s <= 0) break
      const more = await this.#queue
        .receive(batch_size - records.length, Math.min(left_s, poll_wait_s))
        .catch((error: unknown) => {
          if (!this.#stopped.signal.aborted) onError(toErrorDetail(error))
        })
      // The queue is unavailable: messages already received must not wait for it.
      if (!more) break
      bytes += countPayloadBytes(more)
      if (bytes > PAYLOAD_BYTES_MAX) {
        await this.#queue.release(more)
        break
      }
      records.push(...more)
    }
    return records
  }

  /** Moves the messages of chains that became too long to the dead-letter queue, as Lambda does. */
  async #dropRecursive(records: SQSRecord[]): Promise<SQSRecord[]> {
    const { function_name, allows_recursion, onError } = this.#settings
    if (allows_recursion) return records
    const isTooLong = (record: SQSRecord) => countInvocations(record, function_name) >= CHAIN_INVOCATIONS_MAX
    const dropped = records.filter(isTooLong)
    if (dropped.length === 0) return records
    await this.#queue.moveToDeadLetters(dropped)
    onError({
      errorType: 'RecursiveInvocationsDropped',
      errorMessage: `${function_name} invoked itself ${CHAIN_INVOCATIONS_MAX} times by messages and was stopped`,
    })
    return records.filter((record) => !isTooLong(record))
  }

  async #deliver(records: SQSRecord[]): Promise<void> {
    if (records.length === 0) return
    const { handler, function_name, function_timeout_ms } = this.#settings
    const message_ids = records.map((record) => record.messageId)
    const event = { Records: records }
    const result = await invokeHandler({ handler, event, function_name, timeout_ms: function_timeout_ms })
    if (this.#stopped.signal.aborted) return
    const failed = result.ok ? parseFailedMessageIds(result.payload, message_ids) : new Set(message_ids)
    await this.#queue.remove(records.filter((record) => !failed.has(record.messageId)))
    const failure = result.ok ? undefined : { error: result.error }
    this.#settings.onBatch?.({ message_ids, failed_ids: [...failed], duration_ms: result.duration_ms, ...failure })
  }
}

function checkSettings(settings: { batch_size: number; batch_window_s: number; maximum_concurrency: number }): void {
  const { batch_size, batch_window_s, maximum_concurrency } = settings
  const isWithin = (value: number, min: number, max: number) => Number.isInteger(value) && value >= min && value <= max
  if (!isWithin(batch_size, 1, 10_000)) throw new RangeError('batch_size must be 1-10,000.')
  if (!isWithin(batch_window_s, 0, 300)) throw new RangeError('batch_window_s must be 0-300.')
  if (!isWithin(maximum_concurrency, 1, 1_000)) throw new RangeError('maximum_concurrency must be 1-1,000.')
  if (batch_size > 10 && batch_window_s < 1) {
    throw new RangeError('batch_window_s must be at least 1 when batch_size is greater than 10.')
  }
}

function countPayloadBytes(records: SQSRecord[]): number {
  return records.reduce((bytes, record) => bytes + Buffer.byteLength(JSON.stringify(record)), 0)
}
