import * as z from 'zod'
// Not from open-database.ts, which would add the drivers to every bundle that reads the configuration.
import { parseEngineName } from '../database/engine-names.ts'

/**
 * Configuration, read from the environment and validated as a whole: a failed start lists every invalid variable with a
 * fix. A program reads only the parts that it needs; a function on AWS has only those variables.
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
 * The variables by the part of the product that needs them. docs/configuration.md lists them all. The schema of a part is
 * built when it is first read: a function needs two to five of nine parts, and building all took 2 ms of its start.
 */
export const configParts = lazyProperties({
  log: () =>
    z.object({
      LOG_LEVEL: z
        .enum(['DEBUG', 'INFO', 'WARN', 'ERROR', 'CRITICAL'], { error: 'one of DEBUG, INFO, WARN, ERROR, CRITICAL' })
        .default('INFO')
        .describe('Lowest level that is logged.'),
    }),
  database: () =>
    z.object({
      DATABASE_URL: databaseUrl().describe(
        '`postgres://…`, `sqlite:path` or `mysql://…`; `?prepare=false` behind a proxy that pools transactions.',
      ),
      DATABASE_CA_FILE: z
        .string()
        .optional()
        .describe('CA certificates (PEM) of a database server whose provider has its own root, e.g. Supabase.'),
      DATABASE_CONNECTIONS_MAX: wholeNumber('DATABASE_CONNECTIONS_MAX', 10, 1, 1000).describe(
        'Connections of one process; always 1 in a Lambda function.',
      ),
    }),
  read_replica: () =>
    z.object({
      DATABASE_READ_URL: z
        .string()
        .regex(/^postgres(ql)?:\/\//i, {
          error: 'a read replica of a PostgreSQL database, as postgres://user:password@host:5432/leads',
        })
        .optional()
        .describe(
          'Read replica (PostgreSQL) for lists, exports and statistics of the API. A key that has just written reads from ' +
            'DATABASE_URL until the replica has caught up.',
        ),
    }),
  apify: () =>
    z.object({
      APIFY_TOKEN: requiredText('is missing; copy it from the Apify Console, Settings → API & Integrations').describe(
        'Token that reads runs and datasets.',
      ),
      APIFY_API_BASE_URL: httpUrl('an http(s) address such as https://api.apify.com')
        .default('https://api.apify.com')
        .describe('Another server that speaks the Apify API.'),
      RECONCILE_LOOKBACK_HOURS: wholeNumber('RECONCILE_LOOKBACK_HOURS', 72, 1, 2160).describe(
        'Hours that reconcile looks back for missed runs. Must exceed the duration of your longest run.',
      ),
      APIFY_ACTOR_IDS: z
        .string()
        .default('')
        .transform((value) =>
          (value.trim() === '*' ? '' : value)
            .split(',')
            .map((id) => id.trim().replace('/', '~'))
            .filter(Boolean),
        )
        .describe(
          'Actors whose runs are imported: ids or `user/name`, separated by commas; empty or `*` = all of the account.',
        ),
    }),
  webhook: () =>
    z.object({
      APIFY_WEBHOOK_SECRET: z
        .string({ error: 'is missing; choose a random one, e.g. `openssl rand -hex 32`' })
        .min(16, { error: 'has fewer than 16 characters; choose a random one, e.g. `openssl rand -hex 32`' })
        .describe('Secret that a webhook must present, at least 16 characters. `npm start` generates one.'),
    }),
  queue: () =>
    z.object({
      SYNC_QUEUE_URL: httpUrl(
        'is missing or not a URL; set the URL of the SQS queue, as `npm start` prints it',
      ).describe('URL of the SQS queue between webhook and consumer. The stack sets it.'),
    }),
  long_queue: () =>
    z.object({
      SYNC_LONG_QUEUE_URL: httpUrl('a URL of an SQS queue, as the stack sets it')
        .optional()
        .describe(
          'URL of the SQS queue where long runs wait for their next turn; by default they wait among all others. The stack sets it.',
        ),
    }),
  sync: () =>
    z.object({
      ON_DUPLICATE: z
        .enum(['merge', 'skip'], { error: 'merge (three-way) or skip' })
        .default('merge')
        .describe(
          '`merge`: an item of an existing lead updates the columns that no one has edited; `skip`: it changes nothing.',
        ),
      SOURCE_PRECEDENCE: z
        .string()
        .default('')
        .transform((text) =>
          text
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== ''),
        )
        .describe(
          'Sources whose values count more than later values of others, the first one most: ids of Actors, or `file` for ' +
            'files, with commas between them. Left out, the later value counts.',
        ),
      SYNC_PAGE_ROWS_MAX: wholeNumber('SYNC_PAGE_ROWS_MAX', 1000, 1, 10_000).describe('Items at most per page.'),
      SYNC_SETTLE_SECONDS: wholeNumber('SYNC_SETTLE_SECONDS', 10, 0, 600).describe(
        'Settle time: seconds after the end of a run before an empty page means that there are no more items.',
      ),
      SYNC_FOLLOW_SECONDS: wholeNumber('SYNC_FOLLOW_SECONDS', 30, 1, 900).describe(
        'Poll interval: seconds between two polls of the runs that are still running.',
      ),
      SYNC_SLICE_SECONDS: wholeNumber('SYNC_SLICE_SECONDS', 60, 1, 840).describe(
        'Seconds after which a consumer hands a long run over, so that other runs get their turn.',
      ),
      SYNC_RANGE_ITEMS: wholeNumber('SYNC_RANGE_ITEMS', 50_000, 0, 1_000_000).describe(
        'Items of a range. A run with two ranges or more left to read is split into ranges, which several consumers read at ' +
          'once; 0 = never. There are at most 1,000 ranges, larger ones if need be, and 16 of a run are read at once. SQLite ' +
          'has one writer, so there runs are never split.',
      ),
      SYNC_LEASE_SECONDS: wholeNumber('SYNC_LEASE_SECONDS', 30, 0, 600).describe(
        'Seconds without a page after which another consumer may take a run, e.g. that of a killed one; 0 = at once.',
      ),
      MAPPINGS_FILE: z.string().optional().describe('JSON file of custom mappings, see [mapping.md](mapping.md).'),
    }),
  duplicates: () =>
    z.object({
      MERGE_CERTAIN: z
        .stringbool({ error: 'true or false' })
        .default(false)
        .describe(
          'true: pairs of leads that are certainly one are merged when leads are compared, without a person. Each merge ' +
            'can be undone.',
        ),
    }),
  cleanup: () =>
    z.object({
      RETENTION_DAYS: wholeNumber('RETENTION_DAYS', 90, 0, 36_500).describe(
        'Days that deleted rows are kept before they are purged.',
      ),
      REJECTION_RETENTION_DAYS: wholeNumber('REJECTION_RETENTION_DAYS', 90, 0, 36_500).describe(
        'Days that rejected items are kept.',
      ),
      EVENT_RETENTION_DAYS: wholeNumber('EVENT_RETENTION_DAYS', 0, 0, 36_500).describe(
        'Days that the events of a lead (its history) are kept; 0 = as long as the lead. Events since the oldest import ' +
          'that can be undone are kept in any case.',
      ),
    }),
  server: () =>
    z.object({
      HOST: requiredText('an address to listen on, e.g. HOST=127.0.0.1')
        .default('127.0.0.1')
        .describe('Address that the local stack listens on.'),
      PORT: wholeNumber('PORT', 3000, 0, 65_535).describe('Port that the local stack listens on; 0 = any free one.'),
      LEADS_API_KEY: z
        .string()
        .min(16, { error: 'has fewer than 16 characters' })
        .optional()
        .describe('API key of the local stack, which `npm start` generates by default; also the key for LEADS_URL.'),
    }),
  client: () =>
    z.object({
      LEADS_URL: httpUrl('an http(s) address such as https://leads.example.com')
        .optional()
        .describe('API that the `leads` command uses instead of the database, with LEADS_API_KEY.'),
    }),
  api: () =>
    z.object({
      CORS_ORIGINS: z
        .string()
        .default('')
        .transform((value) =>
          value
            .split(',')
            .map((origin) => origin.trim())
            .filter(Boolean),
        )
        .describe('Origins from which browsers may call the API, separated by commas; empty = none, `*` = any.'),
      CURSOR_SECRET: z
        .string()
        .min(16, { error: 'has fewer than 16 characters' })
        .optional()
        .describe(
          'Signs cursors; by default a random secret that the database stores. A change only invalidates existing cursors.',
        ),
      RATE_LIMIT_PER_MINUTE: wholeNumber('RATE_LIMIT_PER_MINUTE', 12_000, 0, 1_000_000).describe(
        'Requests per minute of one API key, counted in each process; 0 = no limit.',
      ),
    }),
})

/** Variables of this machine. A `.env` file also configures a deployment, but these never reach one. */
export const localVariables: ReadonlySet<string> = new Set([
  'APIFY_API_BASE_URL',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_SQS',
  'HOST',
  'LEADS_API_KEY',
  'LEADS_URL',
  'PORT',
])

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

/** Lists every invalid variable of the environment, one line per variable. */
export class ConfigError extends Error {
  readonly problems: readonly { variable: string; message: string }[]

  constructor(problems: readonly { variable: string; message: string }[]) {
    const lines = problems.map(({ variable, message }) => `  ${variable}: ${message}`)
    super(`Invalid configuration. Fix these environment variables:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
    this.problems = problems
  }
}

interface CachedConfig {
  /** Read from the environment of this process. */
  is_own: boolean
  variables: readonly string[]
  values: readonly (string | undefined)[]
  config: unknown
}

/** Functions read their configuration at every request. Validating it each time took 13% of the time of a list. */
const cachedConfigs = new Map<string, CachedConfig>()

/** How many rely on it that the environment stays as it is; on AWS it does. */
let keepers = process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? 0 : 1

/**
 * Lets the configuration of this process be read once: looking whether the environment has changed took 3% of the time of
 * a request. Returns a function that ends it.
 */
export function keepConfig(): () => void {
  cachedConfigs.clear()
  keepers += 1
  return () => {
    keepers -= 1
  }
}

const isCurrent = ({ variables, values }: CachedConfig, env: Readonly<Record<string, string | undefined>>): boolean =>
  variables.every((name, index) => env[name] === values[index])

/**
 * Reads the named parts. An empty variable counts as not set (a blank line in an env file).
 * @throws ConfigError listing every invalid variable of these parts
 */
export function readConfig<Part extends ConfigPart>(
  parts: readonly Part[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): Config<Part> {
  const key = parts.length === 1 ? `${parts[0]}` : parts.join()
  const is_own = env === process.env
  const last = cachedConfigs.get(key)
  if (last && ((keepers > 0 && is_own && last.is_own) || isCurrent(last, env))) return last.config as Config<Part>
  const variables = parts.flatMap((part) => Object.keys(configParts[part].shape))
  const values = variables.map((name) => env[name])
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
  cachedConfigs.set(key, { is_own, variables, values, config: Object.freeze(config) })
  return config as Config<Part>
}
