import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import { type FunctionErrorDetail, toErrorDetail } from './lambda.ts'
import { createLocalSqsClient } from './queue-server.ts'
import { createSqsRecord } from './sqs-records.ts'

/** What an event source does with its queue. All of it fails once the queue is let go of. */
export interface SourceQueue {
  visibility_timeout_s: number
  /** At most ten records, after at most `wait_s` seconds; an empty list if there was nothing. */
  receive(count: number, wait_s: number): Promise<SQSRecord[]>
  /** Deletes messages. What cannot be deleted is reported and comes again: delivery is at least once. */
  remove(records: readonly SQSRecord[]): Promise<void>
  /** Gives messages back, visible at once. */
  release(records: readonly SQSRecord[]): Promise<void>
  /** Ends what is under way. */
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
  const let_go = new AbortController()
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
  )
  const queue_arn = Attributes?.QueueArn ?? ''

  const removeUpTo = async (records: readonly SQSRecord[], attempts: number): Promise<void> => {
    const left: SQSRecord[] = []
    for (const page of chunkByTen(records)) {
      const Entries = page.map((record, index) => ({ Id: String(index), ReceiptHandle: record.receiptHandle }))
      try {
        const { Failed = [] } = await client.send(new DeleteMessageBatchCommand({ QueueUrl: queue_url, Entries }))
        for (const { Id } of Failed) left.push(...page.slice(Number(Id), Number(Id) + 1))
      } catch (error) {
        left.push(...page)
        onError(toErrorDetail(error))
      }
    }
    if (left.length === 0 || let_go.signal.aborted) return
    if (attempts > 1) return removeUpTo(left, attempts - 1)
    onError({ errorType: 'DeleteFailed', errorMessage: `${left.length} messages could not be deleted` })
  }

  return {
    visibility_timeout_s: Number(Attributes?.VisibilityTimeout),
    receive: async (count, wait_s) => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queue_url,
          MaxNumberOfMessages: Math.min(10, count),
          WaitTimeSeconds: wait_s,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: let_go.signal },
      )
      return Messages.map((message) => createSqsRecord(message, queue_arn))
    },
    remove: (records) => removeUpTo(records, DELETE_ATTEMPTS_MAX),
    release: async (records) => {
      for (const page of chunkByTen(records)) {
        const Entries = page.map((record, index) => ({
          Id: String(index),
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: 0,
        }))
        await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queue_url, Entries }))
      }
    },
    abandon: () => {
      let_go.abort()
      client.destroy()
    },
  }
}

/** SQS takes ten entries a request. */
function chunkByTen(records: readonly SQSRecord[]): SQSRecord[][] {
  return Array.from({ length: Math.ceil(records.length / 10) }, (_, page) => records.slice(page * 10, page * 10 + 10))
}
