import { settings } from './settings.ts'

/**
 * The database by choice. However it came about, functions are given one link, DatabaseUrl, and a network if the
 * database is only to be reached from inside one.
 */
export interface DatabaseParts {
  link: sst.Secret | sst.Linkable<{ value: $util.Output<string> }>
  url: $util.Output<string>
  /** Undefined where the database is reached over the internet. */
  network: (Pick<sst.aws.Vpc, 'privateSubnets'> & { securityGroups: $util.Output<string>[] }) | undefined
  /** What must stand before a migration can run. */
  ready: $util.Resource[]
}

export function createDatabase(): DatabaseParts {
  if (settings.DATABASE === 'url') {
    const link = new sst.Secret('DatabaseUrl')
    return { link, url: link.value, network: undefined, ready: [] }
  }
  return createOwnDatabase(settings.DATABASE)
}

const production = $app.stage === 'production'

function createOwnDatabase(kind: 'postgres' | 'aurora'): DatabaseParts {
  const vpc = new sst.aws.Vpc('Network', {
    az: 2,
    nat: settings.NAT,
    transform: {
      // SST opens its NAT instances to the world; they only serve the network that they stand in.
      natSecurityGroup: (group) => {
        group.ingress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['10.0.0.0/16'] }]
      },
    },
  })
  const groups = createSecurityGroups(vpc.id)
  const access = { database: [groups.database.id], proxy: [groups.proxy.id] }
  const database = kind === 'postgres' ? createInstance(vpc, access) : createCluster(vpc, access)
  // The proxy's certificate is signed by Amazon's public authority, which Node.js trusts. It pools by transaction, so
  // statements are not prepared: a prepared one would pin its connection.
  const address = $interpolate`${database.host}:${database.port}/${database.database}?sslmode=verify-full&prepare=false`
  const url = $util.secret($interpolate`postgres://${database.username}:${database.password}@${address}`)
  return {
    link: new sst.Linkable('DatabaseUrl', { properties: { value: url } }),
    url,
    network: { privateSubnets: vpc.privateSubnets, securityGroups: [groups.functions.id] },
    ready: [database],
  }
}

interface Access {
  database: $util.Output<string>[]
  proxy: $util.Output<string>[]
}

/** Functions may reach the proxy, the proxy the database, and nothing else either of them. */
function createSecurityGroups(vpcId: $util.Output<string>) {
  const port = 5432
  const tcp = (securityGroups: $util.Output<string>[]) => [
    { protocol: 'tcp', fromPort: port, toPort: port, securityGroups },
  ]
  const everywhere = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'] }]
  const group = (name: string, description: string, rules: Partial<aws.ec2.SecurityGroupArgs>) =>
    new aws.ec2.SecurityGroup(name, { vpcId, description, ...rules })
  const functions = group('FunctionsSecurityGroup', 'Functions: nothing in, everything out', { egress: everywhere })
  const proxy = group('ProxySecurityGroup', 'Database proxy: in from functions', {
    ingress: tcp([functions.id]),
    egress: everywhere,
  })
  const database = group('DatabaseSecurityGroup', 'Database: in from its proxy', { ingress: tcp([proxy.id]) })
  return { functions, proxy, database }
}

const forceTls = { name: 'rds.force_ssl', value: '1' }
const finalSnapshot = (identifier: string) =>
  production
    ? { skipFinalSnapshot: false, finalSnapshotIdentifier: identifier, deletionProtection: true }
    : { skipFinalSnapshot: true, deletionProtection: false }

function createInstance(vpc: sst.aws.Vpc, access: Access) {
  return new sst.aws.Postgres('Database', {
    vpc,
    proxy: true,
    version: '17',
    database: 'leads',
    instance: settings.DATABASE_INSTANCE,
    multiAz: settings.DATABASE_MULTI_AZ,
    transform: {
      parameterGroup: { parameters: [forceTls] },
      instance: {
        vpcSecurityGroupIds: access.database,
        publiclyAccessible: false,
        backupRetentionPeriod: production ? 14 : 1,
        copyTagsToSnapshot: true,
        ...finalSnapshot(`${$app.name}-${$app.stage}-last`),
      },
      proxy: { vpcSecurityGroupIds: access.proxy, requireTls: true, idleClientTimeout: 1800 },
    },
  })
}

function createCluster(vpc: sst.aws.Vpc, access: Access) {
  return new sst.aws.Aurora('Database', {
    engine: 'postgres',
    vpc,
    proxy: true,
    version: '17',
    database: 'leads',
    scaling: { min: `${settings.DATABASE_ACU_MIN} ACU`, max: `${settings.DATABASE_ACU_MAX} ACU` },
    replicas: settings.DATABASE_MULTI_AZ ? 1 : 0,
    transform: {
      clusterParameterGroup: { parameters: [forceTls] },
      cluster: {
        vpcSecurityGroupIds: access.database,
        backupRetentionPeriod: production ? 14 : 1,
        copyTagsToSnapshot: true,
        ...finalSnapshot(`${$app.name}-${$app.stage}-last`),
      },
      instance: { publiclyAccessible: false },
      proxy: { vpcSecurityGroupIds: access.proxy, requireTls: true, idleClientTimeout: 1800 },
    },
  })
}
