import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toEnvironmentVariables } from '../../../functions/runtime/linked-variables.ts'
import { type FunctionName, type FunctionSpec, functionManifest } from '../../../functions/runtime/manifest.ts'
import { ConfigError, configParts, localVariables, readConfig } from '../../../packages/core/src/config/read-config.ts'
import { at, componentOf, lambda, lambdas, ofType, only } from '../stack-queries.ts'
import type { Stack } from '../synthesize.ts'
import { accountOf, REQUIRED_SETTINGS, settingOf } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const manifest = Object.entries(functionManifest) as [FunctionName, FunctionSpec][]
const variablesOf = (stack: Stack, name: string) =>
  (at(lambda(stack, name), 'environment.variables') ?? {}) as Record<string, string>
const linksOf = (stack: Stack, name: string) => stack.functions.get(componentOf(name))?.links ?? {}
const has = (spec: FunctionSpec, part: string) => spec.config.some((each) => each === part)

/** Settings that name a file, which functions find in their bundle. */
const fileSettings = [
  { setting: 'MAPPINGS_FILE', part: 'sync', name: 'mappings.json' },
  { setting: 'DATABASE_CA_FILE', part: 'database', name: 'database-ca.pem' },
]

/** The variable that each secret becomes, and the part of the configuration that asks for it. */
const partOfSecret: Record<string, string> = {
  DATABASE_URL: 'database',
  DATABASE_READ_URL: 'read_replica',
  APIFY_TOKEN: 'apify',
  APIFY_WEBHOOK_SECRET: 'webhook',
  CURSOR_SECRET: 'api',
}

export const functionPromises: Promised[] = [
  {
    promise: 'Every function of the function table is deployed, and no other',
    broken(stack) {
      const deployed = lambdas(stack).map((each) => String(at(each, 'name')))
      const wanted = manifest.map(([name]) => `sales-leads-${stack.stage}-${name}`)
      return [
        ...wanted.filter((name) => !deployed.includes(name)).map((name) => `${name} is missing`),
        ...deployed.filter((name) => !wanted.includes(name)).map((name) => `${name} is in no table`),
      ]
    },
  },
  {
    promise: 'Every function finds a valid configuration: its own schema accepts its variables and links',
    broken: (stack) =>
      manifest.flatMap(([name, { config }]) => {
        try {
          readConfig(config, { ...variablesOf(stack, name), ...toEnvironmentVariables(linksOf(stack, name)) })
          // The defaults are for one machine; on AWS a database must have been chosen.
          const url = toEnvironmentVariables(linksOf(stack, name)).DATABASE_URL
          return unless(!config.includes('database') || url !== undefined, `${name} has no database`)
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error
          return [`${name}: ${error.message}`]
        }
      }),
  },
  {
    promise: 'A setting of the deployment reaches the functions that read it, and only those',
    broken: (stack, variant) =>
      manifest.flatMap(([name, spec]) =>
        Object.entries(configParts).flatMap(([part, schema]) =>
          Object.keys(schema.shape).flatMap((variable) => {
            if (localVariables.has(variable) || fileSettings.some(({ setting }) => setting === variable)) return []
            const wanted = has(spec, part) ? (settingOf(variant, variable) ?? REQUIRED_SETTINGS[variable]) : undefined
            const given = variablesOf(stack, name)[variable]
            const is_ours = ['SYNC_QUEUE_URL', 'SYNC_LONG_QUEUE_URL', 'DATABASE_CONNECTIONS_MAX'].includes(variable)
            return unless(given === wanted || (is_ours && has(spec, part)), `${name}: ${variable} is ${given}`)
          }),
        ),
      ),
  },
  {
    promise: 'A function is given only the secrets that its configuration names',
    broken: (stack) =>
      manifest.flatMap(([name, spec]) =>
        Object.keys(toEnvironmentVariables(linksOf(stack, name)))
          .filter((variable) => !has(spec, partOfSecret[variable] ?? 'none'))
          .map((variable) => `${name} has ${variable}`),
      ),
  },
  {
    promise: 'A read replica reaches every function of the API, and no other',
    broken: (stack, variant) =>
      manifest.flatMap(([name, spec]) => {
        const wanted = has(spec, 'read_replica') ? settingOf(variant, 'SST_SECRET_DatabaseReadUrl') : undefined
        return unless(toEnvironmentVariables(linksOf(stack, name)).DATABASE_READ_URL === wanted, name)
      }),
  },
  {
    promise: 'A function uses one database connection at a time',
    broken: (stack) =>
      manifest
        .filter(([, spec]) => has(spec, 'database'))
        .flatMap(([name]) => unless(variablesOf(stack, name).DATABASE_CONNECTIONS_MAX === '1', name)),
  },
  {
    promise: 'Functions run on arm64 and Node.js 24',
    broken: (stack) =>
      lambdas(stack).flatMap((each) =>
        unless(String(at(each, 'architectures')) === 'arm64' && at(each, 'runtime') === 'nodejs24.x', each.name),
      ),
  },
  {
    promise: 'No cold start parses source maps',
    broken: (stack) =>
      lambdas(stack).flatMap((each) =>
        unless(
          !String(at(each, 'environment.variables.NODE_OPTIONS')).includes('--enable-source-maps'),
          `${each.name} has --enable-source-maps`,
        ),
      ),
  },
  {
    promise: 'What runs is the bundle that was tested, built for the engine of the database',
    broken(stack, variant) {
      const engine = variant.endsWith('mysql') ? 'mysql' : 'postgres'
      return manifest.flatMap(([name]) => {
        const { bundle = '', handler } = stack.functions.get(componentOf(name)) ?? {}
        return unless(bundle.endsWith(`/${engine}/${name}`) && handler === 'index.handler', `${name}: ${bundle}`)
      })
    },
  },
  {
    promise: 'Memory and timeout of a function are those of the function table',
    broken: (stack) =>
      manifest.flatMap(([name, { memory_mb, timeout_s }]) =>
        unless(
          at(lambda(stack, name), 'memorySize') === memory_mb && at(lambda(stack, name), 'timeout') === timeout_s,
          name,
        ),
      ),
  },
  {
    promise: 'The webhook keeps executions free where the account can spare them',
    broken(stack, variant) {
      const can_spare = (accountOf(variant).concurrency ?? 1000) >= 500
      return manifest.flatMap(([name]) => {
        const reserved = at(lambda(stack, name), 'reservedConcurrentExecutions')
        const wanted = name === 'apify-webhook' && can_spare
        return unless(wanted ? Number(reserved) > 0 : reserved === undefined, `${name}: ${String(reserved)}`)
      })
    },
  },
  {
    promise: 'LOG_LEVEL=DEBUG is not overruled by Lambda, and no level makes Lambda drop metrics',
    broken(stack, variant) {
      const wanted = settingOf(variant, 'LOG_LEVEL') === 'DEBUG' ? 'DEBUG' : 'INFO'
      return lambdas(stack).flatMap((each) =>
        unless(at(each, 'loggingConfig.applicationLogLevel') === wanted, `${each.name} logs otherwise`),
      )
    },
  },
  {
    promise: 'A setting of a local machine reaches no function',
    broken: (stack) =>
      manifest.flatMap(([name]) =>
        Object.keys(variablesOf(stack, name)).flatMap((variable) =>
          unless(!localVariables.has(variable), `${name}: ${variable}`),
        ),
      ),
  },
  {
    promise: 'Metrics of a stage have their own namespace',
    broken(stack) {
      const namespace = variablesOf(stack, 'sync-consumer').POWERTOOLS_METRICS_NAMESPACE
      return unless(namespace === `SalesLeads/${stack.stage}`, String(namespace))
    },
  },
  {
    promise: 'What a deployment writes into bundles is in a folder of its stage',
    broken: (stack) =>
      manifest.flatMap(([name]) => {
        const { bundle = '' } = stack.functions.get(componentOf(name)) ?? {}
        const isWritten = fileSettings.some(({ name: file }) => existsSync(join(bundle, file)))
        return unless(!isWritten || bundle.includes(`/.build/stages/${stack.stage}/`), `${name}: ${bundle}`)
      }),
  },
  {
    promise: 'A file that a setting names is in the bundle of each function that reads it',
    broken: (stack, variant) =>
      fileSettings.flatMap(({ setting, part, name: file }) => {
        const source = settingOf(variant, setting)
        return manifest.flatMap(([name, spec]) => {
          const { bundle = '' } = stack.functions.get(componentOf(name)) ?? {}
          const path = join(bundle, file)
          if (!source || !has(spec, part)) return unless(!existsSync(path), `${name} contains ${file}`)
          return [
            ...unless(variablesOf(stack, name)[setting] === file, `${name}: ${setting} is not ${file}`),
            ...unless(
              existsSync(path) && readFileSync(path, 'utf8') === readFileSync(source, 'utf8'),
              `${name}: no ${file}`,
            ),
          ]
        })
      }),
  },
  {
    promise: 'Every function logs JSON into its own group with a limited retention',
    broken(stack, variant) {
      const days = settingOf(variant, 'LOG_RETENTION') === '1 week' ? 7 : 30
      const groups = ofType(stack, 'aws:cloudwatch/logGroup:LogGroup')
      return [
        ...groups.flatMap((each) => unless(at(each, 'retentionInDays') === days, `${each.name} is kept otherwise`)),
        ...lambdas(stack).flatMap((each) =>
          unless(
            at(each, 'loggingConfig.logFormat') === 'JSON' &&
              groups.some((group) => at(group, 'name') === `/aws/lambda/${String(at(each, 'name'))}`) &&
              at(each, 'loggingConfig.logGroup') === `/aws/lambda/${String(at(each, 'name'))}`,
            each.name,
          ),
        ),
      ]
    },
  },
  {
    promise: 'Requests are traced only with TRACING=xray',
    broken(stack, variant) {
      const mode = settingOf(variant, 'TRACING') === 'xray' ? 'Active' : undefined
      return lambdas(stack).flatMap((each) => unless(at(each, 'tracingConfig.mode') === mode, each.name))
    },
  },
  {
    promise: 'The schema is migrated before any function that needs it is updated',
    broken(stack) {
      const migration = only(stack, 'aws:lambda/invocation:Invocation', 'Migration')
      const waits = (name: string) =>
        only(stack, 'sst:aws:Function', componentOf(name)).waits_for.includes('Migration') &&
        lambda(stack, name).order > migration.order
      return [
        ...unless(migration.waits_for.includes('MigrateFunction'), 'the migration does not wait for its function'),
        ...manifest
          .filter(([name, spec]) => name !== 'migrate' && has(spec, 'database'))
          .flatMap(([name]) => unless(waits(name), `${name} does not wait`)),
      ]
    },
  },
  {
    promise: 'A migration runs only if the set of migrations or the database has changed',
    broken(stack) {
      const migration = only(stack, 'aws:lambda/invocation:Invocation', 'Migration')
      return [
        ...unless(/^[0-9a-f]{64}$/.test(String(at(migration, 'triggers.migrations'))), 'not at new migrations'),
        ...unless(/^[0-9a-f]{12}$/.test(String(at(migration, 'triggers.database'))), 'not at another database'),
        ...unless(Object.keys(at(migration, 'triggers') as object).length === 2, 'at something else'),
        ...unless(at(migration, 'functionName') === `sales-leads-${stack.stage}-migrate`, 'another function'),
      ]
    },
  },
  {
    promise: 'Reconcile and cleanup run on the schedules of the function table, which may invoke nothing else',
    broken: (stack) =>
      manifest.flatMap(([name, { trigger }]) => {
        if (trigger.type !== 'schedule') return []
        const component = `${componentOf(name)}Schedule`
        const schedule = only(stack, 'aws:scheduler/schedule:Schedule', `${component}Schedule`)
        const target = `arn:aws:lambda:eu-central-1:123456789012:function:sales-leads-${stack.stage}-${name}`
        const role = only(stack, 'aws:iam/role:Role', `${component}Role`)
        return [
          ...unless(at(schedule, 'scheduleExpression') === trigger.expression, `${name} at another time`),
          ...unless(at(schedule, 'state') === 'ENABLED', `${name} is switched off`),
          ...unless(at(schedule, 'target.arn') === target, `${name} invokes another function`),
          ...unless(JSON.stringify(role.inputs.inlinePolicies).includes(target), `${name} may not be invoked`),
        ]
      }),
  },
]
