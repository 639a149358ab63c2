import { named } from './names.ts'
import { settings } from './settings.ts'

/** Where alarms go. Without ALARM_EMAIL they show in CloudWatch, and anything may subscribe to the topic. */
export const alarmTopic = new aws.sns.Topic('AlarmTopic', { name: named('alarms') })

if (settings.ALARM_EMAIL)
  new aws.sns.TopicSubscription('AlarmEmail', {
    topic: alarmTopic.arn,
    protocol: 'email',
    endpoint: settings.ALARM_EMAIL,
  })

type Dimensions = Record<string, $util.Input<string>>

interface SingleMetric {
  namespace: string
  metricName: string
  dimensions: Dimensions
  statistic?: 'Sum' | 'Maximum' | 'Minimum' | 'Average'
  extendedStatistic?: string
}

interface MetricExpression {
  /** Metric math over `metrics`, which it may name m1, m2, … */
  expression: string
  metrics: { namespace: string; metricName: string; dimensions: Dimensions; stat: string }[]
}

type Alarm = (SingleMetric | MetricExpression) & {
  /** What it means and what to do. Commands and addresses in it are tried by a test. */
  description: string
  threshold: number
  /** Seconds that one figure covers, and how many figures in a row must be bad. Default: one of 5 minutes. */
  period?: number
  periods?: number
  comparison?: 'GreaterThanThreshold' | 'LessThanThreshold'
}

export function createAlarm(name: string, alarm: Alarm): aws.cloudwatch.MetricAlarm {
  const { description, threshold, period = 300, periods = 1, comparison = 'GreaterThanThreshold' } = alarm
  return new aws.cloudwatch.MetricAlarm(`${name.replaceAll('-', '')}Alarm`, {
    name: named(name),
    alarmDescription: description,
    ...('expression' in alarm ? toMetricQueries(alarm, period) : { ...pickMetric(alarm), period }),
    threshold,
    evaluationPeriods: periods,
    comparisonOperator: comparison,
    // No figure means that nothing happened; where silence is the fault, it counts as breaching.
    treatMissingData: comparison === 'LessThanThreshold' ? 'breaching' : 'notBreaching',
    alarmActions: [alarmTopic.arn],
    okActions: [alarmTopic.arn],
  })
}

function pickMetric({ namespace, metricName, dimensions, statistic, extendedStatistic }: SingleMetric) {
  return {
    namespace,
    metricName,
    dimensions,
    ...(statistic && { statistic }),
    ...(extendedStatistic && { extendedStatistic }),
  }
}

function toMetricQueries({ expression, metrics }: MetricExpression, period: number) {
  return {
    metricQueries: [
      { id: 'result', expression, label: 'result', returnData: true },
      ...metrics.map((metric, index) => ({ id: `m${index + 1}`, metric: { ...metric, period }, returnData: false })),
    ],
  }
}
