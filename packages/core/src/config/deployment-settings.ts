import * as z from 'zod'
import { ConfigError, configParts } from './read-config.ts'

/**
 * Settings of a deployment on AWS, from the environment or from `.env` and `.env.<stage>`, which SST reads. Secrets are
 * set with `sst secret set`. Variables of the functions (LOG_LEVEL, ON_DUPLICATE, RETENTION_DAYS, …) keep their names.
 * `sst.config.ts` and `leads doctor --deploy` read the same table.
 */
const whole = (fallback: number, min: number, max: number) => {
  const error = `a whole number from ${min} to ${max}; ${fallback} when left out`
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error }).default(fallback)
}

const capacityUnits = (fallback: number) => {
  const error = `Aurora capacity units from 0.5 to 256 in steps of 0.5; ${fallback} when left out`
  return z.coerce.number({ error }).min(0.5, { error }).max(256, { error }).multipleOf(0.5, { error }).default(fallback)
}

const retentions = ['1 week', '2 weeks', '1 month', '3 months', '6 months', '1 year'] as const

/** `snapshot:<identifier>`, or `<instance or cluster>@<time>` for a point in time. */
const RESTORE_PATTERN = /^(snapshot:[\w:.-]+|[a-zA-Z][\w-]*@(latest|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?Z))$/

export const deploymentSettingSchema = z.object({
  AWS_REGION: z
    .string({ error: 'is missing; state the region, e.g. AWS_REGION=eu-central-1' })
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'a region such as eu-central-1' })
    .describe('Region of the deployment. SST would otherwise choose us-east-1 without a word.'),
  DATABASE: z
    .enum(['url', 'postgres', 'aurora'], { error: 'url, postgres or aurora' })
    .default('url')
    .describe(
      '`url`: your own database by the secret DatabaseUrl; `postgres`: an RDS instance; `aurora`: Aurora Serverless.',
    ),
  DATABASE_CA_FILE: z
    .string()
    .optional()
    .describe('CA certificates (PEM) of a database server whose provider has its own root, e.g. Supabase.'),
  DATABASE_INSTANCE: z
    .string()
    .regex(/^[a-z]\w*\.\w+$/, { error: 'an instance class without "db.", e.g. t4g.micro' })
    .default('t4g.micro')
    .describe('Instance class of DATABASE=postgres, without `db.`.'),
  DATABASE_MULTI_AZ: z
    .stringbool({ error: 'true or false' })
    .default(false)
    .describe('A standby of DATABASE=postgres in a second availability zone.'),
  DATABASE_STORAGE_GB: whole(20, 20, 65_536).describe('Disk of DATABASE=postgres in GB at first. It never shrinks.'),
  DATABASE_STORAGE_MAX_GB: whole(100, 22, 65_536).describe(
    'Limit in GB up to which AWS enlarges the disk of DATABASE=postgres.',
  ),
  DATABASE_BACKUP_DAYS: z.coerce
    .number({ error: 'a whole number from 1 to 35' })
    .int({ error: 'a whole number from 1 to 35' })
    .min(1, { error: 'a whole number from 1 to 35' })
    .max(35, { error: 'a whole number from 1 to 35' })
    .optional()
    .describe("Days of point-in-time backups: 14 in production, else 1. Accounts on AWS's free plan accept at most 1."),
  DATABASE_RESTORE: z
    .string()
    .regex(RESTORE_PATTERN, {
      error: 'snapshot:<identifier>, <database>@latest or <database>@2026-01-31T12:00:00Z',
    })
    .optional()
    .describe('Creates the database from a snapshot or from a point in time of another one; see docs/deploy.md.'),
  DATABASE_ACU_MIN: capacityUnits(0.5).describe(
    'Aurora capacity units at least (2 GB of memory each). The proxy keeps connections open, therefore 0 is not possible.',
  ),
  DATABASE_ACU_MAX: capacityUnits(4).describe('Aurora capacity units at most.'),
  NAT: z
    .enum(['ec2', 'managed'], { error: 'ec2 or managed' })
    .optional()
    .describe(
      "Way out to Apify for functions next to a created database. Production: AWS's gateways; else small instances.",
    ),
  CONSUMER_CONCURRENCY: whole(10, 2, 1000).describe(
    "Runs imported at once, half of them long ones, at least 2 each: each uses one database connection. At most half of the account's concurrency.",
  ),
  API_REQUESTS_PER_SECOND: whole(50, 1, 10_000).describe('Throttle of the API: requests per second.'),
  API_REQUESTS_BURST: whole(100, 1, 5000).describe('Throttle of the API: requests at once.'),
  WEBHOOK_REQUESTS_PER_SECOND: whole(50, 1, 10_000).describe('Throttle of the webhook: requests per second.'),
  WEBHOOK_REQUESTS_BURST: whole(200, 1, 5000).describe('Throttle of the webhook: requests at once.'),
  API_DOMAIN: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, { error: 'a host name such as leads.example.com' })
    .optional()
    .describe('Host name of the API, e.g. `leads.example.com`.'),
  API_DOMAIN_CERTIFICATE_ARN: z
    .string()
    .regex(/^arn:[\w-]+:acm:[\w-]+:\d+:certificate\//, { error: 'the ARN of a certificate (arn:aws:acm:…)' })
    .optional()
    .describe('For a domain whose DNS is not at Route 53: its certificate, in the region of the deployment.'),
  ALARM_EMAIL: z.email({ error: 'an email address' }).optional().describe('Address that alarms are sent to.'),
  LOG_RETENTION: z
    .enum(retentions, { error: retentions.join(', ') })
    .default('1 month')
    .describe('How long logs are kept.'),
  TRACING: z.enum(['off', 'xray'], { error: 'off or xray' }).default('off').describe('`xray` records traces.'),
  BUNDLES: z
    .enum(['build', 'built'], { error: 'build or built' })
    .default('build')
    .describe('`built`: deploy the bundles in .build as they are, e.g. those that CI tested.'),
  REMOVE_EVERYTHING: z
    .stringbool({ error: 'true or false' })
    .default(false)
    .describe('`true`, deployed once: production loses its protection, and `sst remove` deletes its data too.'),
})

export type DeploymentSettings = z.infer<typeof deploymentSettingSchema>

export const deploymentSettingNames = Object.keys(deploymentSettingSchema.shape) as (keyof DeploymentSettings)[]

/** Parts whose variables are handed on to functions as they are. */
const handedOn = ['log', 'apify', 'sync', 'duplicates', 'cleanup', 'api'] as const

type Env = Readonly<Record<string, string | undefined>>

/** @throws ConfigError with every invalid variable */
export function readDeploymentSettings(env: Env): DeploymentSettings {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const read = deploymentSettingSchema.safeParse(set)
  const issues = [
    ...(read.error?.issues ?? []),
    // Better now than in a function that doesn't start. What is not set may be a secret, or has a default.
    ...handedOn
      .flatMap((part) => configParts[part].safeParse(set).error?.issues ?? [])
      .filter(({ path }) => String(path[0]) in set),
  ]
  const problems = issues.map(({ path, message }) => ({ variable: String(path[0]), message }))
  if (read.success) problems.push(...findContradictions(read.data))
  if (read.success && problems.length === 0) return read.data
  throw new ConfigError(problems)
}

function findContradictions(settings: DeploymentSettings): { variable: string; message: string }[] {
  const { AWS_REGION, API_DOMAIN, API_DOMAIN_CERTIFICATE_ARN: certificate } = settings
  const problems: { variable: string; message: string }[] = []
  const check = (is_ok: boolean, variable: keyof DeploymentSettings, message: string) => {
    if (!is_ok) problems.push({ variable, message })
  }
  check(
    settings.DATABASE_ACU_MIN <= settings.DATABASE_ACU_MAX,
    'DATABASE_ACU_MIN',
    `is greater than DATABASE_ACU_MAX (${settings.DATABASE_ACU_MAX})`,
  )
  // AWS enlarges a disk only if the limit is at least a tenth above its size.
  check(
    settings.DATABASE_STORAGE_MAX_GB >= settings.DATABASE_STORAGE_GB * 1.1,
    'DATABASE_STORAGE_MAX_GB',
    `must be at least a tenth above DATABASE_STORAGE_GB (${settings.DATABASE_STORAGE_GB}), or the disk cannot grow`,
  )
  check(
    settings.DATABASE_RESTORE === undefined || settings.DATABASE !== 'url',
    'DATABASE_RESTORE',
    'restores a created database; set DATABASE=postgres or DATABASE=aurora',
  )
  check(
    settings.DATABASE_CA_FILE === undefined || settings.DATABASE === 'url',
    'DATABASE_CA_FILE',
    'is only for DATABASE=url; a created database has a certificate that Node.js trusts',
  )
  check(!certificate || API_DOMAIN !== undefined, 'API_DOMAIN', 'is missing: a certificate needs its domain')
  check(
    !certificate || certificate.split(':')[3] === AWS_REGION,
    'API_DOMAIN_CERTIFICATE_ARN',
    `is in ${certificate?.split(':')[3]}; API Gateway needs a certificate in ${AWS_REGION}`,
  )
  return problems
}

/** Stages that hold real data: kept on removal, backed up for longer. `sst.config.ts` repeats the list. */
export const isProductionStage = (stage: string): boolean => /^(production|prod|prd|live|main)$/i.test(stage)
