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
}

const ofQueue = (name: string) => (stage: string) => ({ QueueName: `sales-leads-${stage}-${name}` })
const ofFunction = (name: string) => (stage: string) => ({ FunctionName: `sales-leads-${stage}-${name}` })
const ofApi = () => ({ ApiId: 'ApiApi-id', Stage: '$default' })

const wanted: Wanted[] = [
  {
    promise: 'Somebody is told of a message in the dead-letter queue',
    metric: 'AWS/SQS ApproximateNumberOfMessagesVisible',
    dimensions: ofQueue('dead-letter'),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'Somebody is told when a run is given up',
    metric: 'AWS/Lambda Invocations',
    dimensions: ofFunction('dead-letter'),
    within_s: 600,
    threshold_max: 0,
  },
  {
    promise: 'Somebody is told when runs wait too long',
    metric: 'AWS/SQS ApproximateAgeOfOldestMessage',
    dimensions: ofQueue('sync'),
    within_s: 600,
    threshold_max: 3600,
  },
  {
    promise: 'Somebody is told when the consumer fails',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('sync-consumer'),
    within_s: 900,
    threshold_max: 0,
  },
  {
    promise: 'Somebody is told when the API fails',
    metric: 'AWS/ApiGateway 5xx',
    dimensions: ofApi,
    within_s: 600,
    threshold_max: 10,
  },
  {
    promise: 'Somebody is told when the API is slow (p95)',
    metric: 'AWS/ApiGateway Latency p95',
    dimensions: ofApi,
    within_s: 1800,
    threshold_max: 3000,
  },
  {
    promise: 'Somebody is told when reconcile fails',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('reconcile'),
    within_s: 3600,
    threshold_max: 0,
  },
  {
    promise: 'Somebody is told when clean-up fails',
    metric: 'AWS/Lambda Errors',
    dimensions: ofFunction('cleanup'),
    within_s: 3600,
    threshold_max: 0,
  },
]

const sorted = (value: unknown): string => JSON.stringify(Object.entries(value as object).sort())
const topic = (stack: Stack): string => `arn:aws:mock:eu-central-1:123456789012:sales-leads-${stack.stage}-alarms`
const alarms = (stack: Stack) => ofType(stack, 'aws:cloudwatch/metricAlarm:MetricAlarm')

export const watchPromises: Promised[] = [
  ...wanted.map(
    ({ promise, metric, dimensions, within_s, threshold_max }): Promised => ({
      promise,
      broken(stack) {
        const found = alarms(stack).find(
          ({ inputs }) =>
            `${inputs.namespace} ${inputs.metricName}${inputs.extendedStatistic ? ` ${inputs.extendedStatistic}` : ''}` ===
              metric &&
            inputs.comparisonOperator === 'GreaterThanThreshold' &&
            sorted(inputs.dimensions) === sorted(dimensions(stack.stage)),
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
    promise: 'Somebody is told when reconcile does not run at all',
    broken(stack) {
      const found = alarms(stack).find(
        ({ inputs }) =>
          inputs.metricName === 'Invocations' &&
          inputs.comparisonOperator === 'LessThanThreshold' &&
          sorted(inputs.dimensions) === sorted(ofFunction('reconcile')(stack.stage)),
      )
      return unless(found?.inputs.treatMissingData === 'breaching', 'silence counts as good')
    },
  },
  {
    promise: 'Every alarm goes to the alarm topic, and says what it means',
    broken: (stack) =>
      alarms(stack).flatMap((each) => [
        ...unless(String(at(each, 'alarmActions')) === topic(stack), `${each.name} goes nowhere`),
        ...unless(String(at(each, 'alarmDescription')).length > 20, `${each.name} says nothing`),
      ]),
  },
  {
    promise: 'Alarms reach the e-mail address that was set',
    broken(stack, variant) {
      const subscriptions = ofType(stack, 'aws:sns/topicSubscription:TopicSubscription')
      const addresses = subscriptions.map((each) => `${String(at(each, 'protocol'))} ${String(at(each, 'endpoint'))}`)
      const address = settingOf(variant, 'ALARM_EMAIL')
      return unless(addresses.join() === (address ? `email ${address}` : ''), addresses.join())
    },
  },
  {
    promise: 'Somebody is told when webhooks are not taken',
    broken(stack) {
      const filter = ofType(stack, 'aws:cloudwatch/logMetricFilter:LogMetricFilter')[0]
      const metric = `${String(filter && at(filter, 'metricTransformation.namespace'))} WebhookServerErrors`
      const found = alarms(stack).find(({ inputs }) => `${inputs.namespace} ${inputs.metricName}` === metric)
      const pattern = '{ ($.routeKey = "*POST /webhooks/apify*") && ($.status = "5*") }'
      return [
        ...unless(filter !== undefined && at(filter, 'pattern') === pattern, 'failures are not counted'),
        ...unless(String(filter && at(filter, 'logGroupName')).startsWith('/aws/vendedlogs/apis/'), 'in another log'),
        ...unless(found?.inputs.threshold === 0 && Number(found.inputs.period) <= 600, 'nobody is told'),
      ]
    },
  },
  {
    promise: 'No figures are kept per route, which are charged by route',
    broken: (stack) =>
      ofType(stack, 'aws:apigatewayv2/stage:Stage').flatMap((each) =>
        unless(at(each, 'defaultRouteSettings.detailedMetricsEnabled') !== true, each.name),
      ),
  },
  {
    promise: 'One dashboard shows requests, failures, latency, queue and functions',
    broken(stack) {
      const body = String(ofType(stack, 'aws:cloudwatch/dashboard:Dashboard')[0]?.inputs.dashboardBody)
      return ['Count', '5xx', 'Latency', 'ApproximateNumberOfMessagesVisible', 'Errors', 'Duration', 'sync-consumer']
        .filter((figure) => !body.includes(figure))
        .map((figure) => `${figure} is not shown`)
    },
  },
]
