import { toVariableName } from '../functions/runtime/linked-variables.ts'
import {
  buildMemoryEnvironment,
  type FunctionName,
  type FunctionSpec,
  functionManifest,
} from '../functions/runtime/manifest.ts'
import { type ConfigPart, configParts, localVariables } from '../packages/core/src/config/read-config.ts'
import { getAccount } from './account.ts'
import { createBundles, fileVariables } from './bundles.ts'
import { createDatabase } from './database.ts'
import { arnOf, componentName, named } from './names.ts'
import { queueInspection, syncLongQueue, syncQueue } from './queues.ts'
import { apifyToken, apifyWebhookSecret, cursorSecret } from './secrets.ts'
import { settings } from './settings.ts'

export const database = createDatabase()
export const bundles = createBundles(database.url)

const linksOfPart: Partial<Record<ConfigPart, FunctionLink[]>> = {
  database: [database.link],
  read_replica: database.read_link ? [database.read_link] : [],
  apify: [apifyToken],
  webhook: [apifyWebhookSecret],
  api: [cursorSecret],
}
type FunctionLink = sst.Secret | sst.Linkable<{ value: $util.Output<string> }>
const secretVariables = new Set(
  ['DatabaseUrl', 'DatabaseReadUrl', 'ApifyToken', 'ApifyWebhookSecret', 'CursorSecret'].map((name) =>
    toVariableName(name),
  ),
)

interface Permission {
  actions: string[]
  resources: $util.Input<string>[]
}

export interface FunctionOptions {
  /** What the function's trigger needs. */
  permissions?: Permission[]
  /** What must exist before the function's code may run. */
  after?: $util.Input<$util.Resource>[]
  environment?: Record<string, $util.Input<string>>
}

const created = new Map<FunctionName, sst.aws.Function>()

/** A function as its row in functions/runtime/manifest.ts states: the variables, secrets and rights of its parts only. */
export function createFunction(name: FunctionName, options: FunctionOptions = {}): sst.aws.Function {
  const { permissions = [], after = [], environment = {} } = options
  const spec: FunctionSpec = functionManifest[name]
  const physicalName = named(name)
  const network = spec.config.includes('database') ? database.network : undefined
  const reserved = reservedConcurrency(name)
  const created_function = new sst.aws.Function(
    componentName(name),
    {
      name: physicalName,
      bundle: bundles.bundleOf(name),
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      memory: `${spec.memory_mb} MB`,
      timeout: `${spec.timeout_s} seconds`,
      logging: { format: 'json', retention: settings.LOG_RETENTION },
      link: spec.config.flatMap((part) => linksOfPart[part] ?? []),
      environment: { ...environmentOf(spec), ...environment },
      permissions: [
        // Not the AWS-managed policy for logs, which allows them for every log group of the account.
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [arnOf.logStreams(physicalName)] },
        ...(spec.config.includes('queue') ? [{ actions: ['sqs:SendMessage'], resources: [syncQueue.arn] }] : []),
        // Functions that only count the messages of this queue know its URL too.
        ...(spec.config.includes('long_queue') && spec.trigger.type === 'queue'
          ? [{ actions: ['sqs:SendMessage'], resources: [syncLongQueue.arn] }]
          : []),
        ...(spec.inspects_queues ? [queueInspection] : []),
        ...(settings.TRACING === 'xray' ? [tracing] : []),
        ...permissions,
      ],
      ...(reserved !== undefined && { concurrency: { reserved } }),
      ...(network && { vpc: network }),
      transform: {
        role: (role) => {
          // SST lets the whole account assume the role, for its live mode, which is not used here.
          role.assumeRolePolicy = aws.iam.assumeRolePolicyForPrincipal({ Service: 'lambda.amazonaws.com' })
          // Lambda needs to manage network interfaces, for which AWS knows no narrower resource than all.
          role.managedPolicyArns = network ? [arnOf.managedPolicy('service-role/AWSLambdaVPCAccessExecutionRole')] : []
        },
        function: (args) => {
          if (settings.TRACING === 'xray') args.tracingConfig = { mode: 'Active' }
          args.loggingConfig = $util
            .output(args.loggingConfig)
            .apply((config) => ({ logFormat: 'JSON', ...config, applicationLogLevel: platformLogLevel }))
        },
      },
    },
    { dependsOn: after },
  )
  created.set(name, created_function)
  return created_function
}

/**
 * Lambda drops lines below its own level before LOG_LEVEL counts, and metrics are lines of level INFO: so never above
 * INFO. Higher levels of LOG_LEVEL are applied by the functions.
 */
const platformLogLevel = process.env.LOG_LEVEL === 'DEBUG' ? 'DEBUG' : 'INFO'

/** Executions kept free for the webhook, so that busy API functions never turn Apify away. */
const WEBHOOK_RESERVED = 10
/** Lambda always keeps 100 unreserved, so small accounts cannot reserve. */
const CONCURRENCY_TO_RESERVE_MIN = 500

function reservedConcurrency(name: FunctionName): number | undefined {
  const { concurrency = 0 } = getAccount()
  return name === 'apify-webhook' && concurrency >= CONCURRENCY_TO_RESERVE_MIN ? WEBHOOK_RESERVED : undefined
}

/** All functions that exist when it is read, by name, for alarms and the dashboard. */
export const createdFunctions: ReadonlyMap<FunctionName, sst.aws.Function> = created

/** The one right that AWS offers for no narrower resource than all: a trace belongs to none. */
const tracing = { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }

function environmentOf(spec: FunctionSpec): Record<string, $util.Input<string>> {
  const given: Record<string, $util.Input<string>> = {
    SYNC_QUEUE_URL: syncQueue.url,
    SYNC_LONG_QUEUE_URL: syncLongQueue.url,
    // A function handles one event at a time and uses one connection.
    DATABASE_CONNECTIONS_MAX: '1',
  }
  const environment: Record<string, $util.Input<string>> = { ...buildMemoryEnvironment(spec) }
  for (const part of spec.config) {
    for (const variable of Object.keys(configParts[part].shape)) {
      const value = given[variable] ?? fileVariables[variable] ?? process.env[variable]
      if (value && !secretVariables.has(variable) && !localVariables.has(variable)) environment[variable] = value
    }
  }
  return environment
}
