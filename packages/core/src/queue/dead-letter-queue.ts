import type { SQSClient } from '@aws-sdk/client-sqs'
import { Problem } from '../problem.ts'
import { requestTimeouts } from './sqs-client.ts'

/** The queue of messages that failed on their last attempt. */
export interface DeadLetterQueue {
  queue_arn: string
  dead_letter_queue_url: string
  dead_letter_queue_arn: string
  waiting: number
}

/**
 * Returns the dead-letter queue that the redrive policy of a queue names.
 * @throws Problem conflict if there is none; the AWS SDK's errors
 */
export async function getDeadLetterQueue(queue_url: string): Promise<DeadLetterQueue> {
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import('@aws-sdk/client-sqs')
  const client = new SQSClient({ maxAttempts: 2, requestHandler: requestTimeouts })
  try {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['QueueArn', 'RedrivePolicy'] }),
    )
    const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
    const dead_letter_queue_arn = policy.deadLetterTargetArn
    if (!dead_letter_queue_arn) throw new Problem('conflict', 'The queue has no dead-letter queue.')
    const name = dead_letter_queue_arn.split(':').at(-1) ?? ''
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
    // The local server returns a host that does not resolve. The dead-letter queue is on the queue's server.
    const dead_letter_queue_url = queue_url.includes('amazonaws.com')
      ? (QueueUrl ?? '')
      : queue_url.replace(/[^/]+$/, name)
    const counts = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: dead_letter_queue_url,
        AttributeNames: ['ApproximateNumberOfMessages'],
      }),
    )
    const waiting = Number(counts.Attributes?.ApproximateNumberOfMessages ?? 0)
    return { queue_arn: Attributes?.QueueArn ?? '', dead_letter_queue_url, dead_letter_queue_arn, waiting }
  } finally {
    client.destroy()
  }
}

/**
 * Moves all messages of the dead-letter queue to the queue where runs arrive, also those of long runs. Returns how many
 * were waiting.
 */
export async function redriveDeadLetterQueue(queue_url: string): Promise<DeadLetterQueue> {
  const { SQSClient, StartMessageMoveTaskCommand } = await import('@aws-sdk/client-sqs')
  const deadLetters = await getDeadLetterQueue(queue_url)
  if (deadLetters.waiting === 0) return deadLetters
  const client = new SQSClient({ maxAttempts: 2, requestHandler: requestTimeouts })
  try {
    await client.send(
      new StartMessageMoveTaskCommand({
        SourceArn: deadLetters.dead_letter_queue_arn,
        DestinationArn: deadLetters.queue_arn,
      }),
    )
    return deadLetters
  } catch (error) {
    // Local SQS servers do not have this action.
    if (
      !/unknown action|InvalidAction|UnsupportedOperation/i.test(`${(error as Error).name} ${(error as Error).message}`)
    )
      throw error
    await moveMessages(client, deadLetters.dead_letter_queue_url, queue_url)
    return deadLetters
  } finally {
    client.destroy()
  }
}

/**
 * Moves messages batch by batch. Each is sent before it is deleted: if the command stops in between, the message exists
 * twice, which changes nothing. It is never lost.
 */
async function moveMessages(client: SQSClient, from: string, to: string): Promise<void> {
  const { DeleteMessageBatchCommand, ReceiveMessageCommand, SendMessageBatchCommand } = await import(
    '@aws-sdk/client-sqs'
  )
  for (;;) {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: from, MaxNumberOfMessages: 10 }))
    if (Messages.length === 0) return
    const entries = Messages.map(({ Body, ReceiptHandle }, index) => ({ Id: String(index), Body, ReceiptHandle }))
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: to,
        Entries: entries.map(({ Id, Body }) => ({ Id, MessageBody: Body })),
      }),
    )
    if (Failed.length > 0) throw new Error(`The queue refused ${Failed.length} messages: ${Failed[0]?.Message}`)
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: from,
        Entries: entries.map(({ Id, ReceiptHandle }) => ({ Id, ReceiptHandle })),
      }),
    )
  }
}
