import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { deadLetterQueue } from './queues.ts'

/** A redrive moves messages from the dead-letter queue to the queue of runs. */
const permissions = [
  {
    actions: ['sqs:StartMessageMoveTask', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    resources: [deadLetterQueue.arn],
  },
]

/** Runs `leads` commands next to the database, for people who use `sst shell`. */
export const admin = createFunction('admin', { permissions, after: [migration] })
