import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../sst-platform.ts'
import { at, ofType } from '../stack-queries.ts'
import type { Stack } from '../synthesize.ts'
import { type Promised, unless } from './promise.ts'

const words = ['no', 'one', 'two', 'three', 'four', 'five']

/** Metrics that the alarms of a stack read: an alarm over an expression reads several. */
function countMetrics(stack: Stack): number {
  const queries = ofType(stack, 'aws:cloudwatch/metricAlarm:MetricAlarm').map(
    (alarm) => at(alarm, 'metricQueries') as { metric?: unknown }[] | undefined,
  )
  return queries.reduce((sum, each) => sum + (each?.filter(({ metric }) => metric !== undefined).length ?? 1), 0)
}

export const costPromises: Promised[] = [
  {
    promise: 'The costs in docs/deploy.md count every alarm, queue, address, gateway and private zone of a deployment',
    broken(stack) {
      const document = readFileSync(join(root, 'docs/deploy.md'), 'utf8').replaceAll(/\s+/g, ' ')
      const isCounted = (text: string) => unless(document.includes(text), `docs/deploy.md does not say "${text}"`)
      const count = (type: string) => ofType(stack, type).length
      const alarms = count('aws:cloudwatch/metricAlarm:MetricAlarm')
      const queues = count('aws:lambda/eventSourceMapping:EventSourceMapping')
      const addresses = count('aws:ec2/eip:Eip')
      const gateways = count('aws:ec2/natGateway:NatGateway')
      if (addresses === 0)
        return [
          ...isCounted(`| ${alarms} alarms over ${countMetrics(stack)} metrics at $0.10`),
          ...isCounted(`| Polling ${words[queues]} queues:`),
        ]
      return [
        ...isCounted(`${words[addresses]} public addresses`),
        ...(gateways > 0 ? isCounted(`${words[gateways]} gateways`) : isCounted(`${words[addresses]} t4g.nano`)),
        ...unless(count('aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace') === 1, 'more private zones'),
        ...isCounted('a private DNS zone'),
      ]
    },
  },
]
