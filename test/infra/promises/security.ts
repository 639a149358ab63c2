import { type FunctionName, type FunctionSpec, functionManifest } from '../../../functions/runtime/manifest.ts'
import { isProductionStage } from '../../../packages/core/src/config/deployment-settings.ts'
import { arn, at, lambda, ofType, plainTexts, roleOf, type Statement, same, statementsOf } from '../stack-queries.ts'
import type { Resource, Stack } from '../synthesize.ts'
import { secrets, settingOf } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const manifest = Object.entries(functionManifest) as [FunctionName, FunctionSpec][]
const roles = (stack: Stack): Resource[] => ofType(stack, 'aws:iam/role:Role')
const ourRoles = (stack: Stack): Resource[] => manifest.map(([name]) => roleOf(stack, name))
const VPC_POLICY = 'arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'

/** What a statement allows, one `action on resource` a pair. */
const grants = (statements: Statement[]): string[] =>
  statements.flatMap(({ actions, resources }) =>
    actions.flatMap((action) => resources.map((resource) => `${action} on ${resource}`)),
  )

/** The webhook, the one function of the API for it, and what hands runs over or finds them. */
const queuing = new Set<FunctionName>(['apify-webhook', 'sync-actions', 'sync-consumer', 'reconcile', 'admin'])

/** A group's own log streams; traces, for which AWS knows no narrower resource. */
const NARROW_ENOUGH = /^(logs:\w+ on arn:aws:logs:[\w-]+:\d+:log-group:\/aws\/lambda\/[\w-]+:\*|xray:Put\w+ on \*)$/

export const securityPromises: Promised[] = [
  {
    promise: 'The webhook may send to its queue and write its log, and nothing else',
    broken(stack, variant) {
      const name = `sales-leads-${stack.stage}-apify-webhook`
      const log = arn('logs', `log-group:/aws/lambda/${name}:*`)
      const wanted = [
        `logs:CreateLogStream on ${log}`,
        `logs:PutLogEvents on ${log}`,
        `sqs:SendMessage on ${arn('sqs', `sales-leads-${stack.stage}-sync`)}`,
        ...(settingOf(variant, 'TRACING') === 'xray'
          ? ['xray:PutTraceSegments on *', 'xray:PutTelemetryRecords on *']
          : []),
      ]
      const has = grants(statementsOf(roleOf(stack, 'apify-webhook')))
      return unless(has.sort().join() === wanted.sort().join(), has.join(', '))
    },
  },
  {
    promise: 'No permission contains a wildcard action or resource',
    broken: (stack) =>
      roles(stack).flatMap((role) =>
        grants(statementsOf(role).filter(({ effect }) => effect.toLowerCase() === 'allow'))
          .filter((grant) => grant.includes('*') && !NARROW_ENOUGH.test(grant))
          .map((grant) => `${role.name}: ${grant}`),
      ),
  },
  {
    promise: 'Only functions that queue runs may write to the queue, and only consumers may read one',
    broken: (stack) =>
      manifest.flatMap(([name, { trigger }]) => {
        const granted = grants(statementsOf(roleOf(stack, name)))
        const sends = granted.some((grant) => grant.startsWith('sqs:SendMessage '))
        const sendsLong = granted.includes(`sqs:SendMessage on ${arn('sqs', `sales-leads-${stack.stage}-sync-long`)}`)
        const reads = granted.some((grant) => grant.startsWith('sqs:ReceiveMessage '))
        return [
          ...unless(sends === queuing.has(name), `${name} ${sends ? 'may' : 'may not'} write`),
          ...unless(
            sendsLong === (name === 'sync-consumer'),
            `${name} ${sendsLong ? 'may' : 'may not'} write to the queue of long runs`,
          ),
          ...unless(
            reads === (trigger.type === 'queue' || name === 'admin'),
            `${name} ${reads ? 'may' : 'may not'} read`,
          ),
        ]
      }),
  },
  {
    promise: 'Only commands and the checks of the service count messages of the queues that they do not consume',
    broken: (stack) =>
      manifest
        .filter(([, { trigger }]) => trigger.type !== 'queue')
        .flatMap(([name, { inspects_queues = false }]) => {
          const counted = grants(statementsOf(roleOf(stack, name))).filter((grant) => grant.startsWith('sqs:GetQueue'))
          const wanted = (inspects_queues ? ['sync', 'sync-long', 'dead-letter'] : []).flatMap((queue) =>
            ['GetQueueAttributes', 'GetQueueUrl'].map(
              (action) => `sqs:${action} on ${arn('sqs', `sales-leads-${stack.stage}-${queue}`)}`,
            ),
          )
          return unless(same(counted.sort(), wanted.sort()), `${name}: ${counted.join(', ')}`)
        }),
  },
  {
    promise: 'Commands may move dead letters to their queue, and receive no other messages',
    broken(stack) {
      const granted = grants(statementsOf(roleOf(stack, 'admin'))).filter((grant) => grant.startsWith('sqs:'))
      const [sync, long, dead] = ['sync', 'sync-long', 'dead-letter'].map((name) =>
        arn('sqs', `sales-leads-${stack.stage}-${name}`),
      )
      const wanted = [
        ...['SendMessage', 'GetQueueAttributes', 'GetQueueUrl'].map((action) => `sqs:${action} on ${sync}`),
        ...['GetQueueAttributes', 'GetQueueUrl'].map((action) => `sqs:${action} on ${long}`),
        ...['GetQueueAttributes', 'GetQueueUrl', 'StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage'].map(
          (action) => `sqs:${action} on ${dead}`,
        ),
      ]
      return unless(granted.sort().join() === wanted.sort().join(), granted.join(', '))
    },
  },
  {
    promise: 'No route and no URL leads to the function that runs commands',
    broken: (stack) =>
      stack.resources
        .filter(
          ({ type, inputs }) =>
            !/^(sst:|aws:lambda\/function:)/.test(type) &&
            /permission|route|url/i.test(type) &&
            JSON.stringify(inputs).includes(`sales-leads-${stack.stage}-admin"`),
        )
        .map(({ name }) => name),
  },
  {
    promise: 'A consumer may receive, delete and delay the messages of its queue',
    broken: (stack) =>
      (['sync-consumer', 'dead-letter'] as const).flatMap((name) => {
        const queues = name === 'sync-consumer' ? ['sync', 'sync-long'] : ['dead-letter']
        const granted = grants(statementsOf(roleOf(stack, name)))
        return ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'ChangeMessageVisibility']
          .flatMap((action) =>
            queues.map((queue) => `sqs:${action} on ${arn('sqs', `sales-leads-${stack.stage}-${queue}`)}`),
          )
          .filter((grant) => !granted.includes(grant))
          .map((grant) => `${name} lacks ${grant}`)
      }),
  },
  {
    promise: 'Only Lambda may assume the role of a function',
    broken: (stack) =>
      ourRoles(stack).flatMap((role) => {
        const text = String(at(role, 'assumeRolePolicy.Statement.0.Principal.Service') ?? at(role, 'assumeRolePolicy'))
        return unless(text.includes('lambda.amazonaws.com') && !text.includes(':root'), role.name)
      }),
  },
  {
    promise: 'Functions have no AWS managed policy except the one for network interfaces',
    broken: (stack) =>
      manifest.flatMap(([name]) => {
        const wanted = at(lambda(stack, name), 'vpcConfig') ? VPC_POLICY : ''
        return unless(String(at(roleOf(stack, name), 'managedPolicyArns') ?? '') === wanted, name)
      }),
  },
  {
    promise: 'No resource contains a secret in plain text',
    broken(stack) {
      const values = [
        ...Object.values(secrets),
        'mock_password_0003',
        'CursorSecretValue_0004',
        'DatabasePassword_0004',
      ]
      return stack.resources.flatMap((resource) =>
        // A state keeps secrets encrypted; the variables of a function are shown to all who may read its configuration.
        [...plainTexts(resource.stored), ...plainTexts(at(resource, 'environment.variables'), 'variables')]
          .filter(({ text }) => values.some((value) => text.includes(value)))
          .map(({ path }) => `${resource.name}: ${path}`),
      )
    },
  },
  {
    promise: 'The outputs of a deployment contain no secret',
    broken(stack) {
      const text = JSON.stringify(stack.outputs)
      return [...Object.values(secrets), '_0004']
        .filter((value) => text.includes(value))
        .map((value) => `printed: ${value.slice(0, 4)}…`)
    },
  },
  {
    promise: 'Names contain product and stage, so stages in one account do not collide',
    broken: (stack) =>
      stack.resources
        .filter(({ type }) => /lambda\/function:|sqs\/queue:|metricAlarm:|topic:|schedule:|dashboard:/.test(type))
        .flatMap((each) => {
          const name = String(each.inputs.name ?? each.inputs.dashboardName)
          return unless(name.startsWith(`sales-leads-${stack.stage}-`), `${each.name} is named ${name}`)
        }),
  },
  {
    promise: 'Production stages are protected and keep their data; other stages leave nothing behind',
    broken(stack, variant) {
      const { removal, protect } = stack.app
      const isKept = isProductionStage(stack.stage) && settingOf(variant, 'REMOVE_EVERYTHING') === undefined
      return unless(removal === (isKept ? 'retain' : 'remove') && protect === isKept, `${removal}, protect: ${protect}`)
    },
  },
  {
    promise: 'The deployment goes to the region that the settings state, and prints it with the account',
    broken(stack) {
      const printed = String(stack.outputs.account)
      return [
        ...unless(stack.app.providers.aws?.region === 'eu-central-1', 'another region'),
        ...unless(printed === '123456789012, eu-central-1', `printed: ${printed}`),
      ]
    },
  },
]
