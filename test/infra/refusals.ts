import type { MockAccount } from './synthesize.ts'

/** A setting or secret that cannot work, what the refusal says, and the edit without which it would be deployed. */
export interface Refusal {
  title: string
  env: Record<string, string>
  account?: Partial<MockAccount>
  message: RegExp
  edit: { file: string; find: string; replace: string }
}

const CHECKS = 'packages/core/src/doctor/find-deployment-problems.ts'
const STRINGS = 'packages/core/src/database/connection-url.ts'
const ADDRESSES = 'packages/core/src/database/deployable-url.ts'
const SETTINGS = 'packages/core/src/config/deployment-settings.ts'

const withoutCheck = (file: string, find: string, replace = '') => ({ file, find, replace })
const withoutSecretsCheck = withoutCheck(CHECKS, '    ...checkSecrets(plan),\n')
const withoutReplicaCheck = withoutCheck(CHECKS, '    ...checkReadReplica(plan),\n')

/** A chosen kind of database and the one that the stage has. */
const kinds: readonly (readonly [kind: string, created_database: string])[] = [
  ['url', 'postgres'],
  ['aurora', 'postgres'],
  ['postgres', 'aurora'],
]

export const refusals: readonly Refusal[] = [
  {
    title: 'a database in a file',
    env: { SST_SECRET_DatabaseUrl: 'sqlite:leads.db' },
    message: /DatabaseUrl: is a file, not a server/,
    edit: withoutSecretsCheck,
  },
  {
    title: 'a database on this machine',
    env: { SST_SECRET_DatabaseUrl: 'postgres://leads:x@localhost/leads' },
    message: /cannot reach/,
    edit: withoutCheck(ADDRESSES, 'if (isPrivateHost(host))', 'if (false as boolean)'),
  },
  {
    title: "Aurora's address for readers",
    env: {
      SST_SECRET_DatabaseUrl: 'postgres://leads:x@leads.cluster-ro-c0ffee123456.eu-central-1.rds.amazonaws.com/leads',
    },
    message: /address for readers/,
    edit: withoutCheck(STRINGS, '  if (!is_read_only) assertWritable(host, provider)\n'),
  },
  {
    title: 'a server without a database',
    env: { SST_SECRET_DatabaseUrl: 'postgres://leads:x@db.example.com' },
    message: /names no database/,
    edit: withoutCheck(ADDRESSES, 'if (pathname.length <= 1)', 'if (false as boolean)'),
  },
  {
    title: "Supabase's direct address",
    env: {
      SST_SECRET_DatabaseUrl: 'postgresql://postgres:x@db.abc.supabase.co:5432/postgres',
      DATABASE_CA_FILE: 'test/infra/files/database-ca.pem',
    },
    message: /IPv6 only[\s\S]*pooler/,
    edit: withoutCheck(ADDRESSES, "if (provider === 'supabase_direct')", 'if (false as boolean)'),
  },
  {
    title: "Supabase's pooler without its root",
    env: { SST_SECRET_DatabaseUrl: 'postgresql://postgres.a:x@aws-0-eu.pooler.supabase.com:6543/postgres' },
    message: /DATABASE_CA_FILE/,
    edit: withoutCheck(ADDRESSES, "&& tls === 'verified' && !has_ca_file", '&& (false as boolean)'),
  },
  {
    title: 'a database without encryption',
    env: { SST_SECRET_DatabaseUrl: 'postgres://leads:x@db.example.com/leads?sslmode=disable' },
    message: /switches encryption off/,
    edit: withoutCheck(ADDRESSES, "if (tls === 'off')", 'if (false as boolean)'),
  },
  {
    title: 'a database whose certificate is not verified',
    env: { SST_SECRET_DatabaseUrl: 'postgres://leads:x@db.example.com/leads?sslmode=no-verify' },
    message: /does not verify the certificate/,
    edit: withoutCheck(ADDRESSES, "if (tls === 'unverified')", 'if (false as boolean)'),
  },
  {
    title: 'a parameter of the database that its server would refuse',
    env: { SST_SECRET_DatabaseUrl: 'postgres://leads:x@db.example.com/leads?schema=crm' },
    message: /unknown parameter "schema"/,
    edit: withoutCheck(ADDRESSES, 'return [error.problem]', 'return []'),
  },
  {
    title: 'a read replica that functions cannot reach',
    env: { SST_SECRET_DatabaseReadUrl: 'postgres://leads:x@10.0.0.7/leads' },
    message: /DatabaseReadUrl: names 10\.0\.0\.7, which functions on AWS cannot reach/,
    edit: withoutReplicaCheck,
  },
  {
    title: 'a read replica of another engine',
    env: { SST_SECRET_DatabaseReadUrl: 'mysql://leads:x@db.example.com/leads' },
    message: /DatabaseReadUrl: is not the read replica of a PostgreSQL database/,
    edit: withoutReplicaCheck,
  },
  {
    title: 'a read replica of a created database',
    env: { DATABASE: 'postgres', SST_SECRET_DatabaseReadUrl: 'postgres://leads:x@db.example.com/leads' },
    message: /DatabaseReadUrl: is only for DATABASE=url/,
    edit: withoutReplicaCheck,
  },
  {
    title: 'no database',
    env: { SST_SECRET_DatabaseUrl: '' },
    message: /DatabaseUrl: is not set[\s\S]*sst secret set DatabaseUrl/,
    edit: withoutSecretsCheck,
  },
  {
    title: 'a token that is missing',
    env: { SST_SECRET_ApifyToken: '' },
    message: /ApifyToken: is not set/,
    edit: withoutCheck(CHECKS, 'if (!ApifyToken?.trim())', 'if (false as boolean)'),
  },
  {
    title: 'a webhook secret that is too short',
    env: { SST_SECRET_ApifyWebhookSecret: 'short' },
    message: /fewer than 16 characters/,
    edit: withoutCheck(CHECKS, 'ApifyWebhookSecret.length < 16', 'ApifyWebhookSecret.length < 1'),
  },
  {
    title: 'no region',
    env: { AWS_REGION: '' },
    message: /AWS_REGION: is missing/,
    edit: withoutCheck(SETTINGS, 'throw new ConfigError(problems)', 'return { ...read.data } as DeploymentSettings'),
  },
  {
    title: 'no choice of Actors',
    env: { APIFY_ACTOR_IDS: '' },
    message: /APIFY_ACTOR_IDS=\*/,
    edit: withoutCheck(CHECKS, '    ...checkActors(plan),\n'),
  },
  {
    title: 'a setting that no function would start with',
    env: { RETENTION_DAYS: 'for ever' },
    message: /RETENTION_DAYS/,
    edit: withoutCheck(SETTINGS, 'const handedOn = [', 'const handedOn = [] as const\nexport const unused = ['),
  },
  {
    title: 'a mappings file that is missing',
    env: { MAPPINGS_FILE: 'no/such.json' },
    message: /MAPPINGS_FILE: .*no\/such\.json/,
    edit: withoutCheck(CHECKS, '    ...(await checkMappingsFile(plan)),\n'),
  },
  {
    title: 'capacity units between steps',
    env: { DATABASE_ACU_MIN: '0.7' },
    message: /DATABASE_ACU_MIN: .*steps of 0\.5/,
    edit: withoutCheck(SETTINGS, 'DATABASE_ACU_MIN: capacityUnits(0.5)', 'DATABASE_ACU_MIN: z.coerce.number()'),
  },
  {
    title: 'a minimum above the maximum',
    env: { DATABASE_ACU_MIN: '8', DATABASE_ACU_MAX: '4' },
    message: /is greater than DATABASE_ACU_MAX/,
    edit: withoutCheck(SETTINGS, 'settings.DATABASE_ACU_MIN <= settings.DATABASE_ACU_MAX', 'true as boolean'),
  },
  {
    title: 'a disk that cannot grow',
    env: { DATABASE_STORAGE_GB: '100' },
    message: /DATABASE_STORAGE_MAX_GB: .*cannot grow/,
    edit: withoutCheck(SETTINGS, 'settings.DATABASE_STORAGE_GB * 1.1', '1'),
  },
  {
    title: 'a restore without a created database',
    env: { DATABASE_RESTORE: 'snapshot:last' },
    message: /DATABASE=postgres/,
    edit: withoutCheck(
      SETTINGS,
      "settings.DATABASE_RESTORE === undefined || settings.DATABASE !== 'url'",
      'true as boolean',
    ),
  },
  {
    title: 'a certificate of another region',
    env: {
      API_DOMAIN: 'leads.example.com',
      API_DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d',
    },
    message: /API_DOMAIN_CERTIFICATE_ARN: is in us-east-1; API Gateway needs a certificate in eu-central-1/,
    edit: withoutCheck(SETTINGS, "certificate.split(':')[3] === AWS_REGION", 'true as boolean'),
  },
  ...kinds.map(([kind, created_database]) => ({
    title: `DATABASE=${kind} on a stage that has a database by DATABASE=${created_database}`,
    env: { DATABASE: kind },
    account: { created_database },
    message: /DATABASE: .*would be\s+removed/,
    edit: withoutCheck(CHECKS, '    ...checkDatabaseKind(plan),\n'),
  })),
]
