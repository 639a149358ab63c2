import { api } from './api.ts'
import { consumer, deadLetterConsumer } from './consumers.ts'
import { createAlarm } from './create-alarm.ts'
import { createDatabaseAlarms } from './database-alarms.ts'
import { database } from './functions.ts'
import { migrateFunction } from './migration.ts'
import { metricsNamespace, named } from './names.ts'
import { deadLetterQueue, syncLongQueue, syncQueue } from './queues.ts'
import { cleanup, reconcile } from './schedules.ts'

const queueName = (queue: sst.aws.Queue) => ({ QueueName: queue.nodes.queue.name })
const functionName = (target: sst.aws.Function) => ({ FunctionName: target.name })
const apiStage = { ApiId: api.nodes.api.id, Stage: '$default' }
const consumerMetrics = { namespace: metricsNamespace, dimensions: { service: 'sync-consumer' } }

const HOUR_S = 3600
const DAY_S = 24 * HOUR_S

/**
 * Failures of the webhook, counted from the access log: API Gateway's own figures per route are charged for every route,
 * and a stage cannot have them for one route before that route exists.
 */
const webhookFailures = { namespace: metricsNamespace, metricName: 'WebhookServerErrors' }
new aws.cloudwatch.LogMetricFilter('WebhookServerErrors', {
  name: named('webhook-server-errors'),
  logGroupName: api.nodes.logGroup.name,
  pattern: '{ ($.routeKey = "*POST /webhooks/apify*") && ($.status = "5*") }',
  metricTransformation: { namespace: webhookFailures.namespace, name: webhookFailures.metricName, value: '1' },
})

/**
 * Invocations of a schedule's function. Those of the migration count too: they are there from the first deployment on,
 * when the schedule has not been due yet and silence would raise the alarm.
 */
const invocations = (target: sst.aws.Function) => ({
  expression: 'SUM(METRICS())',
  metrics: [target, migrateFunction].map((each) => ({
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: functionName(each),
    stat: 'Sum',
  })),
})

export const alarms = [
  createAlarm('dead-letters', {
    description:
      'Messages wait in the dead-letter queue: their runs could not even be marked as failed, as when the database is ' +
      'unavailable. When it is back, they are marked by themselves, and `leads syncs redrive` queues them again.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: queueName(deadLetterQueue),
    statistic: 'Maximum',
    threshold: 0,
  }),
  createAlarm('runs-given-up', {
    description:
      'A run failed on its last attempt. GET /syncs?sync_status=failed lists it with the reason. Fix the cause, then ' +
      'POST /syncs/{run_id}/retry or `leads syncs redrive`.',
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: functionName(deadLetterConsumer),
    statistic: 'Sum',
    threshold: 0,
  }),
  createAlarm('queue-age', {
    description: 'A run has waited for an hour: the consumer fails, or CONSUMER_CONCURRENCY is too low.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: queueName(syncQueue),
    statistic: 'Maximum',
    threshold: HOUR_S,
  }),
  createAlarm('long-queue-age', {
    description:
      'A long run has waited an hour for its next turn: the consumer fails, or CONSUMER_CONCURRENCY is too low.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: queueName(syncLongQueue),
    statistic: 'Maximum',
    threshold: HOUR_S,
  }),
  createAlarm('consumer-errors', {
    description: 'The sync consumer crashed or timed out.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(consumer),
    statistic: 'Sum',
    threshold: 0,
    periods: 2,
  }),
  createAlarm('recursion-dropped', {
    description:
      'Lambda stopped the sync consumer as a recursive loop. Runs that take long stay incomplete until reconcile finds ' +
      'them. Deploy again: the deployment allows the loop.',
    namespace: 'AWS/Lambda',
    metricName: 'RecursiveInvocationsDropped',
    dimensions: functionName(consumer),
    statistic: 'Sum',
    threshold: 0,
  }),
  createAlarm('chains-ended', {
    description:
      'A run was queued again more often than any run should need, and was left to reconcile. ' +
      'GET /syncs?sync_status=syncing lists it.',
    ...consumerMetrics,
    metricName: 'ChainsEnded',
    statistic: 'Sum',
    threshold: 0,
  }),
  createAlarm('webhook-5xx', {
    description:
      'Webhooks of Apify were not accepted. Apify repeats them for 32 hours, and reconcile finds their runs.',
    ...webhookFailures,
    dimensions: {},
    statistic: 'Sum',
    threshold: 0,
  }),
  createAlarm('api-5xx', {
    description: 'More than five requests in five minutes failed on our side.',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: apiStage,
    statistic: 'Sum',
    threshold: 5,
  }),
  createAlarm('api-p95', {
    description: 'One request in twenty took longer than two seconds, for fifteen minutes.',
    namespace: 'AWS/ApiGateway',
    metricName: 'Latency',
    dimensions: apiStage,
    extendedStatistic: 'p95',
    threshold: 2000,
    periods: 3,
  }),
  createAlarm('throttles', {
    description:
      'Lambda refused invocations: the account runs as many functions at once as it may. Raise "Concurrent executions" ' +
      'under Service Quotas → AWS Lambda.',
    namespace: 'AWS/Lambda',
    metricName: 'Throttles',
    // Without a dimension: the limit is the account's, so what throttles one function throttles all.
    dimensions: {},
    statistic: 'Sum',
    threshold: 0,
    periods: 2,
  }),
  createAlarm('reconcile-errors', {
    description: 'Reconcile failed twice in a row: runs whose webhook was lost are not found.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(reconcile),
    statistic: 'Sum',
    threshold: 0,
    period: 900,
    periods: 2,
  }),
  createAlarm('reconcile-missing', {
    description: 'Reconcile has not run for an hour.',
    ...invocations(reconcile),
    threshold: 1,
    period: HOUR_S,
    comparison: 'LessThanThreshold',
  }),
  createAlarm('cleanup-errors', {
    description: 'The daily cleanup failed: deleted leads are kept longer than the retention.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(cleanup),
    statistic: 'Sum',
    threshold: 0,
  }),
  createAlarm('cleanup-missing', {
    description: 'The daily cleanup has not run for two days: deleted leads are kept longer than the retention.',
    ...invocations(cleanup),
    threshold: 1,
    period: DAY_S,
    periods: 2,
    comparison: 'LessThanThreshold',
  }),
  ...createDatabaseAlarms(database.created),
]
