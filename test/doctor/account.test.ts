import { checkAccount } from '@leads/cli/deploy/check-account'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AwsAccountServer, type AwsAnswers, AwsError, startAwsAccount } from '../aws/account-server.ts'

const items = (content: readonly string[]) => content.map((each) => `<item>${each}</item>`).join('')
const zone = (name: string, id: string) => `<zoneName>${name}</zoneName><zoneId>${id}</zoneId>`
const CERTIFICATE = 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d'

/** An account in which every kind of deployment works. */
const workingAccount = (): AwsAnswers => ({
  'sts.GetCallerIdentity': () =>
    '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>AIDA</UserId>',
  'ssm.GetParameter': () => {
    throw new AwsError('ParameterNotFound', 'There is no such parameter.')
  },
  'lambda.GetAccountSettings': () => ({ AccountLimit: { ConcurrentExecutions: 1000 } }),
  'iam.GetRole': () => '<Role><RoleName>AWSServiceRoleForRDS</RoleName></Role>',
  'ec2.DescribeAvailabilityZones': () =>
    `<availabilityZoneInfo>${items([zone('a', 'euc1-az2'), zone('b', 'euc1-az3')])}</availabilityZoneInfo>`,
  'ec2.DescribeVpcs': () => `<vpcSet>${items(['<vpcId>vpc-1</vpcId>'])}</vpcSet>`,
  'ec2.DescribeAddresses': () => `<addressesSet>${items(['<publicIp>192.0.2.1</publicIp>'])}</addressesSet>`,
  'servicequotas.GetServiceQuota': () => ({ Quota: { Value: 5 } }),
  'acm.DescribeCertificate': () => ({
    Certificate: { Status: 'ISSUED', SubjectAlternativeNames: ['example.com', '*.example.com'] },
  }),
  'route53.ListHostedZonesByName': () =>
    '<HostedZones><HostedZone><Id>Z1</Id><Name>example.com.</Name><CallerReference>1</CallerReference></HostedZone></HostedZones>',
})

const findings = async (
  settings: Partial<Parameters<typeof checkAccount>[1]> = {},
): Promise<[state: string, message: string, advice: string | null][]> =>
  (await checkAccount('dev', { DATABASE: 'postgres', ...settings }, 'eu-central-1')).findings.map(
    ({ state, message, advice }) => [state, message, advice],
  )

/** What is not fine. */
const faults = async (settings?: Parameters<typeof findings>[0]) =>
  (await findings(settings)).filter(([state]) => state !== 'ok')

describe('The account in which a stage is deployed', () => {
  let account: AwsAccountServer
  beforeEach(async () => {
    account = await startAwsAccount(workingAccount())
    for (const [name, value] of Object.entries(account.env)) vi.stubEnv(name, value)
  })
  afterEach(async () => {
    vi.unstubAllEnvs()
    await account.close()
  })

  test('passes with every kind of deployment that it can take', async () => {
    expect(await faults({ DATABASE: 'aurora', API_DOMAIN: 'leads.example.com' })).toEqual([])
    expect(await faults({ API_DOMAIN: 'leads.example.com', API_DOMAIN_CERTIFICATE_ARN: CERTIFICATE })).toEqual([])
    expect((await findings())[0]?.[1]).toMatch(/account 123456789012 as arn:.*user\/ada; the region is eu-central-1/)
  })

  test('is asked about networks and roles only for a database that the deployment creates', async () => {
    expect(await faults({ DATABASE: 'url' })).toEqual([])
    expect(account.requested.sort()).toEqual(['lambda.GetAccountSettings', 'ssm.GetParameter', 'sts.GetCallerIdentity'])
  })

  test('is one fault, and asked nothing else, while the login is not accepted', async () => {
    account.answers['sts.GetCallerIdentity'] = () => {
      throw new AwsError('ExpiredToken', 'The security token included in the request is expired', 403)
    }
    expect(await findings()).toEqual([
      ['failed', expect.stringMatching(/does not accept the login: .*expired/), expect.stringMatching(/aws sso login/)],
    ])
    account.answers['sts.GetCallerIdentity'] = () => {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', 403)
    }
    expect(await findings()).toEqual([
      ['failed', expect.stringMatching(/is invalid/), expect.stringMatching(/aws sts get-caller-identity/)],
    ])
    expect(account.requested).toEqual(['sts.GetCallerIdentity', 'sts.GetCallerIdentity'])
  })

  test.each<[fault: string, answers: AwsAnswers, message: RegExp, advice: RegExp]>([
    [
      'too few zones, as one has no RDS Proxy',
      {
        'ec2.DescribeAvailabilityZones': () =>
          `<availabilityZoneInfo>${items([zone('a', 'use1-az3'), zone('b', 'use1-az1')])}</availabilityZoneInfo>`,
      },
      /offers this account 1 of the 2 zones/,
      /AWS_REGION/,
    ],
    [
      'no network left',
      { 'ec2.DescribeVpcs': () => `<vpcSet>${items(['1', '2', '3', '4', '5'])}</vpcSet>` },
      /5 of 5 networks \(VPCs\) are in use; a created database needs 1 more/,
      /Raise "VPCs per Region"/,
    ],
    [
      'no address left',
      { 'ec2.DescribeAddresses': () => `<addressesSet>${items(['1', '2', '3', '4'])}</addressesSet>` },
      /4 of 5 public addresses are in use; a created database needs 2 more/,
      /Raise "EC2-VPC Elastic IPs"/,
    ],
  ])('is one fault for a created database with %s', async (_fault, answers, message, advice) => {
    Object.assign(account.answers, answers)
    expect(await faults()).toEqual([['failed', expect.stringMatching(message), expect.stringMatching(advice)]])
  })

  test('is informed that few functions may run at once', async () => {
    account.answers['lambda.GetAccountSettings'] = () => ({ AccountLimit: { ConcurrentExecutions: 10 } })
    expect(await faults({ DATABASE: 'url' })).toEqual([
      ['warning', '10 functions may run at once.', expect.stringMatching(/Concurrent executions/)],
    ])
  })

  test('may have no service role of RDS: the deployment creates it', async () => {
    account.answers['iam.GetRole'] = () => {
      throw new AwsError('NoSuchEntity', 'The role with name AWSServiceRoleForRDS cannot be found.', 404)
    }
    expect(await faults()).toEqual([])
    expect(await findings()).toContainEqual(['ok', expect.stringMatching(/iam:CreateServiceLinkedRole/), null])
  })

  test('needs no further network for a stage that has one, and shows which database that is', async () => {
    account.answers['ssm.GetParameter'] = ({ Name }) => ({ Parameter: { Name, Value: 'postgres' } })
    account.answers['ec2.DescribeVpcs'] = () => `<vpcSet>${items(['1', '2', '3', '4', '5'])}</vpcSet>`
    const diagnosis = await checkAccount('dev', { DATABASE: 'postgres' }, 'eu-central-1')
    expect(diagnosis.created_database).toBe('postgres')
    expect(diagnosis.findings.filter(({ state }) => state !== 'ok')).toEqual([])
  })

  test('names a permission that the caller lacks, and makes the other checks', async () => {
    account.answers['iam.GetRole'] = () => {
      throw new AwsError('AccessDenied', 'User ada is not authorized to perform iam:GetRole', 403)
    }
    expect(await faults()).toEqual([
      [
        'warning',
        expect.stringMatching(/^iam:GetRole: User ada is not authorized/),
        expect.stringMatching(/permission/),
      ],
    ])
    expect(account.requested).toContain('ec2.DescribeVpcs')
  })

  test.each<[fault: string, answer: AwsAnswers[string], message: RegExp]>([
    [
      'waits for its validation',
      () => ({ Certificate: { Status: 'PENDING_VALIDATION' } }),
      /leads\.example\.com is PENDING_VALIDATION/,
    ],
    [
      'is for another host',
      () => ({ Certificate: { Status: 'ISSUED', SubjectAlternativeNames: ['*.example.org'] } }),
      /covers \*\.example\.org, but not leads\.example\.com/,
    ],
    [
      'does not exist',
      () => {
        throw new AwsError('ResourceNotFoundException', 'Could not find the certificate.')
      },
      /There is no certificate arn:aws:acm/,
    ],
  ])('is one fault with a certificate that %s', async (_fault, answer, message) => {
    account.answers['acm.DescribeCertificate'] = answer
    const domain = { API_DOMAIN: 'leads.example.com', API_DOMAIN_CERTIFICATE_ARN: CERTIFICATE }
    expect(await faults({ DATABASE: 'url', ...domain })).toEqual([
      ['failed', expect.stringMatching(message), expect.any(String)],
    ])
  })

  test('is one fault with a domain that has no public zone', async () => {
    account.answers['route53.ListHostedZonesByName'] = () =>
      '<HostedZones><HostedZone><Id>Z1</Id><Name>example.com.</Name><Config><PrivateZone>true</PrivateZone></Config></HostedZone></HostedZones>'
    expect(await faults({ DATABASE: 'url', API_DOMAIN: 'leads.example.com' })).toEqual([
      ['failed', expect.stringMatching(/no public zone for leads\.example\.com/), expect.any(String)],
    ])
  })
})
