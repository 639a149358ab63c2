import type { DeploymentSettings } from '@leads/core/config/deployment-settings'
import { type Finding, failed, ok, warning } from '@leads/core/doctor/finding'
import { checkCertificate, checkHostedZone } from './check-domain.ts'
import { checkNetwork, checkServiceRole, checkZones } from './check-network.ts'

/** A new account; imports then get half of it. */
const CONCURRENCY_LOW = 20

/** What the AWS account shows before a deployment. */
export interface AccountDiagnosis {
  findings: Finding[]
  /** The kind of database that an earlier deployment of the stage created. */
  created_database?: string
}

/** Checks the account in which a stage is deployed: only reads, and names each fault once. */
export async function checkAccount(
  stage: string,
  settings: Pick<DeploymentSettings, 'DATABASE' | 'API_DOMAIN' | 'API_DOMAIN_CERTIFICATE_ARN'>,
  region: string,
): Promise<AccountDiagnosis> {
  const identity = await checkIdentity(region)
  // Without a login every other check would fail for the same reason.
  if (identity.state === 'failed') return { findings: [identity] }
  const { API_DOMAIN: domain, API_DOMAIN_CERTIFICATE_ARN: certificate } = settings
  const created_database = await readCreatedDatabase(stage, region)
  const checks = [readable('lambda:GetAccountSettings', () => checkConcurrency(region))]
  if (settings.DATABASE !== 'url') {
    checks.push(
      readable('iam:GetRole', () => checkServiceRole(region)),
      readable('ec2:DescribeAvailabilityZones', () => checkZones(region)),
    )
    // A stage that has its network needs no second one.
    if (created_database === undefined)
      checks.push(readable('ec2:DescribeVpcs, ec2:DescribeAddresses', () => checkNetwork(region)))
  }
  if (domain && certificate)
    checks.push(readable('acm:DescribeCertificate', () => checkCertificate(domain, certificate)))
  else if (domain) checks.push(readable('route53:ListHostedZonesByName', () => checkHostedZone(domain, region)))
  const findings = [identity, ...(await Promise.all(checks)).flat()]
  return { findings, ...(created_database !== undefined && { created_database }) }
}

/** A check that the caller may not make is no fault of the deployment. */
async function readable(permission: string, check: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await check()
  } catch (error) {
    const advice = `Not checked. It needs the permission ${permission}.`
    return [warning('aws', `${permission}: ${(error as Error).message}`, advice)]
  }
}

async function checkIdentity(region: string): Promise<Finding> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts')
  const client = new STSClient({ region, maxAttempts: 2 })
  try {
    const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}))
    return ok('aws', `Signed in to account ${Account} as ${Arn}; the region is ${region}.`)
  } catch (error) {
    const { name, message, code } = error as Error & { code?: string }
    if (code === 'ENOTFOUND')
      return failed('aws', `AWS has no address for the region ${region}.`, 'Check the spelling of AWS_REGION.')
    const advice = /expired/i.test(`${name} ${message}`)
      ? 'The login has expired: run `aws sso login`, or create new keys.'
      : 'Sign in: `aws sts get-caller-identity` must print your account; AWS_PROFILE chooses it.'
    return failed('aws', `AWS does not accept the login: ${message}`, advice)
  } finally {
    client.destroy()
  }
}

/** Undefined for a new stage, one with its own database, or where it cannot be read. */
async function readCreatedDatabase(stage: string, region: string): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm')
  const client = new SSMClient({ region, maxAttempts: 2 })
  try {
    const name = `/sales-leads/${stage}/created-database`
    return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value
  } catch {
    return undefined
  } finally {
    client.destroy()
  }
}

async function checkConcurrency(region: string): Promise<Finding[]> {
  const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda')
  const client = new LambdaClient({ region, maxAttempts: 2 })
  try {
    const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}))
    const limit = AccountLimit?.ConcurrentExecutions ?? 0
    const message = `${limit} functions may run at once.`
    if (limit >= CONCURRENCY_LOW) return [ok('aws', message)]
    const advice = 'Half of them import runs. Raise "Concurrent executions" under Service Quotas → AWS Lambda.'
    return [warning('aws', message, advice)]
  } finally {
    client.destroy()
  }
}
