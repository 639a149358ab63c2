import { resolve4 } from 'node:dns/promises'
import { type DeploymentSettings, readDeploymentSettings } from '../config/deployment-settings.ts'
import { ConfigError, readConfig } from '../config/read-config.ts'
import { isPrivateHost, parseConnectionUrl } from '../database/connection-url.ts'
import { type DeploymentSecrets, findDeploymentProblems } from './find-deployment-problems.ts'
import type { Finding } from './finding.ts'

export interface DeploymentDiagnosis {
  stage: string
  env: Readonly<Record<string, string | undefined>>
  secrets: DeploymentSecrets
  /** The kind of database that an earlier deployment of the stage created. */
  created_database?: string | undefined
}

const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message, advice: null })
const failed = (check: string, message: string, advice: string): Finding => ({
  check,
  state: 'failed',
  message,
  advice,
})

/** Connections for other programs and a person at a terminal, in addition to those of the consumers. */
const SPARE_CONNECTIONS = 10

/** Checks that a deployment would work, from the deploying machine. Nothing is created. */
export async function diagnoseDeployment(diagnosis: DeploymentDiagnosis): Promise<Finding[]> {
  let settings: DeploymentSettings
  try {
    settings = readDeploymentSettings(diagnosis.env)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ variable, message }) =>
      failed('settings', `${variable}: ${message}`, `Set ${variable} in .env.${diagnosis.stage}.`),
    )
  }
  const problems = await findDeploymentProblems({ ...diagnosis, settings })
  const findings = problems.map(({ setting, message }) =>
    failed('settings', `${setting}: ${message}`, `Fix ${setting}, then run this again.`),
  )
  if (findings.length === 0) findings.push(ok('settings', 'Settings and secrets can be deployed.'))
  if (settings.DATABASE !== 'url') findings.push(paidPlanNote(settings.DATABASE))
  const isBroken = (name: string) => problems.some(({ setting }) => setting === name)
  const { DatabaseUrl, ApifyToken } = diagnosis.secrets
  if (settings.DATABASE === 'url' && DatabaseUrl && !isBroken('DatabaseUrl'))
    findings.push(...(await checkDatabase(DatabaseUrl, settings, diagnosis.env)))
  if (ApifyToken && !isBroken('ApifyToken')) findings.push(...(await checkApify(ApifyToken, diagnosis.env)))
  return findings
}

/** No permission that a deployment needs tells the plan of an account, so it is named and not checked. */
const paidPlanNote = (database: string): Finding => ({
  check: 'aws',
  state: 'warning',
  message: `DATABASE=${database} needs an AWS account on the paid plan: the free plan refuses RDS Proxy, Aurora and longer backups.`,
  advice: 'Look in the AWS console under Billing → Free Tier, and upgrade there if it says "Free plan".',
})

async function checkDatabase(
  database_url: string,
  settings: DeploymentSettings,
  env: DeploymentDiagnosis['env'],
): Promise<Finding[]> {
  const { host } = parseConnectionUrl(database_url)
  const address = await checkAddress(host)
  if (address.state === 'failed') return [address]
  return [address, ...(await checkServer(database_url, settings, env))]
}

/** Functions outside a network reach public IPv4 addresses only. */
export async function checkAddress(host: string): Promise<Finding> {
  let addresses: string[]
  try {
    addresses = /^[\d.]+$/.test(host) ? [host] : await resolve4(host)
  } catch (error) {
    return failed(
      'database',
      `${host} has no IPv4 address (${(error as NodeJS.ErrnoException).code}).`,
      'Check the spelling of the host. An address that is IPv6 only cannot be reached from AWS: use the provider’s pooler.',
    )
  }
  const own = addresses.find((each) => isPrivateHost(each))
  return own === undefined
    ? ok('database', `${host} is ${addresses[0]}.`)
    : failed(
        'database',
        `${host} is ${own}, a private address.`,
        'Make the database publicly accessible, or use DATABASE=postgres.',
      )
}

/** Login with verified TLS, rights, schema and connections. */
export async function checkServer(
  database_url: string,
  { CONSUMER_CONCURRENCY }: Pick<DeploymentSettings, 'CONSUMER_CONCURRENCY'>,
  env: DeploymentDiagnosis['env'],
): Promise<Finding[]> {
  const [{ openDatabase }, { maskPassword }, { sql }] = await Promise.all([
    import('../database/open-database.ts'),
    import('../database/mask-password.ts'),
    import('../database/raw-sql.ts'),
  ])
  const before = process.env.DATABASE_CA_FILE
  if (env.DATABASE_CA_FILE) process.env.DATABASE_CA_FILE = env.DATABASE_CA_FILE
  const shown = maskPassword(database_url)
  const database = await openDatabase(database_url, { connections_max: 1, connect_timeout_s: 10 })
  try {
    const findings: Finding[] = []
    if (database.engine.name === 'postgres') {
      const { rows } = await sql<{ limit: number; may_create: boolean | null }>`
        select current_setting('max_connections')::int as "limit",
          has_schema_privilege(current_schema(), 'create') as may_create`.execute(database.kysely)
      findings.push(checkRights(rows[0]?.may_create === true), checkLimit(rows[0]?.limit ?? 0, CONSUMER_CONCURRENCY))
    } else {
      const { rows } = await sql<{ Value: string }>`show variables like 'max_connections'`.execute(database.kysely)
      findings.push(checkLimit(Number(rows[0]?.Value), CONSUMER_CONCURRENCY))
    }
    findings.push(await checkSchema(database_url))
    return [ok('database', `${shown} accepts the login over a verified connection.`), ...findings]
  } catch (error) {
    const advice = 'Check user, password, database name and certificate: docs/deploy.md, "Secrets".'
    return [failed('database', `${shown}: ${(error as Error).message || (error as { code?: string }).code}`, advice)]
  } finally {
    await database.close().catch(() => undefined)
    if (before === undefined) delete process.env.DATABASE_CA_FILE
    else process.env.DATABASE_CA_FILE = before
  }
}

/** What the deployment will find: nothing, older migrations, or something that it must not touch. */
async function checkSchema(database_url: string): Promise<Finding> {
  const { migrationStatus } = await import('../database/migrations/schema-status.ts')
  const migrations = await migrationStatus(database_url)
  const odd = migrations.find(({ state }) => state !== 'applied' && state !== 'pending')
  if (odd) return failed('schema', `Migration ${odd.name} is ${odd.state}.`, odd.advice ?? 'See docs/deploy.md.')
  const pending = migrations.filter(({ state }) => state === 'pending').length
  if (pending === 0) return ok('schema', 'The schema is that of this version.')
  return pending === migrations.length
    ? ok('schema', 'The database has no schema: the deployment creates it.')
    : ok('schema', `Migrations that the deployment applies: ${pending}.`)
}

const checkRights = (may_create: boolean): Finding =>
  may_create
    ? ok('database', 'The user may create tables.')
    : failed('database', 'The user may not create tables.', 'Grant it, e.g. `grant create on schema public to <user>`.')

function checkLimit(limit: number, concurrency: number): Finding {
  const needed = concurrency + SPARE_CONNECTIONS
  return limit >= needed
    ? ok('database', `The server allows ${limit} connections; the consumers use up to ${concurrency}.`)
    : failed(
        'database',
        `The server allows ${limit} connections, fewer than CONSUMER_CONCURRENCY + ${SPARE_CONNECTIONS} (${needed}).`,
        `Use the provider's pooler, or set CONSUMER_CONCURRENCY=${Math.max(2, limit - SPARE_CONNECTIONS)}.`,
      )
}

async function checkApify(token: string, env: DeploymentDiagnosis['env']): Promise<Finding[]> {
  const { createApifyApi } = await import('../apify/apify-api.ts')
  const config = readConfig(['apify'], { ...env, APIFY_TOKEN: token })
  const apify = createApifyApi(config)
  try {
    const findings = [ok('apify', `The token is valid; the account is ${(await apify.getAccount()).username}.`)]
    for (const id of config.APIFY_ACTOR_IDS) {
      const name = await apify.getActorName(id)
      findings.push(
        name === null
          ? failed(
              'apify',
              `There is no Actor ${id}.`,
              'Fix APIFY_ACTOR_IDS: an id, or user/name as in the Actor’s URL.',
            )
          : ok('apify', `Actor ${name} exists.`),
      )
    }
    return findings
  } catch (error) {
    return [
      failed(
        'apify',
        (error as Error).message,
        'Copy the token from the Apify Console, Settings → API & Integrations.',
      ),
    ]
  }
}
