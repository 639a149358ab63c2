import { createHash } from 'node:crypto'
import { getAccount, parameterPath } from './account.ts'
import { isKept, isProduction, settings } from './settings.ts'

/**
 * The database by choice. In any case functions get one link, DatabaseUrl, and a network if the database can only be
 * reached from inside one.
 */
export interface DatabaseParts {
  link: sst.Secret | sst.Linkable<{ value: $util.Output<string> }>
  url: $util.Output<string>
  /** Its read replica, where the secret DatabaseReadUrl is set. */
  read_link: sst.Secret | undefined
  /** Undefined where the database is reached over the internet. */
  network: (Pick<sst.aws.Vpc, 'privateSubnets'> & { securityGroups: $util.Output<string>[] }) | undefined
  /** What must exist before a migration can run. */
  ready: $util.Input<$util.Resource>[]
  /** Undefined for a database that the deployment did not create. */
  created: CreatedDatabase | undefined
}

export interface CreatedDatabase {
  kind: 'postgres' | 'aurora'
  /** Dimension of CloudWatch's metrics. */
  dimensions: Record<string, $util.Output<string>>
  proxy_name: $util.Output<string>
}

export function createDatabase(): DatabaseParts {
  if (settings.DATABASE === 'url') {
    const link = new sst.Secret('DatabaseUrl')
    const read_link = process.env.SST_SECRET_DatabaseReadUrl ? new sst.Secret('DatabaseReadUrl') : undefined
    return { link, url: link.value, read_link, network: undefined, ready: [], created: undefined }
  }
  return createOwnDatabase(settings.DATABASE)
}

function createOwnDatabase(kind: 'postgres' | 'aurora'): DatabaseParts {
  const vpc = createNetwork()
  const groups = createSecurityGroups(vpc.id)
  const access = { database: [groups.database.id], proxy: [groups.proxy.id] }
  const target = watchFor('aws:rds/proxyTarget:ProxyTarget')
  const proxy = watchFor('aws:rds/proxy:Proxy')
  const role = createRdsRole()
  const database = kind === 'postgres' ? createInstance(vpc, access, role) : createCluster(vpc, access, role)
  new aws.ssm.Parameter('CreatedDatabase', {
    name: `${parameterPath}/created-database`,
    description: 'Kind of the database of this stage. The next deployment refuses another one.',
    type: 'String',
    value: kind,
  })
  // The proxy's certificate is signed by Amazon's public authority, which Node.js trusts. It pools by transaction, so
  // statements are not prepared: a prepared one would pin its connection.
  const address = $interpolate`${database.host}:${database.port}/${database.database}?sslmode=verify-full&prepare=false`
  const url = $util.secret($interpolate`postgres://${database.username}:${database.password}@${address}`)
  return {
    link: new sst.Linkable('DatabaseUrl', { properties: { value: url } }),
    url,
    read_link: undefined,
    network: { privateSubnets: vpc.privateSubnets, securityGroups: [groups.functions.id] },
    // The proxy answers before its target is registered, and refuses logins until then.
    ready: [database, target],
    created: {
      kind,
      dimensions: kind === 'postgres' ? { DBInstanceIdentifier: database.id } : { DBClusterIdentifier: database.id },
      proxy_name: $util.output(proxy).apply((resource) => (resource as aws.rds.Proxy).name),
    },
  }
}

function createNetwork(): sst.aws.Vpc {
  return new sst.aws.Vpc('Network', {
    az: getAccount().zones,
    // An outage of a NAT instance cuts functions off from Apify and the queue: production pays for AWS's gateways.
    nat: settings.NAT ?? (isProduction ? 'managed' : 'ec2'),
    transform: {
      // SST opens its NAT instances to the world; they only serve the network that they are in.
      natSecurityGroup: (group) => {
        group.ingress = [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['10.0.0.0/16'] }]
      },
      // Their image is a third party's, newest at each deployment: a new one would replace running instances.
      natInstance: (_instance, options) => {
        options.ignoreChanges = [...((options.ignoreChanges as string[] | undefined) ?? []), 'ami']
      },
    },
  })
}

/**
 * The role by which RDS works in the account. RDS makes it with an account's first database, but SST's Aurora component
 * waits for it before it creates the cluster. It belongs to the account: it stays when the stage is removed.
 */
function createRdsRole(): aws.iam.ServiceLinkedRole[] {
  if (getAccount().has_rds_role) return []
  return [new aws.iam.ServiceLinkedRole('RdsRole', { awsServiceName: 'rds.amazonaws.com' }, { retainOnDelete: true })]
}

/** The first resource of a type that a component creates without offering it. */
function watchFor(type: string): Promise<$util.Resource> {
  return new Promise((resolve) => {
    $util.runtime.registerStackTransformation((args) => {
      if (args.type === type) resolve(args.resource)
      return undefined
    })
  })
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

/**
 * The longest invocation lasts 15 minutes. A function that died leaves its query running on the server, and a half-done
 * transaction its locks: the server ends both. Set here, because a SET of the session would pin it in the proxy.
 */
const serverParameters = [
  { name: 'rds.force_ssl', value: '1' },
  { name: 'statement_timeout', value: String(900_000) },
  { name: 'idle_in_transaction_session_timeout', value: String(60_000) },
]

const backupRetentionPeriod = settings.DATABASE_BACKUP_DAYS ?? (isProduction ? 14 : 1)

/** In production a last snapshot; its name ends at random, so that a later one does not collide with it. */
function protection(component: string) {
  if (!isKept) return { skipFinalSnapshot: true, deletionProtection: false }
  const suffix = new random.RandomId(`${component}LastSnapshot`, { byteLength: 4 })
  return {
    skipFinalSnapshot: false,
    finalSnapshotIdentifier: $interpolate`${$app.name}-${$app.stage}-last-${suffix.hex}`,
    deletionProtection: true,
  }
}

/** A restored database is a new one next to the old one, so its component has its own name. */
const componentName = settings.DATABASE_RESTORE
  ? `Database${createHash('sha256').update(settings.DATABASE_RESTORE).digest('hex').slice(0, 6)}`
  : 'Database'

/** Where a restored database comes from: a snapshot, or another database at a time. */
function readRestore(): { snapshot: string } | { source: string; time: string | undefined } | undefined {
  if (!settings.DATABASE_RESTORE) return undefined
  if (settings.DATABASE_RESTORE.startsWith('snapshot:'))
    return { snapshot: settings.DATABASE_RESTORE.slice('snapshot:'.length) }
  const [source = '', time] = settings.DATABASE_RESTORE.split('@')
  return { source, time: time === 'latest' ? undefined : time }
}

function restoreInstance(): Partial<aws.rds.InstanceArgs> {
  const restore = readRestore()
  if (!restore) return {}
  if ('snapshot' in restore) return { snapshotIdentifier: restore.snapshot }
  const { source, time } = restore
  return {
    restoreToPointInTime: {
      sourceDbInstanceIdentifier: source,
      ...(time ? { restoreTime: time } : { useLatestRestorableTime: true }),
    },
  }
}

function restoreCluster(): Partial<aws.rds.ClusterArgs> {
  const restore = readRestore()
  if (!restore) return {}
  if ('snapshot' in restore) return { snapshotIdentifier: restore.snapshot }
  const { source, time } = restore
  return {
    restoreToPointInTime: {
      sourceClusterIdentifier: source,
      ...(time ? { restoreToTime: time } : { useLatestRestorableTime: true }),
    },
  }
}

const proxyTransform = (access: Access) => ({
  vpcSecurityGroupIds: access.proxy,
  requireTls: true,
  idleClientTimeout: 1800,
})

function createInstance(vpc: sst.aws.Vpc, access: Access, after: $util.Resource[]) {
  return new sst.aws.Postgres(
    componentName,
    {
      vpc,
      proxy: true,
      version: '17',
      database: 'leads',
      instance: settings.DATABASE_INSTANCE,
      multiAz: settings.DATABASE_MULTI_AZ,
      transform: {
        parameterGroup: { parameters: serverParameters },
        instance: {
          vpcSecurityGroupIds: access.database,
          publiclyAccessible: false,
          allocatedStorage: settings.DATABASE_STORAGE_GB,
          maxAllocatedStorage: settings.DATABASE_STORAGE_MAX_GB,
          autoMinorVersionUpgrade: true,
          backupRetentionPeriod,
          copyTagsToSnapshot: true,
          ...protection(componentName),
          ...restoreInstance(),
        },
        proxy: proxyTransform(access),
      },
    },
    { dependsOn: after },
  )
}

function createCluster(vpc: sst.aws.Vpc, access: Access, after: $util.Resource[]) {
  return new sst.aws.Aurora(
    componentName,
    {
      engine: 'postgres',
      vpc,
      proxy: true,
      version: '17',
      database: 'leads',
      scaling: { min: `${settings.DATABASE_ACU_MIN} ACU`, max: `${settings.DATABASE_ACU_MAX} ACU` },
      replicas: settings.DATABASE_MULTI_AZ ? 1 : 0,
      transform: {
        clusterParameterGroup: { parameters: serverParameters },
        cluster: {
          vpcSecurityGroupIds: access.database,
          backupRetentionPeriod,
          copyTagsToSnapshot: true,
          ...protection(componentName),
          ...restoreCluster(),
        },
        instance: { publiclyAccessible: false, autoMinorVersionUpgrade: true },
        proxy: proxyTransform(access),
      },
    },
    { dependsOn: after },
  )
}
