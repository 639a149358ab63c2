import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import { type FunctionErrorDetail, toErrorDetail } from './lambda.ts'
import { createLocalSqsClient } from './queue-server.ts'
import { createSqsRecord } from './sqs-records.ts'

/** The queue operations of an event source. All of them fail after `abandon`. */
export interface SourceQueue {
  visibility_timeout_s: number
  /** Receives at most ten records, waiting at most `wait_s` seconds. Returns an empty list if there are none. */
  receive(count: number, wait_s: number): Promise<SQSRecord[]>
  /** Deletes messages. A message that cannot be deleted is reported and redelivered: delivery is at least once. */
  remove(records: readonly SQSRecord[]): Promise<void>
  /** Moves messages to the dead-letter queue of the redrive policy. Without such a policy they are deleted. */
  moveToDeadLetters(records: readonly SQSRecord[]): Promise<void>
  /** Returns messages to the queue, visible at once. */
  release(records: readonly SQSRecord[]): Promise<void>
  /** Aborts all running operations. */
  abandon(): void
}

const DELETE_ATTEMPTS_MAX = 3

/** Opens a queue of the local server for an event source. Rejects if there is no such queue. */
export async function openSourceQueue(
  endpoint: string,
  queue_url: string,
  onError: (error: FunctionErrorDetail) => void,
): Promise<SourceQueue> {
  const client = createLocalSqsClient(endpoint)
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  )
  return new LocalSourceQueue(client, queue_url, Attributes ?? {}, onError)
}

class LocalSourceQueue implements SourceQueue {
  readonly visibility_timeout_s: number
  readonly #client: SQSClient
  readonly #queue_url: string
  readonly #queue_arn: string
  readonly #onError: (error: FunctionErrorDetail) => void
  readonly #abandoned = new AbortController()

  constructor(
    client: SQSClient,
    queue_url: string,
    attributes: Partial<Record<string, string>>,
    onError: (error: FunctionErrorDetail) => void,
  ) {
    this.#client = client
    this.#queue_url = queue_url
    this.#queue_arn = attributes.QueueArn ?? ''
    this.#onError = onError
    this.visibility_timeout_s = Number(attributes.VisibilityTimeout)
  }

  async receive(count: number, wait_s: number): Promise<SQSRecord[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#queue_url,
        MaxNumberOfMessages: Math.min(10, count),
        WaitTimeSeconds: wait_s,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: this.#abandoned.signal },
    )
    return Messages.map((message) => createSqsRecord(message, this.#queue_arn))
  }

  async remove(records: readonly SQSRecord[], attempts = DELETE_ATTEMPTS_MAX): Promise<void> {
    const left: SQSRecord[] = []
    for (const page of chunkByTen(records)) {
      const Entries = page.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }))
      try {
        const command = new DeleteMessageBatchCommand({ QueueUrl: this.#queue_url, Entries })
        const { Failed = [] } = await this.#client.send(command)
        for (const { Id } of Failed) left.push(...page.slice(Number(Id), Number(Id) + 1))
      } catch (error) {
        left.push(...page)
        this.#onError(toErrorDetail(error))
      }
    }
    if (left.length === 0 || this.#abandoned.signal.aborted) return
    if (attempts > 1) return this.remove(left, attempts - 1)
    this.#onError({ errorType: 'DeleteFailed', errorMessage: `${left.length} messages could not be deleted` })
  }

  async moveToDeadLetters(records: readonly SQSRecord[]): Promise<void> {
    const dead_letter_queue_url = await findDeadLetterQueue(this.#client, this.#queue_url)
    for (const { body } of dead_letter_queue_url === undefined ? [] : records)
      await this.#client.send(new SendMessageCommand({ QueueUrl: dead_letter_queue_url, MessageBody: body }))
    await this.remove(records)
  }

  async release(records: readonly SQSRecord[]): Promise<void> {
    for (const page of chunkByTen(records)) {
      const Entries = page.map((record, index) => ({
        Id: String(index),
        ReceiptHandle: record.receiptHandle,
        VisibilityTimeout: 0,
      }))
      await this.#client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queue_url, Entries }))
    }
  }

  abandon(): void {
    this.#abandoned.abort()
    this.#client.destroy()
  }
}

async function findDeadLetterQueue(client: SQSClient, queue_url: string): Promise<string | undefined> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['RedrivePolicy'] }),
  )
  const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
  const name = policy.deadLetterTargetArn?.split(':').at(-1)
  return name && queue_url.replace(/[^/]+$/, name)
}

/** SQS accepts ten entries per request. */
function chunkByTen(records: readonly SQSRecord[]): SQSRecord[][] {
  return Array.from({ length: Math.ceil(records.length / 10) }, (_, page) => records.slice(page * 10, page * 10 + 10))
}
