import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createAwsChecks } from '../../scripts/smoke/aws-checks.ts'
import { type AwsAccountServer, type AwsAnswers, AwsError, startAwsAccount } from '../aws/account-server.ts'

const members = (content: readonly string[]) => content.map((each) => `<member>${each}</member>`).join('')
const target = (health: string) => members([`<RdsResourceId>db</RdsResourceId><TargetHealth>${health}</TargetHealth>`])

/** The account of a stage that works. */
const workingStage = (): AwsAnswers => ({
  'lambda.GetFunctionRecursionConfig': () => ({ RecursiveLoop: 'Allow' }),
  'lambda.ListEventSourceMappings': ({ FunctionName }) => ({
    EventSourceMappings: Array(FunctionName === 'sales-leads-dev-sync-consumer' ? 2 : 1).fill({ State: 'Enabled' }),
  }),
  'monitoring.GetMetricStatistics': () => ({ Datapoints: [] }),
  'monitoring.DescribeAlarms': () => ({
    MetricAlarms: [{ AlarmName: 'sales-leads-dev-queue-age', StateValue: 'OK', ActionsEnabled: true }],
  }),
  'scheduler.GetSchedule': ({ Name }) => ({ Name, State: 'ENABLED' }),
  'sqs.GetQueueUrl': () => ({ QueueUrl: `${process.env.AWS_ENDPOINT_URL}/queue` }),
  'sqs.GetQueueAttributes': () => ({ Attributes: { ApproximateNumberOfMessages: '0' } }),
  'rds.DescribeDBProxies': () =>
    `<DBProxies>${members(['<DBProxyName>sales-leads-dev-databaseproxy-ab</DBProxyName>'])}</DBProxies>`,
  'rds.DescribeDBProxyTargets': () => `<Targets>${target('<State>AVAILABLE</State>')}</Targets>`,
})

describe('the checks of npm run smoke --stage', () => {
  let account: AwsAccountServer
  beforeEach(async () => {
    account = await startAwsAccount(workingStage())
    for (const [name, value] of Object.entries(account.env)) vi.stubEnv(name, value)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await account.close()
  })

  /** Problems by the name of their check. */
  const problems = async (): Promise<Record<string, string>> => {
    const found: Record<string, string> = {}
    for (const { name, run } of createAwsChecks('dev'))
      await run().catch((error: unknown) => {
        found[name] = (error as Error).message
      })
    return found
  }

  test('pass for a stage that works, with and without a created database', async () => {
    expect(await problems()).toEqual({})
    account.answers['rds.DescribeDBProxies'] = () =>
      `<DBProxies>${members(['<DBProxyName>another-program</DBProxyName>'])}</DBProxies>`
    expect(await problems()).toEqual({})
  })

  test.each<[fault: string, answers: AwsAnswers, check: string, message: RegExp]>([
    [
      'loops that Lambda ends',
      { 'lambda.GetFunctionRecursionConfig': () => ({ RecursiveLoop: 'Terminate' }) },
      'Lambda lets the consumer queue its run again',
      /recursive loops of sales-leads-dev-sync-consumer: Terminate\. Deploy again/,
    ],
    [
      'invocations that were dropped',
      { 'monitoring.GetMetricStatistics': () => ({ Datapoints: [{ Sum: 3 }] }) },
      'Lambda has stopped no run as a loop in the last day',
      /3 invocations of sales-leads-dev-sync-consumer were dropped/,
    ],
    [
      'a queue that is not read',
      { 'lambda.ListEventSourceMappings': () => ({ EventSourceMappings: [{ State: 'Enabled' }] }) },
      'the queues are read by their consumers',
      /sync-consumer reads 1 of 2 queues \(Enabled\)/,
    ],
    [
      'a schedule that is off',
      {
        'scheduler.GetSchedule': ({ Name }) => ({
          State: Name?.toString().endsWith('cleanup') ? 'DISABLED' : 'ENABLED',
        }),
      },
      'the schedules are on',
      /the schedule sales-leads-dev-cleanup is DISABLED/,
    ],
    [
      'a schedule that is missing',
      {
        'scheduler.GetSchedule': () => {
          throw new AwsError('ResourceNotFoundException', 'Schedule sales-leads-dev-reconcile does not exist.', 404)
        },
      },
      'the schedules are on',
      /sales-leads-dev-reconcile does not exist/,
    ],
    [
      'dead letters',
      { 'sqs.GetQueueAttributes': () => ({ Attributes: { ApproximateNumberOfMessages: '2' } }) },
      'no dead letters',
      /2 dead letters wait/,
    ],
    [
      'an alarm',
      {
        'monitoring.DescribeAlarms': () => ({
          MetricAlarms: [{ AlarmName: 'sales-leads-dev-api-5xx', AlarmDescription: 'It fails.', StateValue: 'ALARM' }],
        }),
      },
      'no alarm is raised',
      /sales-leads-dev-api-5xx: It fails\./,
    ],
    [
      'alarms that are muted',
      {
        'monitoring.DescribeAlarms': () => ({
          MetricAlarms: [{ AlarmName: 'sales-leads-dev-api-5xx', StateValue: 'OK', ActionsEnabled: false }],
        }),
      },
      'no alarm is raised',
      /inform no one: sales-leads-dev-api-5xx/,
    ],
    [
      'a stage without alarms',
      { 'monitoring.DescribeAlarms': () => ({ MetricAlarms: [] }) },
      'no alarm is raised',
      /no alarm sales-leads-dev-/,
    ],
    [
      'a proxy that cannot log in',
      {
        'rds.DescribeDBProxyTargets': () =>
          `<Targets>${target('<State>UNAVAILABLE</State><Reason>AUTH_FAILURE</Reason>')}</Targets>`,
      },
      'the proxy of a created database reaches it',
      /databaseproxy-ab does not reach its database: UNAVAILABLE AUTH_FAILURE/,
    ],
    [
      'a proxy without a database',
      { 'rds.DescribeDBProxyTargets': () => '<Targets></Targets>' },
      'the proxy of a created database reaches it',
      /databaseproxy-ab has no database/,
    ],
  ])('name %s, and nothing else', async (_fault, answers, check, message) => {
    Object.assign(account.answers, answers)
    expect(await problems()).toEqual({ [check]: expect.stringMatching(message) })
  })
})
