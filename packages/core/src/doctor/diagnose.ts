import { ConfigError, type ConfigPart, configParts, readConfig } from '../config/read-config.ts'
import type { Database } from '../database/engine.ts'
import { maskPassword } from '../database/mask-password.ts'

/** The result of one check. `advice` states what to do; null if nothing. */
export interface Finding {
  check: string
  state: 'ok' | 'warning' | 'failed'
  message: string
  advice: string | null
}

type Env = Readonly<Record<string, string | undefined>>
type Check = (env: Env) => Promise<Finding[]>

const TIMEOUT_MS = 10_000
const MIGRATE_ADVICE = 'Run `npm run leads -- migrate up`.'
/** A larger difference makes signatures and schedules fail. */
const CLOCK_SKEW_MAX_MS = 60_000

const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message, advice: null })
const warning = (check: string, message: string, advice: string): Finding => ({
  check,
  state: 'warning',
  message,
  advice,
})
const failed = (check: string, message: string, advice: string | null): Finding => ({
  check,
  state: 'failed',
  message,
  advice,
})

/**
 * Checks everything that the product depends on, and returns what is wrong and how to fix it. Each check has a time limit,
 * and none hides another. Nothing is changed.
 */
export async function diagnose(env: Env = process.env): Promise<Finding[]> {
  const checks: [name: string, check: Check][] = [
    ['configuration', checkConfiguration],
    ['database', checkDatabase],
    ['queue', checkQueue],
    ['apify', checkApify],
    ['webhook', checkWebhookSecret],
  ]
  const findings = await Promise.all(checks.map(([name, check]) => withTimeout(name, check, env)))
  return findings.flat()
}

async function withTimeout(name: string, check: Check, env: Env): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Finding[]>((resolve) => {
    const finding = failed(
      name,
      `No answer within ${TIMEOUT_MS / 1000} s.`,
      'Check the URL, and whether a firewall blocks it.',
    )
    timer = setTimeout(() => resolve([finding]), TIMEOUT_MS)
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
  const { sql } = await import('kysely')
  const { DATABASE_URL } = readConfig(['database'], env)
  const shown = maskPassword(DATABASE_URL)
  let database: Database | undefined
  try {
    database = await openDatabase(DATABASE_URL, { connections_max: 1, connect_timeout_s: 5 })
    const started = performance.now()
    await sql`select 1`.execute(database.kysely)
    const reached = ok('database', `${shown} answers (${(performance.now() - started).toFixed(1)} ms).`)
    return [reached, await checkSchema(database)]
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
  const { SYNC_QUEUE_URL } = readConfig(['queue'], env)
  const client = new SQSClient({ maxAttempts: 1 })
  try {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: SYNC_QUEUE_URL,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible', 'RedrivePolicy'],
      }),
    )
    const waiting = Attributes?.ApproximateNumberOfMessages ?? '?'
    const findings = [
      ok(
        'queue',
        `The queue answers: ${waiting} waiting, ${Attributes?.ApproximateNumberOfMessagesNotVisible ?? '?'} in progress.`,
      ),
    ]
    if (!Attributes?.RedrivePolicy)
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

async function checkApify(env: Env): Promise<Finding[]> {
  if (!env.APIFY_TOKEN)
    return [
      warning(
        'apify',
        'APIFY_TOKEN is not set: no run can be read.',
        'Copy it from the Apify Console, Settings → API & Integrations.',
      ),
    ]
  const { createApifyApi } = await import('../apify/apify-api.ts')
  const config = readConfig(['apify'], env)
  try {
    const { username: user } = await createApifyApi(config).getAccount()
    return [ok('apify', `The token is valid; the account is ${user}.`), await checkClock(config.APIFY_API_BASE_URL)]
  } catch (error) {
    const isRefused = (error as Error).name === 'ApifyPermanentError'
    const advice = isRefused
      ? 'Copy it from the Apify Console, Settings → API & Integrations.'
      : 'Is this machine online, and APIFY_API_BASE_URL correct?'
    return [failed('apify', (error as Error).message, advice)]
  }
}

async function checkClock(base_url: string): Promise<Finding> {
  const response = await fetch(base_url, { method: 'HEAD', signal: AbortSignal.timeout(TIMEOUT_MS / 2) })
  const theirs = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(theirs)) return warning('clock', 'Apify states no time to compare with.', 'Nothing to do.')
  const skew_ms = Date.now() - theirs
  const seconds = (Math.abs(skew_ms) / 1000).toFixed(0)
  return Math.abs(skew_ms) > CLOCK_SKEW_MAX_MS
    ? failed('clock', `This machine's clock is ${seconds} s ${skew_ms > 0 ? 'ahead' : 'behind'}.`, 'Set it by NTP.')
    : ok('clock', `This machine's clock agrees with Apify's within ${seconds} s.`)
}

async function checkWebhookSecret(env: Env): Promise<Finding[]> {
  if (!env.APIFY_WEBHOOK_SECRET)
    return [
      warning(
        'webhook',
        'APIFY_WEBHOOK_SECRET is not set.',
        '`npm start` generates and stores one. Elsewhere set one, e.g. from `openssl rand -hex 32`.',
      ),
    ]
  readConfig(['webhook'], env)
  return [ok('webhook', 'The webhook secret is set and long enough.')]
}
