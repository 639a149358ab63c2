import { functionManifest } from '../functions/runtime/manifest.ts'
import { MESSAGE_ATTEMPTS_MAX } from '../packages/core/src/syncs/retry-policy.ts'
import { named } from './names.ts'

/** AWS advises six times the function's timeout for queues that Lambda reads, so that no message is read twice. */
const VISIBILITY_TIMEOUTS = 6

/** Messages that failed on every attempt; the dead-letter function marks their runs failed. AWS keeps 14 days at most. */
export const deadLetterQueue = new sst.aws.Queue('DeadLetterQueue', {
  visibilityTimeout: `${functionManifest['dead-letter'].timeout_s * VISIBILITY_TIMEOUTS} seconds`,
  transform: {
    queue: { name: named('dead-letter'), messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
  },
})

/** One message asks to sync one run. Standard, not FIFO: a message may arrive late, twice and in any order. */
export const syncQueue = new sst.aws.Queue('SyncQueue', {
  visibilityTimeout: `${functionManifest['sync-consumer'].timeout_s * VISIBILITY_TIMEOUTS} seconds`,
  dlq: { queue: deadLetterQueue.arn, retry: MESSAGE_ATTEMPTS_MAX },
  transform: {
    queue: { name: named('sync'), messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
  },
})

/** Runs with many items left wait here for their next turn, so that short runs never wait behind them. */
export const syncLongQueue = new sst.aws.Queue('SyncLongQueue', {
  visibilityTimeout: `${functionManifest['sync-consumer'].timeout_s * VISIBILITY_TIMEOUTS} seconds`,
  dlq: { queue: deadLetterQueue.arn, retry: MESSAGE_ATTEMPTS_MAX },
  transform: {
    queue: { name: named('sync-long'), messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
  },
})

/** Counting the messages that wait in each queue: `leads doctor`, `GET /service`. */
export const queueInspection = {
  actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
  resources: [syncQueue.arn, syncLongQueue.arn, deadLetterQueue.arn],
}

for (const [name, queue] of Object.entries({
  SyncQueue: syncQueue,
  SyncLongQueue: syncLongQueue,
  DeadLetterQueue: deadLetterQueue,
}))
  new aws.sqs.QueuePolicy(`${name}TlsOnly`, {
    queueUrl: queue.url,
    policy: $jsonStringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sqs:*',
          Resource: queue.arn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    }),
  })
