import * as z from 'zod'
import { ConfigError, configParts } from '../packages/core/src/config/read-config.ts'

/**
 * What a deployment may choose, from the environment or from `.env` and `.env.<stage>`, which SST reads. Secrets are no
 * settings: `sst secret set`. Variables of the functions themselves (LOG_LEVEL, ON_DUPLICATE, RETENTION_DAYS, …, see
 * config.ts) are handed on under their own names.
 */
const whole = (fallback: number, min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}; ${fallback} when left out`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error }).default(fallback)
}

const retentions = ['1 week', '2 weeks', '1 month', '3 months', '6 months', '1 year'] as const

const schema = z.object({
  /** `url`: your own database by the secret DatabaseUrl; `postgres`: an RDS instance; `aurora`: Aurora Serverless. */
  DATABASE: z.enum(['url', 'postgres', 'aurora'], { error: 'url, postgres or aurora' }).default('url'),
  /** Instance class of DATABASE=postgres, without `db.`. */
  DATABASE_INSTANCE: z.string().default('t4g.micro'),
  DATABASE_MULTI_AZ: z.stringbool({ error: 'true or false' }).default(false),
  /** Aurora capacity units (2 GB of memory each). The proxy keeps connections, so it never pauses: no 0. */
  DATABASE_ACU_MIN: z.coerce.number().min(0.5, { error: 'at least 0.5' }).default(0.5),
  DATABASE_ACU_MAX: z.coerce.number().min(1, { error: 'at least 1' }).default(4),
  /** How functions beside a created database reach Apify: a small instance, or AWS's NAT gateways. */
  NAT: z.enum(['ec2', 'managed'], { error: 'ec2 or managed' }).default('ec2'),
  /** Runs imported at once: each holds one database connection. */
  CONSUMER_CONCURRENCY: whole(10, 2, 1000),
  API_REQUESTS_PER_SECOND: whole(50, 1, 10_000),
  API_REQUESTS_BURST: whole(100, 1, 5000),
  API_DOMAIN: z.string().optional(),
  /** For a domain whose DNS is not at Route 53: its certificate; you point the name at the API. */
  API_DOMAIN_CERTIFICATE_ARN: z.string().startsWith('arn:', { error: 'an ARN' }).optional(),
  ALARM_EMAIL: z.email({ error: 'an e-mail address' }).optional(),
  LOG_RETENTION: z.enum(retentions, { error: retentions.join(', ') }).default('1 month'),
  TRACING: z.enum(['off', 'xray'], { error: 'off or xray' }).default('off'),
  /** `built`: deploy the bundles that lie in .build, as tested, and build none. */
  BUNDLES: z.enum(['build', 'built'], { error: 'build or built' }).default('build'),
})

export type Settings = z.infer<typeof schema>

/** Parts whose variables are handed on to functions as they are. */
const handedOn = ['log', 'apify', 'sync', 'cleanup', 'api'] as const

/** @throws ConfigError naming every bad variable */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const read = schema.safeParse(set)
  const issues = [
    ...(read.error?.issues ?? []),
    // Better now than in a function that doesn't start. What is not set may be a secret, or has a default.
    ...handedOn
      .flatMap((part) => configParts[part].safeParse(set).error?.issues ?? [])
      .filter(({ path }) => String(path[0]) in set),
  ]
  if (read.success && issues.length === 0) return read.data
  throw new ConfigError(issues.map(({ path, message }) => ({ variable: String(path[0]), message })))
}

export const settings = readSettings(process.env)
