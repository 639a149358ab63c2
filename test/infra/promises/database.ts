import { toEnvironmentVariables } from '../../../functions/runtime/linked-variables.ts'
import { type FunctionName, type FunctionSpec, functionManifest } from '../../../functions/runtime/manifest.ts'
import { isProductionStage } from '../../../packages/core/src/config/deployment-settings.ts'
import { at, lambda, ofType, only, same } from '../stack-queries.ts'
import type { Resource, Stack } from '../synthesize.ts'
import { accountOf, settingOf, type VariantName } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const manifest = Object.entries(functionManifest) as [FunctionName, FunctionSpec][]
const instances = (stack: Stack): Resource[] => [
  ...ofType(stack, 'aws:rds/instance:Instance'),
  ...ofType(stack, 'aws:rds/clusterInstance:ClusterInstance'),
]
/** Resources with data: an instance, or Aurora's cluster. */
const stores = (stack: Stack): Resource[] => [
  ...ofType(stack, 'aws:rds/instance:Instance'),
  ...ofType(stack, 'aws:rds/cluster:Cluster'),
]
const isOwn = (variant: VariantName): boolean => /postgres|aurora/.test(variant)
const isKept = (stack: Stack, variant: VariantName): boolean =>
  isProductionStage(stack.stage) && settingOf(variant, 'REMOVE_EVERYTHING') === undefined
const parameter = 'aws:ssm/parameter:Parameter'

export const databasePromises: Promised[] = [
  {
    promise: 'With DATABASE=url nothing is created that costs by the hour',
    broken(stack, variant) {
      const costly = stack.resources.filter(({ type }) => /^aws:(rds|ec2)\//.test(type))
      return isOwn(variant)
        ? unless(stores(stack).length === 1, 'no database was created')
        : costly.map(({ name }) => `${name} costs`)
    },
  },
  {
    promise: 'No database is reachable from the internet',
    broken: (stack) =>
      instances(stack).flatMap((each) => unless(at(each, 'publiclyAccessible') === false, `${each.name} is public`)),
  },
  {
    promise: 'The database takes connections from its proxy, and the proxy from functions; nothing else gets in',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const port = (group: string) => [{ fromPort: 5432, protocol: 'tcp', securityGroups: [group], toPort: 5432 }]
      const groups = new Map(ofType(stack, 'aws:ec2/securityGroup:SecurityGroup').map((each) => [each.name, each]))
      const ingress = (name: string) => groups.get(name)?.inputs.ingress
      return [
        ...unless(same(ingress('DatabaseSecurityGroup'), port('ProxySecurityGroup-id')), 'the database'),
        ...unless(same(ingress('ProxySecurityGroup'), port('FunctionsSecurityGroup-id')), 'the proxy'),
        ...unless(ingress('FunctionsSecurityGroup') === undefined, 'the functions'),
        ...stores(stack).flatMap((each) =>
          unless(String(at(each, 'vpcSecurityGroupIds')) === 'DatabaseSecurityGroup-id', `${each.name} is in another`),
        ),
      ]
    },
  },
  {
    promise: 'Nothing in the network is open to the world',
    broken: (stack) =>
      stack.resources
        .filter(({ type }) => /securityGroup:|SecurityGroup$/i.test(type))
        .flatMap((each) => unless(!JSON.stringify(each.inputs.ingress ?? []).includes('0.0.0.0/0'), each.name)),
  },
  {
    promise: 'Data is encrypted at rest',
    broken: (stack) => stores(stack).flatMap((each) => unless(at(each, 'storageEncrypted') === true, each.name)),
  },
  {
    promise: 'A created database is reached through its proxy with verified TLS and without prepared statements',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const { DATABASE_URL = '' } = toEnvironmentVariables(stack.functions.get('SyncConsumer')?.links ?? {})
      const { hostname, searchParams } = new URL(DATABASE_URL)
      return [
        ...unless(hostname === 'proxy.example.com', `by way of ${hostname}`),
        ...unless(searchParams.get('sslmode') === 'verify-full', 'unverified'),
        ...unless(searchParams.get('prepare') === 'false', 'prepared'),
      ]
    },
  },
  {
    promise: 'Proxy and database refuse connections without TLS',
    broken: (stack) => [
      ...ofType(stack, 'aws:rds/proxy:Proxy').flatMap((each) => unless(at(each, 'requireTls') === true, each.name)),
      ...[
        ...(ofType(stack, 'aws:rds/instance:Instance').length > 0
          ? ofType(stack, 'aws:rds/parameterGroup:ParameterGroup')
          : []),
        ...ofType(stack, 'aws:rds/clusterParameterGroup:ClusterParameterGroup'),
      ].flatMap((each) =>
        unless(JSON.stringify(each.inputs.parameters).includes('{"name":"rds.force_ssl","value":"1"}'), each.name),
      ),
    ],
  },
  {
    promise:
      'In production the database cannot be deleted by mistake, leaves a uniquely named snapshot and is backed up',
    broken: (stack, variant) =>
      stores(stack).flatMap((each) =>
        isKept(stack, variant)
          ? [
              ...unless(at(each, 'deletionProtection') === true, 'can be deleted'),
              ...unless(at(each, 'skipFinalSnapshot') === false, 'no last snapshot'),
              ...unless(/-last-[0-9a-f]{8}$/.test(String(at(each, 'finalSnapshotIdentifier'))), 'snapshots collide'),
            ]
          : unless(at(each, 'deletionProtection') === false && at(each, 'skipFinalSnapshot') === true, 'would stay'),
      ),
  },
  {
    promise: 'Backups are kept for 14 days in production and for one day elsewhere, unless DATABASE_BACKUP_DAYS is set',
    broken(stack, variant) {
      const days = Number(settingOf(variant, 'DATABASE_BACKUP_DAYS') ?? (isProductionStage(stack.stage) ? 14 : 1))
      return stores(stack).flatMap((each) => unless(at(each, 'backupRetentionPeriod') === days, `not ${days} days`))
    },
  },
  {
    promise: 'The disk of a created database grows up to DATABASE_STORAGE_MAX_GB',
    broken(stack, variant) {
      const size = Number(settingOf(variant, 'DATABASE_STORAGE_GB') ?? 20)
      const limit = Number(settingOf(variant, 'DATABASE_STORAGE_MAX_GB') ?? 100)
      return ofType(stack, 'aws:rds/instance:Instance').flatMap((each) =>
        unless(
          at(each, 'allocatedStorage') === size && at(each, 'maxAllocatedStorage') === limit && limit > size,
          `${at(each, 'allocatedStorage')} to ${at(each, 'maxAllocatedStorage')} GB`,
        ),
      )
    },
  },
  {
    promise: 'A created database gets minor upgrades',
    broken: (stack) =>
      instances(stack).flatMap((each) => unless(at(each, 'autoMinorVersionUpgrade') === true, each.name)),
  },
  {
    promise: 'The server ends statements and transactions that a dead function left behind',
    broken: (stack, variant) =>
      isOwn(variant)
        ? ['statement_timeout', 'idle_in_transaction_session_timeout'].flatMap((name) =>
            unless(
              stack.resources.some(
                ({ type, inputs }) =>
                  /rds\/(cluster)?parameterGroup:/i.test(type) &&
                  JSON.stringify(inputs.parameters).includes(`"${name}"`),
              ),
              `${name} is not set`,
            ),
          )
        : [],
  },
  {
    promise: 'RDS has its service role before a database or a proxy is created, also in an account without one',
    broken(stack, variant) {
      const role = ofType(stack, 'aws:iam/serviceLinkedRole:ServiceLinkedRole')
      if (!isOwn(variant) || accountOf(variant).has_rds_role !== false) return role.map(() => 'a second role')
      const waiting = stack.resources.filter(({ type }) => /^(aws:rds|sst:aws:(Aurora|Postgres))/.test(type))
      return [
        ...unless(role.length === 1 && at(role[0] as Resource, 'awsServiceName') === 'rds.amazonaws.com', 'no role'),
        // Children are registered after their component, and that after what it waits for.
        ...waiting.flatMap((each) => unless(each.order > (role[0]?.order ?? 0), `${each.name} does not wait`)),
        ...unless(only(stack, 'sst:aws:Aurora', 'Database').waits_for.includes('RdsRole'), 'the component'),
      ]
    },
  },
  {
    promise: 'A created database is in two zones that offer RDS Proxy',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const zones = ofType(stack, 'aws:ec2/subnet:Subnet').map((each) => String(at(each, 'availabilityZone')))
      const ids = accountOf(variant).zones
      return [
        ...unless(new Set(zones).size === 2, `in ${[...new Set(zones)].join()}`),
        ...zones.filter((zone) => ids?.[zone] === 'use1-az3').map((zone) => `${zone} has no proxy`),
      ]
    },
  },
  {
    promise: 'A new image for NAT instances does not replace those that run',
    broken: (stack) =>
      ofType(stack, 'aws:ec2/instance:Instance').flatMap((each) =>
        unless(each.ignores.includes('ami'), `${each.name} is replaced`),
      ),
  },
  {
    promise: 'The migration waits until the proxy has its target',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const migration = ofType(stack, 'aws:lambda/invocation:Invocation')[0]
      return unless(migration?.waits_for.some((name) => name.endsWith('ProxyTarget')) === true, 'it does not wait')
    },
  },
  {
    promise: 'The migration waits 10 minutes for a database that was just created, and a minute for any other',
    broken(stack, variant) {
      const migration = ofType(stack, 'aws:lambda/invocation:Invocation')[0]
      const { wait_s, is_created } = JSON.parse(String(migration?.inputs.input)) as Record<string, unknown>
      return isOwn(variant)
        ? unless(Number(wait_s) >= 600 && is_created === true, `${wait_s} s`)
        : unless(Number(wait_s) >= 60 && Number(wait_s) <= 90 && is_created === false, `${wait_s} s`)
    },
  },
  {
    promise: 'A stage notes the kind of the database that it created, so that the next deployment can refuse another',
    broken(stack, variant) {
      const noted = ofType(stack, parameter).map((each) => `${at(each, 'name')} ${at(each, 'value')}`)
      const kind = settingOf(variant, 'DATABASE')
      const wanted = isOwn(variant) ? [`/sales-leads/${stack.stage}/created-database ${kind}`] : []
      return unless(noted.join() === wanted.join(), noted.join())
    },
  },
  {
    promise: 'DATABASE_RESTORE creates a new database from the snapshot or time in the same network',
    broken(stack, variant) {
      const restore = settingOf(variant, 'DATABASE_RESTORE')
      const sources = stores(stack).map((each) => {
        const point = each.inputs.restoreToPointInTime as Record<string, unknown> | undefined
        const source = point?.sourceDbInstanceIdentifier ?? point?.sourceClusterIdentifier
        const time = point?.useLatestRestorableTime === true ? 'latest' : (point?.restoreTime ?? point?.restoreToTime)
        const snapshot = at(each, 'snapshotIdentifier')
        return snapshot ? `snapshot:${String(snapshot)}` : point ? `${String(source)}@${String(time)}` : undefined
      })
      const is_new = stores(stack).every(({ name }) => !/^Database(Instance|Cluster)$/.test(name))
      return [
        ...unless(String(sources[0]) === String(restore), `from ${sources.join()}`),
        ...unless(restore === undefined || is_new, 'it would replace the old one'),
      ]
    },
  },
  {
    promise: 'Only functions that use a created database run in its network',
    broken: (stack, variant) =>
      manifest.flatMap(([name, { config }]) => {
        const inside = Boolean(at(lambda(stack, name), 'vpcConfig'))
        const group = at(lambda(stack, name), 'vpcConfig.securityGroupIds.0')
        return [
          ...unless(inside === (isOwn(variant) && config.includes('database')), `${name} ${inside ? 'in' : 'out'}side`),
          ...unless(!inside || group === 'FunctionsSecurityGroup-id', `${name} in another security group`),
        ]
      }),
  },
  {
    promise: 'Functions in the network reach Apify and the queue, in production through managed gateways',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const gateways = ofType(stack, 'aws:ec2/natGateway:NatGateway').length
      const nat_instances = ofType(stack, 'aws:ec2/instance:Instance').length
      const is_managed =
        (settingOf(variant, 'NAT') ?? (isProductionStage(stack.stage) ? 'managed' : 'ec2')) === 'managed'
      return unless(
        is_managed ? gateways > 0 && nat_instances === 0 : nat_instances > 0 && gateways === 0,
        `${gateways} gateways and ${nat_instances} instances`,
      )
    },
  },
]
