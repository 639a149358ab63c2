import { functionManifest } from '../functions/runtime/manifest.ts'
import { getAccount } from './account.ts'
import { createFunction, type FunctionOptions } from './functions.ts'
import { migration } from './migration.ts'
import { metricsNamespace } from './names.ts'
import { deadLetterQueue, syncLongQueue, syncQueue } from './queues.ts'
import { settings } from './settings.ts'

/** Rights that Lambda needs to read a queue on a function's behalf. */
const reading = (queues: readonly sst.aws.Queue[]) => ({
  actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueAttributes'],
  resources: queues.map(({ arn }) => arn),
})

interface Source {
  queue: sst.aws.Queue
  maximumConcurrency: number
}

function subscribe(
  name: 'sync-consumer' | 'dead-letter',
  sources: readonly Source[],
  options: Pick<FunctionOptions, 'environment'> = {},
): sst.aws.Function {
  const { trigger } = functionManifest[name]
  const queues = sources.map(({ queue }) => queue)
  const consumer = createFunction(name, { ...options, permissions: [reading(queues)], after: [migration] })
  for (const { queue, maximumConcurrency } of sources)
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

/** A new account may run 10 functions at once in all: imports get half, the API and the webhook the rest. */
const concurrencyMax = Math.max(2, Math.floor((getAccount().concurrency ?? Number.POSITIVE_INFINITY) / 2))

/** Runs imported at once. Smaller than the setting where the account is small; the deployment then prints why. */
export const consumerConcurrency = Math.min(settings.CONSUMER_CONCURRENCY, concurrencyMax)

/** AWS requires at least two consumers of a queue. */
const QUEUE_CONCURRENCY_MIN = 2

/** Half of the consumers take long runs, so that the others are free for a run that arrives. */
const longConcurrency = Math.max(QUEUE_CONCURRENCY_MIN, Math.floor(consumerConcurrency / 2))

export const consumer = subscribe(
  'sync-consumer',
  [
    {
      queue: syncQueue,
      maximumConcurrency: Math.max(QUEUE_CONCURRENCY_MIN, consumerConcurrency - longConcurrency),
    },
    { queue: syncLongQueue, maximumConcurrency: longConcurrency },
  ],
  { environment: { POWERTOOLS_METRICS_NAMESPACE: metricsNamespace } },
)
export const deadLetterConsumer = subscribe('dead-letter', [
  { queue: deadLetterQueue, maximumConcurrency: functionManifest['dead-letter'].trigger.maximum_concurrency },
])

/**
 * The consumer sends its run to its own queue, to read on after its turn, and a poll of the followed runs the next poll.
 * Lambda otherwise stops such a chain after about 16 invocations. A message of a run counts its hops, and polls end with
 * the last followed run, so a chain still ends.
 */
if (functionManifest['sync-consumer'].trigger.allows_recursion)
  new aws.lambda.FunctionRecursionConfig('SyncConsumerRecursion', {
    functionName: consumer.name,
    recursiveLoop: 'Allow',
  })
