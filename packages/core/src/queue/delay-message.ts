import { getSqsClient } from './sqs-client.ts'

/**
 * Brings a failed message back after `delay_s` rather than after the queue's visibility time-out, which has to outlast
 * the longest invocation (six of them: hours). Best effort: without it the message just comes later.
 */
export async function delayMessage({
  queue_url,
  receipt_handle,
  delay_s,
}: {
  queue_url: string
  receipt_handle: string
  delay_s: number
}): Promise<void> {
  const { ChangeMessageVisibilityCommand } = await import('@aws-sdk/client-sqs')
  const client = await getSqsClient(queue_url)
  await client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue_url,
      ReceiptHandle: receipt_handle,
      VisibilityTimeout: Math.round(delay_s),
    }),
  )
}
