import { ConfigError, type ConfigPart, configParts, readConfig } from '../config/read-config.ts'
import type { Database } from '../database/engine.ts'
import { maskPassword } from '../database/mask-password.ts'
import { CHECK_TIMEOUT_MS, type Check, type Env, type Finding, failed, ok, warning } from './finding.ts'

type NamedCheck = readonly [name: string, check: Check]

const MIGRATE_ADVICE = 'Run `npm run leads -- migrate up`.'
/** The checks of what a function of the API has the settings for. */
export const serviceChecks: readonly NamedCheck[] = [
  ['configuration', checkConfiguration],
  ['database', checkDatabase],
  ['read_replica', checkReadReplica],
  ['queue', checkQueue],
]

/**
 * Runs the checks. Returns the problems and how to fix them. Each check has a time limit, and none hides another.
 * Changes nothing.
 */
export async function diagnose(env: Env, checks: readonly NamedCheck[]): Promise<Finding[]> {
  const findings = await Promise.all(checks.map(([name, check]) => withTimeout(name, check, env)))
  return findings.flat()
}

async function withTimeout(name: string, check: Check, env: Env): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding[]>((resolve) => {
    const finding = failed(
      name,
      `No answer within ${CHECK_TIMEOUT_MS / 1000} s.`,
      'Check the URL, and whether a firewall blocks it.',
    )
    timer = setTimeout(() => resolve([finding]), CHECK_TIMEOUT_MS)
  })
  try {
    return await Promise.race([check(env), late])
  } catch (error) {
    if (error instanceof ConfigError) return [toSkippedFinding(name, error)]
    return [failed(name, (error as Error).message || String(error), 'See the message.')]
  } finally {
    clearTimeout(timer)
  }
}

/** Invalid variables are reported once, by the check of the configuration. */
function toSkippedFinding(name: string, { problems }: ConfigError): Finding {
  const variables = problems.map(({ variable }) => variable).join(' and ')
  return failed(name, `Not checked: ${variables} cannot be read.`, `Fix ${variables} first.`)
}

async function checkConfiguration(env: Env): Promise<Finding[]> {
  const findings: Finding[] = []
  // Settings that only one part needs are reported by the check of that part.
  for (const part of Object.keys(configParts) as ConfigPart[]) {
    try {
      readConfig([part], env)
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      for (const { variable, message } of error.problems)
        if (env[variable])
          findings.push(failed('configuration', `${variable}: ${message}`, `Fix ${variable} in the environment.`))
    }
  }
  if (env.MAPPINGS_FILE) {
    const { readMappings } = await import('../mapping/mappings-file.ts')
    try {
      readMappings(env.MAPPINGS_FILE)
    } catch (error) {
      findings.push(failed('configuration', (error as Error).message, 'Fix the file; docs/mapping.md describes it.'))
    }
  }
  return findings.length > 0 ? findings : [ok('configuration', 'All variables are valid.')]
}

async function checkDatabase(env: Env): Promise<Finding[]> {
  const { openDatabase } = await import('../database/open-database.ts')
  const { sql } = await import('../database/raw-sql.ts')
  const { DATABASE_URL } = readConfig(['database'], env)
  const shown = maskPassword(DATABASE_URL)
  let database: Database | undefined
  try {
    database = await openDatabase(DATABASE_URL, { connections_max: 1, connect_timeout_s: 5 })
    const started = performance.now()
    await sql`select 1`.execute(database.kysely)
    const reached = ok('database', `${shown} answers (${(performance.now() - started).toFixed(1)} ms).`)
    return [reached, await checkSchema(database), ...(await checkTimeLimits(database))]
  } catch (error) {
    const kind = database?.engine.classifyError(error)
    const advice =
      kind === 'access'
        ? 'Check user, password and database name in DATABASE_URL.'
        : 'Is the server running, and DATABASE_URL correct? Unset it to use SQLite.'
    return [failed('database', `${shown}: ${(error as Error).message || (error as { code?: string }).code}`, advice)]
  } finally {
    await database?.close().catch(() => undefined)
  }
}

/** Whether the replica can serve; without one there is nothing to report. */
async function checkReadReplica(env: Env): Promise<Finding[]> {
  const { DATABASE_READ_URL: url } = readConfig(['read_replica'], env)
  if (url === undefined) return []
  const { openDatabase } = await import('../database/open-database.ts')
  const { sql } = await import('../database/raw-sql.ts')
  const shown = maskPassword(url)
  const advice = 'Until it can be used the API reads from DATABASE_URL. Correct DATABASE_READ_URL, or unset it.'
  let replica: Database | undefined
  try {
    replica = await openDatabase(url, { connections_max: 1, connect_timeout_s: 5, is_read_only: true })
    const { rows } = await sql<{ is_replica: boolean }>`select pg_is_in_recovery() as is_replica`.execute(
      replica.kysely,
    )
    const { assertSchema } = await import('../database/migrations/schema-status.ts')
    await assertSchema(replica)
    if (rows[0]?.is_replica) return [ok('read_replica', `${shown} answers and is a replica.`)]
    return [warning('read_replica', `${shown} accepts writes: it may not follow DATABASE_URL.`, advice)]
  } catch (error) {
    const reason = (error as Error).message || (error as { code?: string }).code
    return [failed('read_replica', `${shown}: ${reason}`, advice)]
  } finally {
    await replica?.close().catch(() => undefined)
  }
}

async function checkSchema(database: Database): Promise<Finding> {
  const { assertSchema } = await import('../database/migrations/schema-status.ts')
  try {
    await assertSchema(database)
    return ok('schema', 'The schema is up to date.')
  } catch (error) {
    const message = (error as Error).message.replace(` ${MIGRATE_ADVICE}`, '')
    return failed('schema', message, message === (error as Error).message ? null : MIGRATE_ADVICE)
  }
}

/** Whether the server ends what a dead client left behind; `migrate up` sees to it where it may. */
async function checkTimeLimits({ kysely, engine }: Database): Promise<Finding[]> {
  if (engine.name !== 'postgres') return []
  const { sql } = await import('../database/raw-sql.ts')
  const { rows } = await sql<{ value: string }>`
    select setting as value from pg_settings where name = 'statement_timeout'`.execute(kysely)
  if (rows[0]?.value !== '0') return []
  const command = "alter role ROLE in database NAME set statement_timeout = '15min'"
  return [
    warning(
      'database',
      'Statements have no time limit: a query whose client died runs on.',
      `${MIGRATE_ADVICE} If it may not: ask the owner of the database for \`${command}\`.`,
    ),
  ]
}

async function checkQueue(env: Env): Promise<Finding[]> {
  if (!env.SYNC_QUEUE_URL)
    return [
      warning(
        'queue',
        'SYNC_QUEUE_URL is not set.',
        '`npm start` creates a local queue; on AWS the deployment sets it.',
      ),
    ]
  const { GetQueueAttributesCommand, SQSClient } = await import('@aws-sdk/client-sqs')
  const { SYNC_QUEUE_URL, SYNC_LONG_QUEUE_URL } = readConfig(['queue', 'long_queue'], env)
  const client = new SQSClient({ maxAttempts: 1 })
  const readQueue = async (url: string) => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'RedrivePolicy'],
      }),
    )
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: running } = Attributes
    return {
      counts: `${waiting ?? '?'} waiting, ${running ?? '?'} in progress`,
      has_redrive: !!Attributes.RedrivePolicy,
    }
  }
  try {
    const { counts, has_redrive } = await readQueue(SYNC_QUEUE_URL)
    const findings = [ok('queue', `The queue answers: ${counts}.`)]
    if (SYNC_LONG_QUEUE_URL !== undefined)
      findings.push(ok('queue', `The queue of long runs answers: ${(await readQueue(SYNC_LONG_QUEUE_URL)).counts}.`))
    if (!has_redrive)
      return [
        ...findings,
        warning(
          'queue',
          'The queue has no dead-letter queue.',
          'Add a redrive policy: without it failing messages are retried for days.',
        ),
      ]
    const { getDeadLetterQueue } = await import('../queue/dead-letter-queue.ts')
    const deadLetters = (await getDeadLetterQueue(SYNC_QUEUE_URL)).waiting
    if (deadLetters > 0)
      findings.push(
        warning(
          'queue',
          `Messages in the dead-letter queue: ${deadLetters}.`,
          '`leads syncs redrive` moves them back.',
        ),
      )
    return findings
  } catch (error) {
    return [
      failed('queue', (error as Error).message, 'Is the local stack running, or are AWS credentials and region set?'),
    ]
  } finally {
    client.destroy()
  }
}
