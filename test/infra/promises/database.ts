import { toEnvironmentVariables } from '../../../functions/runtime/linked-variables.ts'
import { type FunctionName, type FunctionSpec, functionManifest } from '../../../functions/runtime/manifest.ts'
import { at, componentOf, lambda, ofType, same } from '../stack-queries.ts'
import type { Resource, Stack } from '../synthesize.ts'
import type { VariantName } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const manifest = Object.entries(functionManifest) as [FunctionName, FunctionSpec][]
const instances = (stack: Stack): Resource[] => [
  ...ofType(stack, 'aws:rds/instance:Instance'),
  ...ofType(stack, 'aws:rds/clusterInstance:ClusterInstance'),
]
/** What holds data: an instance, or Aurora's cluster. */
const stores = (stack: Stack): Resource[] => [
  ...ofType(stack, 'aws:rds/instance:Instance'),
  ...ofType(stack, 'aws:rds/cluster:Cluster'),
]
const isOwn = (variant: VariantName): boolean => /postgres|aurora/.test(variant)
const isProduction = (stack: Stack): boolean => stack.stage === 'production'

export const databasePromises: Promised[] = [
  {
    promise: 'With a database of one’s own nothing is created that costs by the hour',
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
    promise:
      'A created database is reached through its proxy with a verified certificate, and unprepared, as pooling needs',
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
      'In production the database cannot be deleted by mistake, leaves a last snapshot, and is backed up for 14 days',
    broken: (stack) =>
      stores(stack).flatMap((each) =>
        isProduction(stack)
          ? [
              ...unless(at(each, 'deletionProtection') === true, 'can be deleted'),
              ...unless(at(each, 'skipFinalSnapshot') === false, 'no last snapshot'),
              ...unless(Boolean(at(each, 'finalSnapshotIdentifier')), 'a snapshot without a name'),
              ...unless(Number(at(each, 'backupRetentionPeriod')) >= 14, 'not backed up'),
            ]
          : unless(at(each, 'deletionProtection') === false && at(each, 'skipFinalSnapshot') === true, 'would stay'),
      ),
  },
  {
    promise: 'Functions stand in the network of a created database if they use it, and otherwise outside of it',
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
    promise: 'Functions inside a network still reach Apify and the queue',
    broken(stack, variant) {
      if (!isOwn(variant)) return []
      const ways_out = stack.resources.filter(({ type, name }) =>
        /natGateway:NatGateway|ec2\/instance:Instance/.test(`${type} ${name}`),
      )
      return unless(ways_out.length > 0 && stack.functions.has(componentOf('sync-consumer')), 'no way out')
    },
  },
]
