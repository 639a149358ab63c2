import { CloudWatchClient, DescribeAlarmsCommand, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch'
import { GetFunctionRecursionConfigCommand, LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda'
import { DescribeDBProxiesCommand, DescribeDBProxyTargetsCommand, RDSClient } from '@aws-sdk/client-rds'
import { GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { SmokeCheck } from './checks.ts'
import { assert } from './http.ts'

/** Queues that each function reads. */
const QUEUES_READ = { 'sync-consumer': 2, 'dead-letter': 1 }
const SCHEDULES = ['reconcile', 'cleanup']
const DAY_S = 24 * 3600

/** Checks of a deployed stage that need AWS credentials. They only read. */
export function createAwsChecks(stage: string): SmokeCheck[] {
  const prefix = `sales-leads-${stage}-`
  const consumer = `${prefix}sync-consumer`
  return [
    { name: 'Lambda lets the consumer queue its run again', run: () => checkRecursion(consumer) },
    { name: 'Lambda has stopped no run as a loop in the last day', run: () => checkDropped(consumer) },
    { name: 'the queues are read by their consumers', run: () => checkMappings(prefix) },
    { name: 'the schedules are on', run: () => checkSchedules(prefix) },
    { name: 'no dead letters', run: () => checkDeadLetters(`${prefix}dead-letter`) },
    { name: 'no alarm is raised', run: () => checkAlarms(prefix) },
    { name: 'the proxy of a created database reaches it', run: () => checkProxy(prefix) },
  ]
}

async function checkRecursion(consumer: string) {
  const { RecursiveLoop } = await new LambdaClient().send(
    new GetFunctionRecursionConfigCommand({ FunctionName: consumer }),
  )
  assert(RecursiveLoop === 'Allow', `recursive loops of ${consumer}: ${RecursiveLoop}. Deploy again.`)
  return undefined
}

async function checkDropped(consumer: string) {
  const { Datapoints = [] } = await new CloudWatchClient().send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/Lambda',
      MetricName: 'RecursiveInvocationsDropped',
      Dimensions: [{ Name: 'FunctionName', Value: consumer }],
      StartTime: new Date(Date.now() - DAY_S * 1000),
      EndTime: new Date(),
      Period: DAY_S,
      Statistics: ['Sum'],
    }),
  )
  const dropped = Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)
  assert(dropped === 0, `${dropped} invocations of ${consumer} were dropped. Deploy again; reconcile resumes the runs.`)
  return undefined
}

async function checkMappings(prefix: string) {
  for (const [name, queues] of Object.entries(QUEUES_READ)) {
    const { EventSourceMappings = [] } = await new LambdaClient().send(
      new ListEventSourceMappingsCommand({ FunctionName: `${prefix}${name}` }),
    )
    const states = EventSourceMappings.map(({ State = '' }) => State)
    const enabled = states.filter((state) => state === 'Enabled').length
    const shown = states.join(', ') || 'no mapping'
    assert(enabled === queues, `${name} reads ${enabled} of ${queues} queues (${shown}). Deploy again.`)
  }
  return undefined
}

async function checkSchedules(prefix: string) {
  for (const name of SCHEDULES) {
    const { State } = await new SchedulerClient().send(new GetScheduleCommand({ Name: `${prefix}${name}` }))
    assert(State === 'ENABLED', `the schedule ${prefix}${name} is ${State}. Enable it, or deploy again.`)
  }
  return undefined
}

async function checkDeadLetters(name: string) {
  const client = new SQSClient()
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }))
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
  )
  const waiting = Number(Attributes?.ApproximateNumberOfMessages)
  assert(waiting === 0, `${waiting} dead letters wait. See \`leads syncs redrive\`.`)
  return undefined
}

async function checkAlarms(prefix: string) {
  const client = new CloudWatchClient()
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: prefix }))
  assert(MetricAlarms.length > 0, `there is no alarm ${prefix}…: is the stage right? Else deploy again.`)
  const raised = MetricAlarms.filter(({ StateValue }) => StateValue === 'ALARM')
  const lines = raised.map(({ AlarmName, AlarmDescription }) => `${AlarmName}: ${AlarmDescription}`)
  assert(raised.length === 0, lines.join('\n  '))
  const muted = MetricAlarms.filter(({ ActionsEnabled }) => ActionsEnabled === false).map(({ AlarmName }) => AlarmName)
  assert(muted.length === 0, `alarms that inform no one: ${muted.join(', ')}. Enable their actions.`)
  return `${MetricAlarms.length} alarms`
}

async function checkProxy(prefix: string) {
  const client = new RDSClient()
  const { DBProxies = [] } = await client.send(new DescribeDBProxiesCommand({}))
  const proxy = DBProxies.find(({ DBProxyName }) => DBProxyName?.startsWith(prefix))?.DBProxyName
  if (proxy === undefined) return 'no created database'
  const { Targets = [] } = await client.send(new DescribeDBProxyTargetsCommand({ DBProxyName: proxy }))
  const states = Targets.map(({ TargetHealth }) => TargetHealth)
  assert(states.length > 0, `${proxy} has no database. Deploy again.`)
  const broken = states.find((health) => health?.State !== 'AVAILABLE')
  assert(
    !broken,
    `${proxy} does not reach its database: ${broken?.State} ${broken?.Reason ?? ''} ${broken?.Description ?? ''}`,
  )
  return proxy
}
