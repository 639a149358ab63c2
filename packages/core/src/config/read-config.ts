import * as z from 'zod'
// Not from open.ts, which would bring the drivers into every bundle that reads a configuration.
import { parseEngineName } from '../database/engine-names.ts'

/**
 * Configuration, read from the environment once and checked as a whole: a bad start names every bad variable and how
 * to mend it. A program asks for the parts that it needs (a function on AWS is given no more than those).
 */

const requiredText = (hint: string) => z.string({ error: hint }).trim().min(1, { error: hint })

const wholeNumber = (name: string, fallback: number, min: number, max: number) =>
  z.coerce
    .number({ error: `a whole number from ${min} to ${max}, e.g. ${name}=${fallback}` })
    .int({ error: `a whole number from ${min} to ${max}, e.g. ${name}=${fallback}` })
    .min(min, { error: `at least ${min}, e.g. ${name}=${fallback}` })
    .max(max, { error: `at most ${max}, e.g. ${name}=${fallback}` })
    .default(fallback)

const httpUrl = (hint: string) => z.url({ protocol: /^https?$/, error: hint })

const databaseUrl = () =>
  z
    .string()
    .superRefine((value, context) => {
      try {
        if (parseEngineName(value) !== 'sqlite') new URL(value)
      } catch (error) {
        const isUrl = error instanceof Error && error.message.startsWith('DATABASE_URL')
        context.addIssue({
          code: 'custom',
          message: isUrl
            ? (error as Error).message.replace('DATABASE_URL must begin', 'must begin')
            : 'is not a URL; write it as postgres://user:password@host:5432/leads and percent-encode the password',
        })
      }
    })
    .default('sqlite:.data/leads.db')

/**
 * The variables, by the part of the product that needs them. Every name stands in the README's table. A part is made when
 * it is first read: a function needs two to five of nine, and all of them were 2 ms of its start.
 */
export const configParts = lazyProperties({
  log: () =>
    z.object({
      LOG_LEVEL: z
        .enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'], { error: 'one of DEBUG, INFO, WARN, ERROR, CRITICAL' })
        .default('INFO'),
    }),
  database: () =>
    z.object({
      DATABASE_URL: databaseUrl(),
      DATABASE_CONNECTIONS_MAX: wholeNumber('DATABASE_CONNECTIONS_MAX', 10, 1, 1000),
    }),
  apify: () =>
    z.object({
      APIFY_TOKEN: requiredText('is missing; copy it from the Apify Console, Settings → API & Integrations'),
      APIFY_API_BASE_URL: httpUrl('an http(s) address such as https://api.apify.com').default('https://api.apify.com'),
      /** Hours that reconcile looks back for missed runs: longer than your longest run. */
      RECONCILE_LOOKBACK_HOURS: wholeNumber('RECONCILE_LOOKBACK_HOURS', 72, 1, 2160),
      /** Comma-separated Actor ids or user~name; empty = all Actors of the account. */
      APIFY_ACTOR_IDS: z
        .string()
        .default('')
        .transform((value) =>
          value
            .split(',')
            .map((id) => id.trim().replace('/', '~'))
            .filter(Boolean),
        ),
    }),
  webhook: () =>
    z.object({
      APIFY_WEBHOOK_SECRET: z
        .string({ error: 'is missing; choose a random one, e.g. `openssl rand -hex 32`' })
        .min(16, { error: 'has fewer than 16 characters; choose a random one, e.g. `openssl rand -hex 32`' }),
    }),
  queue: () =>
    z.object({
      SYNC_QUEUE_URL: httpUrl('is missing or no URL; the address of the SQS queue, as `npm start` prints it'),
    }),
  sync: () =>
    z.object({
      ON_DUPLICATE: z.enum(['merge', 'skip'], { error: 'merge (three-way) or skip' }).default('merge'),
      SYNC_PAGE_ROWS_MAX: wholeNumber('SYNC_PAGE_ROWS_MAX', 1000, 1, 10_000),
      /** Seconds after a run's end before its last, empty page is believed: the platform's counters lag that long. */
      SYNC_SETTLE_SECONDS: wholeNumber('SYNC_SETTLE_SECONDS', 10, 0, 600),
      /** Seconds between two looks at a run that is still working. */
      SYNC_FOLLOW_SECONDS: wholeNumber('SYNC_FOLLOW_SECONDS', 30, 1, 900),
      /** JSON file of own mappings, see docs/mapping.md. */
      MAPPINGS_FILE: z.string().optional(),
    }),
  cleanup: () =>
    z.object({
      RETENTION_DAYS: wholeNumber('RETENTION_DAYS', 90, 0, 36_500),
      REJECTION_RETENTION_DAYS: wholeNumber('REJECTION_RETENTION_DAYS', 90, 0, 36_500),
    }),
  server: () =>
    z.object({
      HOST: requiredText('an address to listen on, e.g. HOST=127.0.0.1').default('127.0.0.1'),
      PORT: wholeNumber('PORT', 3000, 0, 65_535),
      /** A key that the local stack accepts for its API; made when missing. */
      LEADS_API_KEY: z.string().min(16, { error: 'has fewer than 16 characters' }).optional(),
    }),
  api: () =>
    z.object({
      /** Comma-separated origins that a browser may call the API from; empty = none, * = any. */
      CORS_ORIGINS: z
        .string()
        .default('')
        .transform((value) =>
          value
            .split(',')
            .map((origin) => origin.trim())
            .filter(Boolean),
        ),
      /** Signs cursors; changing it makes cursors that were handed out invalid, nothing else. */
      CURSOR_SECRET: z.string().min(16, { error: 'has fewer than 16 characters' }).optional(),
    }),
})

export type ConfigPart = keyof typeof configParts
type Parts = typeof configParts
type Union<Value> = (Value extends unknown ? (value: Value) => void : never) extends (value: infer All) => void
  ? All
  : never
export type Config<Part extends ConfigPart> = Union<{ [P in Part]: z.infer<Parts[P]> }[Part]>

function lazyProperties<Made extends Record<string, unknown>>(
  makers: { [Name in keyof Made]: () => Made[Name] },
): Made {
  const parts = {}
  for (const [name, make] of Object.entries(makers))
    Object.defineProperty(parts, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value: unknown = make()
        Object.defineProperty(parts, name, { value, enumerable: true })
        return value
      },
    })
  return parts as Made
}

/** Says all that is wrong with the environment, one line a variable. */
export class ConfigError extends Error {
  readonly problems: readonly { variable: string; message: string }[]

  constructor(problems: readonly { variable: string; message: string }[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(`The configuration is not usable. Mend these environment variables:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

/** Functions read their configuration at every request: checking it anew was 13% of the time of a list. */
const cachedConfigs = new Map<string, { values: (string | undefined)[]; config: unknown }>()

/**
 * Reads the named parts. An empty variable counts as not set (a blank line in an env file).
 * @throws ConfigError naming every bad variable of these parts
 */
export function readConfig<Part extends ConfigPart>(
  parts: readonly Part[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config<Part> {
  const variables = parts.flatMap((part) => Object.keys(configParts[part].shape))
  const values = variables.map((name) => env[name])
  const last = cachedConfigs.get(parts.join())
  if (last && values.every((value, index) => value === last.values[index])) return last.config as Config<Part>
  const set = Object.fromEntries(
    variables.flatMap((name, index) =>
      values[index] === undefined || values[index] === '' ? [] : [[name, values[index]]],
    ),
  )
  const problems = new Map<string, string>()
  const config: Record<string, unknown> = {}
  for (const part of parts) {
    const read = configParts[part].safeParse(set)
    if (read.success) Object.assign(config, read.data)
    else for (const { path, message } of read.error.issues) problems.set(String(path[0]), message)
  }
  if (problems.size > 0) throw new ConfigError([...problems].map(([variable, message]) => ({ variable, message })))
  cachedConfigs.set(parts.join(), { values, config: Object.freeze(config) })
  return config as Config<Part>
}
