import { functionManifest } from '../functions/runtime/manifest.ts'
import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { deadLetterQueue, syncQueue } from './queues.ts'
import { settings } from './settings.ts'

/** What Lambda needs to read a queue on a function's behalf. */
const reading = (queue: sst.aws.Queue) => ({
  actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
  resources: [queue.arn],
})

function subscribe(
  queue: sst.aws.Queue,
  name: 'sync-consumer' | 'dead-letter',
  maximumConcurrency: number,
): sst.aws.Function {
  const { trigger } = functionManifest[name]
  const consumer = createFunction(name, { permissions: [reading(queue)], after: [migration] })
  queue.subscribe(consumer.arn, {
    batch: { size: trigger.batch_size, window: `${trigger.batch_window_s} seconds`, partialResponses: true },
    transform: {
      eventSourceMapping: (args) => {
        args.scalingConfig = { maximumConcurrency }
      },
    },
  })
  return consumer
}

export const consumer = subscribe(syncQueue, 'sync-consumer', settings.CONSUMER_CONCURRENCY)
export const deadLetterConsumer = subscribe(
  deadLetterQueue,
  'dead-letter',
  functionManifest['dead-letter'].trigger.maximum_concurrency,
)
