import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { deadLetterQueue, syncQueue } from './queues.ts'

/** `leads syncs redrive` and `leads doctor` read both queues; a redrive moves messages from one to the other. */
const permissions = [
  { actions: ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'], resources: [syncQueue.arn, deadLetterQueue.arn] },
  {
    actions: ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    resources: [deadLetterQueue.arn],
  },
]

/** Runs `leads` commands next to the database, for people who use `sst shell`. */
export const admin = createFunction('admin', { permissions, after: [migration] })
