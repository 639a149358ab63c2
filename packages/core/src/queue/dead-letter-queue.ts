import type { SQSClient } from '@aws-sdk/client-sqs'
import { Problem } from '../problem.ts'
import { requestTimeouts } from './sqs-client.ts'

/** Messages that failed too often, and the way back for them. */
export interface DeadLetterQueue {
  dead_letter_queue_url: string
  dead_letter_queue_arn: string
  waiting: number
}

/**
 * The dead-letter queue behind a queue, as its redrive policy names it.
 * @throws Problem conflict where there is none; the AWS SDK's errors
 */
export async function getDeadLetterQueue(queue_url: string): Promise<DeadLetterQueue> {
  const { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } = await import('@aws-sdk/client-sqs')
  const client = new SQSClient({ maxAttempts: 2, requestHandler: requestTimeouts })
  try {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queue_url, AttributeNames: ['RedrivePolicy'] }),
    )
    const policy = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
    const dead_letter_queue_arn = policy.deadLetterTargetArn
    if (!dead_letter_queue_arn) throw new Problem('conflict', 'The queue has no dead-letter queue.')
    const name = dead_letter_queue_arn.split(':').at(-1) ?? ''
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
    // The local server names a host that resolves nowhere; the dead-letter queue is where the queue is.
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
    return { dead_letter_queue_url, dead_letter_queue_arn, waiting }
  } finally {
    client.destroy()
  }
}

/** Moves everything in the dead-letter queue back to its queue. Returns how many messages were waiting. */
export async function redriveDeadLetterQueue(queue_url: string): Promise<DeadLetterQueue> {
  const { SQSClient, StartMessageMoveTaskCommand } = await import('@aws-sdk/client-sqs')
  const letters = await getDeadLetterQueue(queue_url)
  if (letters.waiting === 0) return letters
  const client = new SQSClient({ maxAttempts: 2, requestHandler: requestTimeouts })
  try {
    await client.send(new StartMessageMoveTaskCommand({ SourceArn: letters.dead_letter_queue_arn }))
    return letters
  } catch (error) {
    // Local SQS servers don't have this action.
    if (
      !/unknown action|InvalidAction|UnsupportedOperation/i.test(`${(error as Error).name} ${(error as Error).message}`)
    )
      throw error
    await moveMessages(client, letters.dead_letter_queue_url, queue_url)
    return letters
  } finally {
    client.destroy()
  }
}

/**
 * Moves messages one batch after another. Each is sent before it is deleted: stopped in between it is there twice, which
 * changes nothing, and never lost.
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
