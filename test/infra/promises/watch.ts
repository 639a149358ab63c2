import { at, ofType } from '../stack-queries.ts'
import type { Stack } from '../synthesize.ts'
import { settingOf } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

interface Wanted {
  promise: string
  metric: string
  dimensions(stage: string): Record<string, string>
  /** The longest that the alarm may take, in seconds, and the highest figure it may let pass. */
  within_s: number
  threshold_max: number
  /** The database that has the alarm; every deployment when left out. */
  database?: RegExp
  comparison?: string
}

const ofQueue = (name: string) => (stage: string) => ({ QueueName: `sales-leads-${stage}-${name}` })
const ofFunction = (name: string) => (stage: string) => ({ FunctionName: `sales-leads-${stage}-${name}` })
const ofApi = () => ({ ApiId: 'ApiApi-id', Stage: '$default' })

const wanted: Wanted[] = [
  {
    promise: 'An alarm reports messages in the dead-letter queue',
    metric: 'AWS/SQS ApproximateNumberOfMessagesVisible',
    dimensions: ofQueue('dead-letter'),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports a run that failed on its last attempt',
    metric: 'AWS/Lambda Invocations',
    dimensions: ofFunction('dead-letter'),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports runs that wait too long',
    metric: 'AWS/SQS ApproximateAgeOfOldestMessage',
    dimensions: ofQueue('sync'),
    within_s: 600,
    threshold_max: 3600,
  },
  {
    promise: 'An alarm reports long runs that wait too long for their next turn',
    metric: 'AWS/SQS ApproximateAgeOfOldestMessage',
    dimensions: ofQueue('sync-long'),
    within_s: 600,
    threshold_max: 3600,
  },
  {
    promise: 'An alarm reports failures of the consumer',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('sync-consumer'),
    within_s: 900,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports failures of the API',
    metric: 'AWS/ApiGateway 5xx',
    dimensions: ofApi,
    within_s: 600,
    threshold_max: 10,
  },
  {
    promise: 'An alarm reports a slow API (p95)',
    metric: 'AWS/ApiGateway Latency p95',
    dimensions: ofApi,
    within_s: 1800,
    threshold_max: 3000,
  },
  {
    promise: 'An alarm reports failures of reconcile',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('reconcile'),
    within_s: 3600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports failures of the cleanup',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('cleanup'),
    within_s: 3600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports that Lambda stopped the consumer as a recursive loop',
    metric: 'AWS/Lambda RecursiveInvocationsDropped',
    dimensions: ofFunction('sync-consumer'),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports a run that was queued again too often',
    metric: 'SalesLeads/<stage> ChainsEnded',
    dimensions: () => ({ service: 'sync-consumer' }),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'An alarm reports that the account throttles functions',
    metric: 'AWS/Lambda Throttles',
    dimensions: () => ({}),
    within_s: 900,
    threshold_max: 0,
  },
]

const databaseAlarms: Wanted[] = [
  {
    promise: 'An alarm reports a created database without free disk',
    metric: 'AWS/RDS FreeStorageSpace',
    dimensions: () => ({ DBInstanceIdentifier: 'DatabaseInstance' }),
    within_s: 600,
    threshold_max: 4 * 1024 ** 3,
    database: /^(dev|production)-postgres$/,
    comparison: 'LessThanThreshold',
  },
  {
    promise: 'An alarm reports a created database that runs out of connections',
    metric: 'AWS/RDS DatabaseConnections',
    dimensions: () => ({ DBInstanceIdentifier: 'DatabaseInstance' }),
    within_s: 1800,
    // A t4g.micro allows 112.
    threshold_max: 100,
    database: /^(dev|production)-postgres$/,
  },
  {
    promise: 'An alarm reports a created database without free CPU',
    metric: 'AWS/RDS CPUUtilization',
    dimensions: () => ({ DBInstanceIdentifier: 'DatabaseInstance' }),
    within_s: 1800,
    threshold_max: 95,
    database: /^(dev|production)-postgres$/,
  },
  {
    promise: 'An alarm reports Aurora at its largest size',
    metric: 'AWS/RDS ACUUtilization',
    dimensions: () => ({ DBClusterIdentifier: 'DatabaseCluster-id' }),
    within_s: 1800,
    threshold_max: 99,
    database: /^(dev|production)-aurora$/,
  },
  {
    promise: 'An alarm reports a proxy that pins connections to clients',
    metric: 'AWS/RDS DatabaseConnectionsCurrentlySessionPinned',
    dimensions: () => ({ ProxyName: 'DatabaseProxy' }),
    within_s: 3600,
    threshold_max: 10,
    database: /^(dev|production)-(aurora|postgres)$/,
  },
]

const sorted = (value: unknown): string => JSON.stringify(Object.entries(value as object).sort())
/** Without the random letters at which names of databases and proxies end. */
const withoutSuffix = (dimensions: unknown) =>
  Object.fromEntries(
    Object.entries(dimensions as Record<string, string>).map(([name, value]) => [
      name,
      value.replace(
        /^sales-leads-\w+-database(instance|cluster|proxy)-\w{8}$/,
        (_match, kind: string) => `Database${kind[0]?.toUpperCase()}${kind.slice(1)}`,
      ),
    ]),
  )
const topic = (stack: Stack): string => `arn:aws:mock:eu-central-1:123456789012:sales-leads-${stack.stage}-alarms`
const alarms = (stack: Stack) => ofType(stack, 'aws:cloudwatch/metricAlarm:MetricAlarm')

export const watchPromises: Promised[] = [
  ...[...wanted, ...databaseAlarms].map(
    ({ promise, metric, dimensions, within_s, threshold_max, database = /./, comparison }): Promised => ({
      promise,
      broken(stack, variant) {
        if (!database.test(variant)) return []
        const found = alarms(stack).find(
          ({ inputs }) =>
            `${inputs.namespace} ${inputs.metricName}${inputs.extendedStatistic ? ` ${inputs.extendedStatistic}` : ''}` ===
              metric.replace('<stage>', stack.stage) &&
            inputs.comparisonOperator === (comparison ?? 'GreaterThanThreshold') &&
            sorted(withoutSuffix(inputs.dimensions)) === sorted(dimensions(stack.stage)),
        )
        if (!found) return ['there is no such alarm']
        const { period, evaluationPeriods, threshold } = found.inputs as Record<string, number>
        return [
          ...unless((period ?? 0) * (evaluationPeriods ?? 0) <= within_s, 'too late'),
          ...unless((threshold ?? Number.NaN) <= threshold_max, 'too lenient'),
        ]
      },
    }),
  ),
  {
    promise: 'An alarm reports a schedule that does not run, but not on the first deployment',
    broken: (stack) =>
      (['reconcile', 'cleanup'] as const).flatMap((name) => {
        const found = alarms(stack).find((each) => at(each, 'name') === `sales-leads-${stack.stage}-${name}-missing`)
        if (!found) return [`no alarm for ${name}`]
        const counted = (found.inputs.metricQueries as { metric?: { dimensions: { FunctionName: string } } }[]).flatMap(
          ({ metric }) => metric?.dimensions.FunctionName.replace(`sales-leads-${stack.stage}-`, '') ?? [],
        )
        return [
          ...unless(found.inputs.treatMissingData === 'breaching', `silence of ${name} counts as good`),
          ...unless(counted.includes(name), `${name} is not counted`),
          // Invoked by every first deployment, so that there is a figure before the schedule is due.
          ...unless(counted.includes('migrate'), `${name}: the first deployment raises the alarm`),
        ]
      }),
  },
  {
    promise: 'Every alarm notifies the alarm topic and states what it means',
    broken: (stack) =>
      alarms(stack).flatMap((each) => [
        ...unless(String(at(each, 'alarmActions')) === topic(stack), `${each.name} goes nowhere`),
        ...unless(String(at(each, 'alarmDescription')).length > 20, `${each.name} says nothing`),
      ]),
  },
  {
    promise: 'Alarms reach the configured email address',
    broken(stack, variant) {
      const subscriptions = ofType(stack, 'aws:sns/topicSubscription:TopicSubscription')
      const addresses = subscriptions.map((each) => `${String(at(each, 'protocol'))} ${String(at(each, 'endpoint'))}`)
      const address = settingOf(variant, 'ALARM_EMAIL')
      return unless(addresses.join() === (address ? `email ${address}` : ''), addresses.join())
    },
  },
  {
    promise: 'An alarm reports webhooks that were not accepted',
    broken(stack) {
      const filter = ofType(stack, 'aws:cloudwatch/logMetricFilter:LogMetricFilter')[0]
      const metric = `${String(filter && at(filter, 'metricTransformation.namespace'))} WebhookServerErrors`
      const found = alarms(stack).find(({ inputs }) => `${inputs.namespace} ${inputs.metricName}` === metric)
      const pattern = '{ ($.routeKey = "*POST /webhooks/apify*") && ($.status = "5*") }'
      return [
        ...unless(filter !== undefined && at(filter, 'pattern') === pattern, 'failures are not counted'),
        ...unless(String(filter && at(filter, 'logGroupName')).startsWith('/aws/vendedlogs/apis/'), 'in another log'),
        ...unless(found?.inputs.threshold === 0 && Number(found.inputs.period) <= 600, 'no alarm'),
      ]
    },
  },
  {
    promise: 'No metrics per route are kept, since they are charged per route',
    broken: (stack) =>
      ofType(stack, 'aws:apigatewayv2/stage:Stage').flatMap((each) =>
        unless(at(each, 'defaultRouteSettings.detailedMetricsEnabled') !== true, each.name),
      ),
  },
  {
    promise: 'One dashboard shows requests, failures, latency, queue and functions',
    broken(stack) {
      const body = String(ofType(stack, 'aws:cloudwatch/dashboard:Dashboard')[0]?.inputs.dashboardBody)
      return [
        'Count',
        '5xx',
        'Latency',
        'ApproximateNumberOfMessagesVisible',
        'sync-long',
        'Errors',
        'Duration',
        'sync-consumer',
      ]
        .filter((figure) => !body.includes(figure))
        .map((figure) => `${figure} is not shown`)
    },
  },
]
