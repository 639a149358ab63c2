import { type MockAccount, REQUIRED_SETTINGS, type Stack, secrets, type Variant } from './synthesize.ts'
import { synthesizeApart } from './synthesizer.ts'

/** The deployments that are tried: both kinds of stage, each way to come by a database, and every option at once. */
export const variants = {
  dev: { stage: 'dev', env: {} },
  production: { stage: 'production', env: { ALARM_EMAIL: 'on-call@example.com' } },
  'dev-postgres': { stage: 'dev', env: { DATABASE: 'postgres' } },
  'production-postgres': {
    stage: 'production',
    env: { DATABASE: 'postgres', DATABASE_STORAGE_GB: '50', DATABASE_STORAGE_MAX_GB: '500' },
  },
  'dev-aurora': { stage: 'dev', env: { DATABASE: 'aurora' } },
  'production-aurora': { stage: 'production', env: { DATABASE: 'aurora', DATABASE_MULTI_AZ: 'true' } },
  'dev-mysql': {
    stage: 'dev',
    env: { SST_SECRET_DatabaseUrl: 'mysql://leads:mock_password_0003@db.example.com/leads' },
  },
  /** An account of this week: 10 executions at once, no role for RDS. */
  'new-account-aurora': {
    stage: 'dev',
    env: { DATABASE: 'aurora' },
    account: { concurrency: 10, has_rds_role: false },
  },
  /** RDS Proxy is missing in use1-az3, which this account calls us-east-1a. */
  'virginia-postgres': {
    stage: 'prod',
    env: { DATABASE: 'postgres', DATABASE_BACKUP_DAYS: '1', NAT: 'ec2' },
    account: {
      zones: { 'us-east-1a': 'use1-az3', 'us-east-1b': 'use1-az1', 'us-east-1c': 'use1-az4' },
      created_database: 'postgres',
    },
  },
  'restored-postgres': {
    stage: 'production',
    env: { DATABASE: 'postgres', DATABASE_RESTORE: 'snapshot:sales-leads-production-last-0a1b2c3d' },
  },
  'restored-aurora': {
    stage: 'production',
    env: {
      DATABASE: 'aurora',
      DATABASE_RESTORE: 'sales-leads-production-databasecluster-abcdefgh@2026-11-02T03:04:05Z',
    },
  },
  'removed-postgres': {
    stage: 'production',
    env: { DATABASE: 'postgres', REMOVE_EVERYTHING: 'true' },
    account: { created_database: 'postgres' },
  },
  'own-domain': {
    stage: 'live',
    env: {
      API_DOMAIN: 'leads.example.com',
      API_DOMAIN_CERTIFICATE_ARN: 'arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d',
      DATABASE_CA_FILE: 'test/infra/files/database-ca.pem',
      SST_SECRET_DatabaseReadUrl: 'postgres://leads:mock_password_0004@replica.example.com/leads',
      MAPPINGS_FILE: 'docs/mappings.example.json',
    },
  },
  options: {
    stage: 'production',
    env: {
      ALARM_EMAIL: 'on-call@example.com',
      API_DOMAIN: 'leads.example.com',
      API_REQUESTS_PER_SECOND: '20',
      API_REQUESTS_BURST: '40',
      WEBHOOK_REQUESTS_PER_SECOND: '30',
      APIFY_ACTOR_IDS: 'compass/crawler-google-places',
      APIFY_API_BASE_URL: 'http://127.0.0.1:9',
      CONSUMER_CONCURRENCY: '25',
      CORS_ORIGINS: 'https://app.example.com',
      LOG_LEVEL: 'DEBUG',
      LOG_RETENTION: '1 week',
      ON_DUPLICATE: 'skip',
      RETENTION_DAYS: '30',
      TRACING: 'xray',
    },
  },
} as const satisfies Record<string, Variant>

export type VariantName = keyof typeof variants

const known = new Map<VariantName, Promise<Stack>>()

/** The stack of a variant, synthesised once. */
export function stackOf(name: VariantName): Promise<Stack> {
  const stack = known.get(name) ?? synthesizeApart(variants[name])
  known.set(name, stack)
  return stack
}

/** What the account answers otherwise than usual. */
export const accountOf = (name: VariantName): Partial<MockAccount> => (variants[name] as Variant).account ?? {}

/** A setting of a variant, or its default. */
export const settingOf = (name: VariantName, setting: string): string | undefined =>
  (variants[name].env as Record<string, string>)[setting]

export { REQUIRED_SETTINGS, secrets }
