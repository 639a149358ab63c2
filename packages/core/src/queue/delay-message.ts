import { getSqsClient } from './sqs-client.ts'

/**
 * Makes SQS deliver a failed message again after `delay_s` instead of the queue's visibility time-out, which is six times
 * the longest invocation (hours). Best effort: if it fails, the message comes later.
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
