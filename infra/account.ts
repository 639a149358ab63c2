import { settings } from './settings.ts'

/** What the program needs to know of the account before it decides anything. */
export interface Account {
  account_id: string
  region: string
  /** Names of the zones for a created database, in the order of their ids. */
  zones: string[]
  /** Lambda executions that the account may run at once; undefined where the quota cannot be read. */
  concurrency: number | undefined
  /** Whether the account has the role with which RDS manages databases. RDS makes it with the first database. */
  has_rds_role: boolean
  /** The kind of database that an earlier deployment of this stage created. */
  created_database: string | undefined
}

/** Where RDS Proxy is not offered. Names of zones differ from account to account, their ids do not. */
const ZONES_WITHOUT_PROXY = ['use1-az3']

/** Concurrent executions, in AWS's list of Lambda's quotas. 10 in a new account, by default 1,000. */
const CONCURRENCY_QUOTA = 'L-B99A9384'

let known: Account | undefined

export function getAccount(): Account {
  if (!known) throw new Error('The account has not been read: call readAccount() first (sst.config.ts).')
  return known
}

/** Folder of the parameters in which a stage notes what the next deployment must know. */
export const parameterPath = `/${$app.name}/${$app.stage}`

export async function readAccount(): Promise<Account> {
  const is_created = settings.DATABASE !== 'url'
  const [identity, region, concurrency, zones, roles, parameters] = await Promise.all([
    aws.getCallerIdentity(),
    aws.getRegion(),
    readConcurrency(),
    is_created ? readZones() : [],
    is_created ? readRdsRoles() : [],
    aws.ssm.getParametersByPath({ path: parameterPath }),
  ])
  const database = parameters.names.indexOf(`${parameterPath}/created-database`)
  known = {
    account_id: identity.accountId,
    region: region.region,
    zones,
    concurrency,
    has_rds_role: roles.length > 0,
    created_database: parameters.values[database],
  }
  return known
}

/** Deploying is possible without the right to read quotas: the limit is then unknown. */
async function readConcurrency(): Promise<number | undefined> {
  try {
    const { value } = await aws.servicequotas.getServiceQuota({ serviceCode: 'lambda', quotaCode: CONCURRENCY_QUOTA })
    return value
  } catch {
    return undefined
  }
}

/** The first two zones by id: the same two at each deployment, regardless of their names in the account. */
async function readZones(): Promise<string[]> {
  const { names, zoneIds } = await aws.getAvailabilityZones({
    state: 'available',
    excludeZoneIds: ZONES_WITHOUT_PROXY,
    // Local zones and the like offer no databases.
    filters: [{ name: 'opt-in-status', values: ['opt-in-not-required'] }],
  })
  return names
    .map((name, index) => ({ name, id: zoneIds[index] ?? name }))
    .sort((one, other) => (one.id < other.id ? -1 : 1))
    .slice(0, 2)
    .map(({ name }) => name)
}

async function readRdsRoles(): Promise<string[]> {
  const { names } = await aws.iam.getRoles({
    nameRegex: '^AWSServiceRoleForRDS$',
    pathPrefix: '/aws-service-role/rds.amazonaws.com/',
  })
  return names
}
