import { type FunctionName, functionManifest } from '../../../functions/runtime/manifest.ts'
import { account, arn, at, lambda, ofType, only, region } from '../stack-queries.ts'
import type { Stack } from '../synthesize.ts'
import { accountOf, settingOf } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const queue = 'aws:sqs/queue:Queue'
const mapping = 'aws:lambda/eventSourceMapping:EventSourceMapping'
const consumers = {
  SyncQueueQueue: 'sync-consumer',
  SyncLongQueueQueue: 'sync-consumer',
  DeadLetterQueueQueue: 'dead-letter',
} as const
const runQueues = ['SyncQueueQueue', 'SyncLongQueueQueue'] as const
const names = Object.entries(consumers) as [keyof typeof consumers, 'sync-consumer' | 'dead-letter'][]

/** Invocations at once by the queue that they read. */
const concurrencyOf = (stack: Stack): Record<string, number> =>
  Object.fromEntries(
    ofType(stack, mapping).map((each) => [
      String(at(each, 'eventSourceArn')).replace(/.*:sales-leads-[a-z]+-/, ''),
      Number(at(each, 'scalingConfig.maximumConcurrency')),
    ]),
  )

export const queuePromises: Promised[] = [
  {
    promise: 'A message that keeps failing moves to the dead-letter queue after a few attempts',
    broken: (stack) =>
      runQueues.flatMap((name) => {
        const policy = at(only(stack, queue, name), 'redrivePolicy')
        const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(String(policy ?? '{}')) as Record<string, unknown>
        const target = arn('sqs', `sales-leads-${stack.stage}-dead-letter`)
        return [
          ...unless(deadLetterTargetArn === target, `${name} has no dead-letter queue`),
          ...unless(
            Number(maxReceiveCount) >= 3 && Number(maxReceiveCount) <= 10,
            `${name}: ${maxReceiveCount} receives`,
          ),
        ]
      }),
  },
  {
    promise: 'A message is kept for 14 days',
    broken: (stack) =>
      names.flatMap(([name]) =>
        unless(at(only(stack, queue, name), 'messageRetentionSeconds') === 1_209_600, `${name} keeps less`),
      ),
  },
  {
    promise: 'Messages are encrypted at rest',
    broken: (stack) =>
      names.flatMap(([name]) => unless(at(only(stack, queue, name), 'sqsManagedSseEnabled') === true, name)),
  },
  {
    promise: 'Queues refuse requests without TLS',
    broken: (stack) =>
      names.flatMap(([name]) => {
        const url = `https://sqs.${region}.amazonaws.com/${account}/${at(only(stack, queue, name), 'name')}`
        const policy = ofType(stack, 'aws:sqs/queuePolicy:QueuePolicy').find((each) => at(each, 'queueUrl') === url)
        const text = String(policy?.inputs.policy)
        return unless(/"Effect":"Deny".*"aws:SecureTransport":"false"/.test(text), `${name} takes plain HTTP`)
      }),
  },
  {
    promise: 'A message stays hidden for at least six timeouts of its consumer',
    broken: (stack) =>
      names.flatMap(([name, consumer]) => {
        const visibility_s = Number(at(only(stack, queue, name), 'visibilityTimeoutSeconds'))
        const timeout_s = Number(at(lambda(stack, consumer), 'timeout'))
        return unless(visibility_s >= 6 * timeout_s, `${name}: ${visibility_s} s for a time-out of ${timeout_s} s`)
      }),
  },
  {
    promise: 'Only its consumer reads a queue',
    broken(stack) {
      const read = ofType(stack, mapping).map((each) => `${at(each, 'eventSourceArn')} > ${at(each, 'functionName')}`)
      const wanted = names.map(([name, consumer]) => {
        const source = arn('sqs', String(at(only(stack, queue, name), 'name')))
        return `${source} > ${arn('lambda', `function:sales-leads-${stack.stage}-${consumer}`)}`
      })
      return unless(read.sort().join() === wanted.sort().join(), `read: ${read.join(', ')}`)
    },
  },
  {
    promise: 'Only the failed messages of a batch are delivered again',
    broken: (stack) =>
      ofType(stack, mapping).flatMap((each) =>
        unless(String(at(each, 'functionResponseTypes')) === 'ReportBatchItemFailures', each.name),
      ),
  },
  {
    promise: "No more runs are imported at once than the settings and half of the account's concurrency allow",
    broken(stack, variant) {
      const total = Math.min(
        Number(settingOf(variant, 'CONSUMER_CONCURRENCY') ?? 10),
        Math.floor((accountOf(variant).concurrency ?? 1000) / 2),
      )
      const concurrency = concurrencyOf(stack)
      const [short = 0, long = 0] = ['sync', 'sync-long'].map((name) => concurrency[name])
      // AWS requires two for each queue.
      return [
        ...unless(short + long === Math.max(4, total), `${short} and ${long} runs instead of ${total}`),
        ...unless(
          concurrency['dead-letter'] === functionManifest['dead-letter'].trigger.maximum_concurrency,
          `dead-letter: ${concurrency['dead-letter']}`,
        ),
      ]
    },
  },
  {
    promise: 'Long runs leave at least half of the consumers to runs that arrive',
    broken(stack) {
      const { sync: short = 0, 'sync-long': long = 0 } = concurrencyOf(stack)
      return unless(long >= 2 && short >= long, `${short} for runs that arrive, ${long} for long runs`)
    },
  },
  {
    promise: 'What queues long runs or counts those that wait knows where, and nothing else does',
    broken(stack) {
      const url = `https://sqs.${region}.amazonaws.com/${account}/sales-leads-${stack.stage}-sync-long`
      const knowing = new Set<FunctionName>(['sync-consumer', 'sync-actions', 'admin'])
      return (Object.keys(functionManifest) as FunctionName[]).flatMap((name) => {
        const variables = at(lambda(stack, name), 'environment.variables') as Record<string, unknown>
        const wanted = knowing.has(name) ? url : undefined
        return unless(variables?.SYNC_LONG_QUEUE_URL === wanted, `${name}: ${String(variables?.SYNC_LONG_QUEUE_URL)}`)
      })
    },
  },
  {
    promise: 'Batch sizes are those of the function table',
    broken: (stack) =>
      ofType(stack, mapping).flatMap((each) => {
        const name = String(at(each, 'functionName')).includes('dead-letter') ? 'dead-letter' : 'sync-consumer'
        const { batch_size, batch_window_s } = functionManifest[name].trigger
        return unless(
          at(each, 'batchSize') === batch_size && at(each, 'maximumBatchingWindowInSeconds') === batch_window_s,
          name,
        )
      }),
  },
  {
    promise: 'Lambda lets the consumer send its run to its own queue, and no other function',
    broken(stack) {
      const allowed = ofType(stack, 'aws:lambda/functionRecursionConfig:FunctionRecursionConfig').map(
        (each) => `${at(each, 'functionName')} ${at(each, 'recursiveLoop')}`,
      )
      return unless(allowed.join() === `sales-leads-${stack.stage}-sync-consumer Allow`, `allowed: ${allowed.join()}`)
    },
  },
  {
    promise: 'An account with little concurrency is informed that fewer runs are imported at once',
    broken(stack, variant) {
      const is_small = (accountOf(variant).concurrency ?? 1000) < 20
      return unless(/Service Quotas/.test(String(stack.outputs.concurrency_note)) === is_small, 'no note')
    },
  },
]
