import { functionManifest } from '../functions/runtime/manifest.ts'
import { MESSAGE_ATTEMPTS_MAX } from '../packages/core/src/syncs/retry-policy.ts'
import { named } from './names.ts'

/** AWS's advice for queues that Lambda reads: six times the function's time-out, so that no message is taken twice. */
const VISIBILITY_TIMEOUTS = 6

/** Messages that were given up; the dead-letter function marks their runs failed. They wait 14 days, AWS's most. */
export const deadLetterQueue = new sst.aws.Queue('DeadLetterQueue', {
  visibilityTimeout: `${functionManifest['dead-letter'].timeout_s * VISIBILITY_TIMEOUTS} seconds`,
  transform: {
    queue: { name: named('dead-letter'), messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
  },
})

/** One message = "bring this run up to date". Standard, not FIFO: a message may come late, twice, in any order. */
export const syncQueue = new sst.aws.Queue('SyncQueue', {
  visibilityTimeout: `${functionManifest['sync-consumer'].timeout_s * VISIBILITY_TIMEOUTS} seconds`,
  dlq: { queue: deadLetterQueue.arn, retry: MESSAGE_ATTEMPTS_MAX },
  transform: {
    queue: { name: named('sync'), messageRetentionSeconds: 1_209_600, sqsManagedSseEnabled: true },
  },
})

for (const [name, queue] of Object.entries({ SyncQueue: syncQueue, DeadLetterQueue: deadLetterQueue }))
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
