import { type Finding, failed, ok } from '@leads/core/doctor/finding'

/** Where RDS Proxy is not offered. Names of zones differ from account to account, their ids do not. */
const ZONES_WITHOUT_PROXY = ['use1-az3']
const ZONES_MIN = 2

/** Service Quotas' codes, what a created database needs, and AWS's default where the quota cannot be read. */
const NETWORK_QUOTA = { service: 'vpc', code: 'L-F678F1CE', fallback: 5 }
const ADDRESS_QUOTA = { service: 'ec2', code: 'L-0263D0A3', fallback: 5 }
/** One public address for the way out of each zone. */
const ADDRESSES_NEEDED = 2

/** The role by which RDS works in the account; the deployment makes it where it is missing. */
export async function checkServiceRole(region: string): Promise<Finding[]> {
  const { GetRoleCommand, IAMClient, NoSuchEntityException } = await import('@aws-sdk/client-iam')
  const client = new IAMClient({ region, maxAttempts: 2 })
  try {
    await client.send(new GetRoleCommand({ RoleName: 'AWSServiceRoleForRDS' }))
    return [ok('aws', 'The service role of RDS exists.')]
  } catch (error) {
    if (!(error instanceof NoSuchEntityException)) throw error
    const message = 'The service role of RDS does not exist: the deployment creates it (iam:CreateServiceLinkedRole).'
    return [ok('aws', message)]
  } finally {
    client.destroy()
  }
}

/** A database and its proxy need two zones. */
export async function checkZones(region: string): Promise<Finding[]> {
  const { DescribeAvailabilityZonesCommand, EC2Client } = await import('@aws-sdk/client-ec2')
  const client = new EC2Client({ region, maxAttempts: 2 })
  try {
    const { AvailabilityZones = [] } = await client.send(
      new DescribeAvailabilityZonesCommand({
        Filters: [
          { Name: 'state', Values: ['available'] },
          // Local zones and the like offer no databases.
          { Name: 'opt-in-status', Values: ['opt-in-not-required'] },
        ],
      }),
    )
    const ids = AvailabilityZones.map(({ ZoneId = '' }) => ZoneId).filter((id) => !ZONES_WITHOUT_PROXY.includes(id))
    if (ids.length >= ZONES_MIN) return [ok('aws', `The region has zones for a database: ${ids.sort().join(', ')}.`)]
    const message = `${region} offers this account ${ids.length} of the ${ZONES_MIN} zones that a created database needs.`
    return [failed('aws', message, 'Choose another AWS_REGION, or set DATABASE=url.')]
  } finally {
    client.destroy()
  }
}

/** Networks and public addresses that the account may still create. */
export async function checkNetwork(region: string): Promise<Finding[]> {
  const { DescribeAddressesCommand, DescribeVpcsCommand, EC2Client } = await import('@aws-sdk/client-ec2')
  const client = new EC2Client({ region, maxAttempts: 2 })
  try {
    const [{ Vpcs = [] }, { Addresses = [] }, networks_max, addresses_max] = await Promise.all([
      client.send(new DescribeVpcsCommand({})),
      client.send(new DescribeAddressesCommand({})),
      readQuota(region, NETWORK_QUOTA),
      readQuota(region, ADDRESS_QUOTA),
    ])
    return [
      checkRoom({ used: Vpcs.length, max: networks_max, needed: 1, noun: 'networks (VPCs)', quota: 'VPCs per Region' }),
      checkRoom({
        used: Addresses.length,
        max: addresses_max,
        needed: ADDRESSES_NEEDED,
        noun: 'public addresses',
        quota: 'EC2-VPC Elastic IPs',
      }),
    ]
  } finally {
    client.destroy()
  }
}

interface Room {
  used: number
  max: number
  needed: number
  noun: string
  quota: string
}

function checkRoom({ used, max, needed, noun, quota }: Room): Finding {
  const message = `${used} of ${max} ${noun} are in use; a created database needs ${needed} more.`
  if (max - used >= needed) return ok('aws', message)
  return failed('aws', message, `Raise "${quota}" under Service Quotas, or delete what is unused.`)
}

async function readQuota(region: string, { service, code, fallback }: typeof NETWORK_QUOTA): Promise<number> {
  const { GetServiceQuotaCommand, ServiceQuotasClient } = await import('@aws-sdk/client-service-quotas')
  const client = new ServiceQuotasClient({ region, maxAttempts: 2 })
  try {
    const { Quota } = await client.send(new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }))
    return Quota?.Value ?? fallback
  } catch {
    return fallback
  } finally {
    client.destroy()
  }
}
