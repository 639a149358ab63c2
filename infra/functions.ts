import { toVariableName } from '../functions/runtime/linked-variables.ts'
import {
  buildMemoryEnvironment,
  type FunctionName,
  type FunctionSpec,
  functionManifest,
} from '../functions/runtime/manifest.ts'
import { type ConfigPart, configParts } from '../packages/core/src/config/read-config.ts'
import { createBundles } from './bundles.ts'
import { createDatabase } from './database.ts'
import { arnOf, componentName, named } from './names.ts'
import { syncQueue } from './queues.ts'
import { apifyToken, apifyWebhookSecret, cursorSecret } from './secrets.ts'
import { settings } from './settings.ts'

export const database = createDatabase()
export const bundles = createBundles(database.url)

const linksOfPart: Partial<Record<ConfigPart, FunctionLink[]>> = {
  database: [database.link],
  apify: [apifyToken],
  webhook: [apifyWebhookSecret],
  api: [cursorSecret],
}
type FunctionLink = sst.Secret | sst.Linkable<{ value: $util.Output<string> }>
const secretVariables = new Set(
  ['DatabaseUrl', 'ApifyToken', 'ApifyWebhookSecret', 'CursorSecret'].map((name) => toVariableName(name)),
)

interface Permission {
  actions: string[]
  resources: $util.Input<string>[]
}

const created = new Map<FunctionName, sst.aws.Function>()

/**
 * A function as its line in functions/manifest.ts says: the variables, secrets and rights of its configuration parts,
 * and no more. `permissions` are what its trigger needs; `after` is what must stand before its code may run.
 */
export function createFunction(
  name: FunctionName,
  { permissions = [], after = [] }: { permissions?: Permission[]; after?: $util.Resource[] } = {},
): sst.aws.Function {
  const spec: FunctionSpec = functionManifest[name]
  const physicalName = named(name)
  const network = spec.config.includes('database') ? database.network : undefined
  const created_function = new sst.aws.Function(
    componentName(name),
    {
      name: physicalName,
      bundle: $interpolate`${bundles.directory}/${name}`,
      handler: 'index.handler',
      runtime: 'nodejs24.x',
      architecture: 'arm64',
      memory: `${spec.memory_mb} MB`,
      timeout: `${spec.timeout_s} seconds`,
      logging: { format: 'json', retention: settings.LOG_RETENTION },
      link: spec.config.flatMap((part) => linksOfPart[part] ?? []),
      environment: environmentOf(spec),
      permissions: [
        // Not the AWS-managed policy for logs, which allows them for every log group of the account.
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [arnOf.logStreams(physicalName)] },
        ...(spec.config.includes('queue') ? [{ actions: ['sqs:SendMessage'], resources: [syncQueue.arn] }] : []),
        ...(settings.TRACING === 'xray' ? [tracing] : []),
        ...permissions,
      ],
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
        },
      },
    },
    { dependsOn: after },
  )
  created.set(name, created_function)
  return created_function
}

/** All functions so far, by name, for alarms and the dashboard. */
export const createdFunctions: ReadonlyMap<FunctionName, sst.aws.Function> = created

/** The one right that AWS offers for no narrower resource than all: a trace belongs to none. */
const tracing = { actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] }

function environmentOf(spec: FunctionSpec): Record<string, $util.Input<string>> {
  const given: Record<string, $util.Input<string>> = {
    SYNC_QUEUE_URL: syncQueue.url,
    // One event at a time, one connection: more would only be held.
    DATABASE_CONNECTIONS_MAX: '1',
  }
  const environment: Record<string, $util.Input<string>> = { ...buildMemoryEnvironment(spec) }
  for (const part of spec.config) {
    for (const variable of Object.keys(configParts[part].shape)) {
      const value = given[variable] ?? process.env[variable]
      if (value && !secretVariables.has(variable)) environment[variable] = value
    }
  }
  return environment
}
