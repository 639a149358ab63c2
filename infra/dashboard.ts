import { api, apiFunctions } from './api.ts'
import { consumer, deadLetterConsumer } from './consumers.ts'
import { named } from './names.ts'
import { deadLetterQueue, syncLongQueue, syncQueue } from './queues.ts'
import { cleanup, reconcile } from './schedules.ts'

/** Rows of graphs: what arrives, what waits, what fails, how long it takes. */
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
  const waiting = [names.sync, names.sync_long, names.dead_letter].map((name) => [
    'AWS/SQS',
    'ApproximateNumberOfMessagesVisible',
    'QueueName',
    name,
  ])
  const oldest = ['AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', names.sync]
  return JSON.stringify({
    widgets: [
      graph('API requests and failures', [apiMetric('Count'), apiMetric('4xx'), apiMetric('5xx')], 0, 0),
      graph('API latency, ms (p95)', [apiMetric('Latency'), apiMetric('IntegrationLatency')], 12, 0, 'p95'),
      graph('Queues: runs waiting, long runs, dead letters', waiting, 0, 6, 'Maximum'),
      graph('Age of the run that waits longest, s', [oldest], 12, 6, 'Maximum'),
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
    sync_long: syncLongQueue.nodes.queue.name,
    dead_letter: deadLetterQueue.nodes.queue.name,
    region: aws.getRegionOutput().region,
    ...Object.fromEntries([...watched].map(([name, target]) => [`function:${name}`, target.name])),
  }).apply((names) => dashboardBody(names, names.region)),
})
