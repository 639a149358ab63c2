import { api, apiFunctions } from './api.ts'
import { consumer, deadLetterConsumer } from './consumers.ts'
import { named } from './names.ts'
import { deadLetterQueue, syncQueue } from './queues.ts'
import { cleanup, reconcile } from './schedules.ts'
import { settings } from './settings.ts'

/** Where alarms go. Without ALARM_EMAIL they show in CloudWatch, and anything may subscribe to the topic. */
export const alarmTopic = new aws.sns.Topic('AlarmTopic', { name: named('alarms') })

if (settings.ALARM_EMAIL)
  new aws.sns.TopicSubscription('AlarmEmail', {
    topic: alarmTopic.arn,
    protocol: 'email',
    endpoint: settings.ALARM_EMAIL,
  })

type Alarm = Pick<
  aws.cloudwatch.MetricAlarmArgs,
  'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'extendedStatistic' | 'threshold'
> & {
  description: string
  /** Seconds a figure is gathered over, and how many of the last of them must be bad. Default: one of 5 minutes. */
  period?: number
  periods?: number
  comparison?: 'GreaterThanThreshold' | 'LessThanThreshold'
}

function alarm(name: string, { description, period = 300, periods = 1, comparison, ...metric }: Alarm) {
  return new aws.cloudwatch.MetricAlarm(`${name.replaceAll('-', '')}Alarm`, {
    name: named(name),
    alarmDescription: description,
    ...metric,
    period,
    evaluationPeriods: periods,
    comparisonOperator: comparison ?? 'GreaterThanThreshold',
    // No figure means that nothing happened; where that itself is the fault, it counts as breaching.
    treatMissingData: comparison === 'LessThanThreshold' ? 'breaching' : 'notBreaching',
    alarmActions: [alarmTopic.arn],
    okActions: [alarmTopic.arn],
  })
}

const queueName = (queue: sst.aws.Queue) => ({ QueueName: queue.nodes.queue.name })
const functionName = (target: sst.aws.Function) => ({ FunctionName: target.name })
const apiStage = { ApiId: api.nodes.api.id, Stage: '$default' }

/**
 * Failures of the webhook, counted from the access log: API Gateway's own figures per route are charged for every route,
 * and a stage cannot have them for one route before that route exists.
 */
const webhookFailures = { namespace: `SalesLeads/${$app.stage}`, metricName: 'WebhookServerErrors' }
new aws.cloudwatch.LogMetricFilter('WebhookServerErrors', {
  name: named('webhook-server-errors'),
  logGroupName: api.nodes.logGroup.name,
  pattern: '{ ($.routeKey = "*POST /webhooks/apify*") && ($.status = "5*") }',
  metricTransformation: { namespace: webhookFailures.namespace, name: webhookFailures.metricName, value: '1' },
})

export const alarms = [
  alarm('dead-letters', {
    description:
      'Messages wait in the dead-letter queue: their runs could not even be marked as failed. See docs/deploy.md.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateNumberOfMessagesVisible',
    dimensions: queueName(deadLetterQueue),
    statistic: 'Maximum',
    threshold: 0,
  }),
  alarm('runs-given-up', {
    description: 'A run was given up after its last attempt. GET /syncs?status=failed names it and why.',
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: functionName(deadLetterConsumer),
    statistic: 'Sum',
    threshold: 0,
  }),
  alarm('queue-age', {
    description: 'A run has waited for an hour: the consumer fails, or CONSUMER_CONCURRENCY is too low.',
    namespace: 'AWS/SQS',
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: queueName(syncQueue),
    statistic: 'Maximum',
    threshold: 3600,
  }),
  alarm('consumer-errors', {
    description: 'The sync consumer crashed or timed out.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(consumer),
    statistic: 'Sum',
    threshold: 0,
    periods: 2,
  }),
  alarm('webhook-5xx', {
    description: 'Webhooks of Apify were not taken. It repeats them for 32 hours, and reconcile finds their runs.',
    ...webhookFailures,
    dimensions: {},
    statistic: 'Sum',
    threshold: 0,
  }),
  alarm('api-5xx', {
    description: 'More than five requests in five minutes failed on our side.',
    namespace: 'AWS/ApiGateway',
    metricName: '5xx',
    dimensions: apiStage,
    statistic: 'Sum',
    threshold: 5,
  }),
  alarm('api-p95', {
    description: 'One request in twenty took longer than two seconds, for fifteen minutes.',
    namespace: 'AWS/ApiGateway',
    metricName: 'Latency',
    dimensions: apiStage,
    extendedStatistic: 'p95',
    threshold: 2000,
    periods: 3,
  }),
  alarm('reconcile-errors', {
    description: 'Reconcile failed twice in a row: runs whose webhook was lost are not found.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(reconcile),
    statistic: 'Sum',
    threshold: 0,
    period: 900,
    periods: 2,
  }),
  alarm('reconcile-missing', {
    description: 'Reconcile has not run for an hour.',
    namespace: 'AWS/Lambda',
    metricName: 'Invocations',
    dimensions: functionName(reconcile),
    statistic: 'Sum',
    threshold: 1,
    period: 3600,
    comparison: 'LessThanThreshold',
  }),
  alarm('cleanup-errors', {
    description: 'The daily clean-up failed: deleted leads are kept longer than the retention.',
    namespace: 'AWS/Lambda',
    metricName: 'Errors',
    dimensions: functionName(cleanup),
    statistic: 'Sum',
    threshold: 0,
  }),
]

/** Rows of graphs: what comes in, what waits, what fails, how long it takes. */
function dashboardBody(names: Record<string, string>, region: string): string {
  const graph = (title: string, metrics: unknown[][], x: number, y: number, stat = 'Sum') => ({
    type: 'metric',
    x,
    y,
    width: 12,
    height: 6,
    properties: { title, metrics, stat, region, period: 300, view: 'timeSeries' },
  })
  const apiMetric = (metric: string) => ['AWS/ApiGateway', metric, 'ApiId', names.api, 'Stage', '$default']
  const lambda = (metric: string) =>
    Object.entries(names)
      .filter(([key]) => key.startsWith('function:'))
      .map(([, name]) => ['AWS/Lambda', metric, 'FunctionName', name])
  return JSON.stringify({
    widgets: [
      graph('API requests and failures', [apiMetric('Count'), apiMetric('4xx'), apiMetric('5xx')], 0, 0),
      graph('API latency, ms (p95)', [apiMetric('Latency'), apiMetric('IntegrationLatency')], 12, 0, 'p95'),
      graph(
        'Queue: runs waiting and put aside',
        [names.sync, names.dead_letter].map((name) => [
          'AWS/SQS',
          'ApproximateNumberOfMessagesVisible',
          'QueueName',
          name,
        ]),
        ...([0, 6, 'Maximum'] as const),
      ),
      graph(
        'Age of the run that waits longest, s',
        [['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', names.sync]],
        ...([12, 6, 'Maximum'] as const),
      ),
      graph('Function errors', lambda('Errors'), 0, 12),
      graph('Function duration, ms (p95)', lambda('Duration'), 12, 12, 'p95'),
    ],
  })
}

const watched = new Map<string, sst.aws.Function>([
  ...apiFunctions,
  ['sync-consumer', consumer],
  ['dead-letter', deadLetterConsumer],
  ['reconcile', reconcile],
  ['cleanup', cleanup],
])

export const dashboard = new aws.cloudwatch.Dashboard('Dashboard', {
  dashboardName: named('overview'),
  dashboardBody: $resolve({
    api: api.nodes.api.id,
    sync: syncQueue.nodes.queue.name,
    dead_letter: deadLetterQueue.nodes.queue.name,
    region: aws.getRegionOutput().region,
    ...Object.fromEntries([...watched].map(([name, target]) => [`function:${name}`, target.name])),
  }).apply((names) => dashboardBody(names, names.region)),
})
