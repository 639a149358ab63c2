import type { Message, MessageAttributeValue } from '@aws-sdk/client-sqs'
import type { SQSMessageAttribute, SQSRecord, SQSRecordAttributes } from 'aws-lambda'

/** Converts a received message to a record of an `SQSEvent`. `queue_arn` is the ARN of its queue. */
export function createSqsRecord(message: Message, queue_arn: string): SQSRecord {
  const { AWSTraceHeader, SequenceNumber, MessageGroupId, MessageDeduplicationId, DeadLetterQueueSourceArn, ...rest } =
    message.Attributes ?? {}
  const attributes: SQSRecordAttributes = {
    ApproximateReceiveCount: rest.ApproximateReceiveCount ?? '1',
    SentTimestamp: rest.SentTimestamp ?? '',
    SenderId: rest.SenderId ?? '',
    ApproximateFirstReceiveTimestamp: rest.ApproximateFirstReceiveTimestamp ?? '',
    ...(AWSTraceHeader && { AWSTraceHeader }),
    ...(SequenceNumber && { SequenceNumber }),
    ...(MessageGroupId && { MessageGroupId }),
    ...(MessageDeduplicationId && { MessageDeduplicationId }),
    ...(DeadLetterQueueSourceArn && { DeadLetterQueueSourceArn }),
  }
  const messageAttributes = Object.entries(message.MessageAttributes ?? {}).map(
    ([name, value]) => [name, createMessageAttribute(value)] as const,
  )
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes,
    messageAttributes: Object.fromEntries(messageAttributes),
    ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: queue_arn,
    awsRegion: queue_arn.split(':')[3] ?? '',
  }
}

function createMessageAttribute(value: MessageAttributeValue): SQSMessageAttribute {
  return {
    ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
    ...(value.BinaryValue !== undefined && { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType ?? 'String',
  }
}
