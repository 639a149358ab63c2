import { type Stack, secrets, type Variant } from './synthesize.ts'
import { synthesizeApart } from './synthesizer.ts'

/** The deployments that are tried: both kinds of stage, each way to come by a database, and every option at once. */
export const variants = {
  dev: { stage: 'dev', env: {} },
  production: { stage: 'production', env: { ALARM_EMAIL: 'on-call@example.com' } },
  'dev-postgres': { stage: 'dev', env: { DATABASE: 'postgres' } },
  'production-postgres': { stage: 'production', env: { DATABASE: 'postgres', NAT: 'managed' } },
  'dev-aurora': { stage: 'dev', env: { DATABASE: 'aurora' } },
  'production-aurora': { stage: 'production', env: { DATABASE: 'aurora', DATABASE_MULTI_AZ: 'true' } },
  'dev-mysql': {
    stage: 'dev',
    env: { SST_SECRET_DatabaseUrl: 'mysql://leads:mock_password_0003@db.example.com/leads' },
  },
  options: {
    stage: 'production',
    env: {
      ALARM_EMAIL: 'on-call@example.com',
      API_DOMAIN: 'leads.example.com',
      API_REQUESTS_PER_SECOND: '20',
      API_REQUESTS_BURST: '40',
      APIFY_ACTOR_IDS: 'compass/crawler-google-places',
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

/** A setting of a variant, or its default. */
export const settingOf = (name: VariantName, setting: string): string | undefined =>
  (variants[name].env as Record<string, string>)[setting]

export { secrets }
