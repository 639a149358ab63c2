import { startApifySimulator } from '@leads/apify-simulator/server'
import { migrateDown, migrateUp } from '@leads/core/database/migrations/migrate'
import { openDatabase } from '@leads/core/database/open-database'
import { checkAddress, checkServer, diagnoseDeployment } from '@leads/core/doctor/diagnose-deployment'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { startAwsAccount } from '../aws/account-server.ts'
import { runLeads } from '../cli/run-leads.ts'
import { freshDatabase } from '../setup/engines.ts'

const SETTINGS = { AWS_REGION: 'eu-central-1', APIFY_ACTOR_IDS: '*' }
const SECRETS = {
  DatabaseUrl: 'postgres://leads:x@db.invalid/leads',
  ApifyToken: 'apify_api_invented',
  ApifyWebhookSecret: 'a-secret-of-at-least-16',
}

describe('The doctor of a deployment', () => {
  test('names each invalid setting with the file in which to fix it', async () => {
    const env = { DATABASE: 'oracle', CONSUMER_CONCURRENCY: '1' }
    const findings = await diagnoseDeployment({ stage: 'prod', env, secrets: SECRETS })
    expect(findings.map(({ state, advice }) => [state, advice])).toEqual([
      ['failed', 'Set AWS_REGION in .env.prod.'],
      ['failed', 'Set DATABASE in .env.prod.'],
      ['failed', 'Set CONSUMER_CONCURRENCY in .env.prod.'],
    ])
  })

  test('names secrets that cannot work and does not connect with them', async () => {
    const secrets = { ...SECRETS, DatabaseUrl: 'postgres://leads:x@localhost/leads', ApifyToken: '' }
    const findings = await diagnoseDeployment({ stage: 'prod', env: SETTINGS, secrets })
    expect(findings.map(({ message }) => message).join('\n')).toMatch(
      /DatabaseUrl: .*cannot reach[\s\S]*ApifyToken: is not set/,
    )
    expect(findings.some(({ check }) => check === 'database' || check === 'apify')).toBe(false)
  })

  test('finds addresses that functions cannot reach', async () => {
    expect(await checkAddress('no-such-host.invalid')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('no IPv4'),
    })
    expect(await checkAddress('10.1.2.3')).toMatchObject({
      state: 'failed',
      message: expect.stringContaining('private'),
    })
    expect(await checkAddress('192.0.2.10')).toMatchObject({ state: 'ok' })
  })

  test('logs in, and finds missing rights and too few connections', async () => {
    const fresh = await freshDatabase('postgres')
    try {
      const fine = await checkServer(fresh.database_url, { CONSUMER_CONCURRENCY: 10 }, {})
      expect(fine.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok'])
      expect(fine.at(-1)?.message).toBe('The schema is that of this version.')
      const crowded = await checkServer(fresh.database_url, { CONSUMER_CONCURRENCY: 500 }, {})
      expect(crowded.at(-2)).toMatchObject({
        state: 'failed',
        advice: expect.stringContaining('CONSUMER_CONCURRENCY='),
      })
      const denied = new URL(fresh.database_url)
      denied.password = 'wrong'
      const [finding] = await checkServer(denied.toString(), { CONSUMER_CONCURRENCY: 10 }, {})
      expect(finding).toMatchObject({ state: 'failed', advice: expect.stringContaining('password') })
      expect(finding?.message).not.toContain('wrong@')
    } finally {
      await fresh.drop()
    }
  })
})

describe('The doctor of a deployment, asked about the schema', () => {
  test('tells an empty database from one with migrations to come, and refuses one that is newer', async () => {
    const fresh = await freshDatabase('postgres', { migrated: false })
    const db = await openDatabase(fresh.database_url, { connections_max: 1 })
    const ask = async () => (await checkServer(fresh.database_url, { CONSUMER_CONCURRENCY: 10 }, {})).at(-1)
    try {
      expect(await ask()).toMatchObject({ state: 'ok', message: expect.stringContaining('has no schema') })
      await migrateUp(fresh.database_url)
      await migrateDown(fresh.database_url)
      expect(await ask()).toMatchObject({ state: 'ok', message: 'Migrations that the deployment applies: 1.' })
      await migrateUp(fresh.database_url)
      await sql`update schema_migrations set name = '999_later' where name = '001_initial'`.execute(db.kysely)
      expect(await ask()).toMatchObject({
        check: 'schema',
        state: 'failed',
        message: expect.stringMatching(/999_later/),
      })
    } finally {
      await db.close()
      await fresh.drop()
    }
  })

  test('names the paid plan that a created database needs', async () => {
    const env = { ...SETTINGS, DATABASE: 'aurora' }
    const findings = await diagnoseDeployment({
      stage: 'prod',
      env,
      secrets: { ...SECRETS, DatabaseUrl: '', ApifyToken: '' },
    })
    expect(findings).toContainEqual(
      expect.objectContaining({ state: 'warning', message: expect.stringMatching(/DATABASE=aurora .*paid plan/) }),
    )
  })
})

describe('leads doctor --deploy', () => {
  test('prints one line per check with its fix, and ends with 1 if a deployment would fail', async () => {
    const simulator = await startApifySimulator()
    // A new account, in which an earlier deployment created a database.
    const account = await startAwsAccount({
      'sts.GetCallerIdentity': () => '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/ada</Arn>',
      'ssm.GetParameter': ({ Name }) => ({ Parameter: { Name, Value: 'aurora' } }),
      'lambda.GetAccountSettings': () => ({ AccountLimit: { ConcurrentExecutions: 10 } }),
    })
    try {
      const { code, stdout } = await runLeads(['doctor', '--deploy', '--stage', 'production', '--json'], {
        env: {
          ...SETTINGS,
          SST_SECRET_DatabaseUrl: 'postgresql://postgres:x@db.abcdef.supabase.co:5432/postgres',
          SST_SECRET_ApifyToken: simulator.token,
          SST_SECRET_ApifyWebhookSecret: SECRETS.ApifyWebhookSecret,
          ...account.env,
          APIFY_API_BASE_URL: simulator.url,
        },
      })
      expect(code).toBe(1)
      const findings = JSON.parse(stdout) as { check: string; state: string; message: string }[]
      const text = findings.map(({ check, state, message }) => `${check} ${state} ${message}`).join('\n')
      expect(text).toMatch(/machine ok Node.js 2\d/)
      expect(text).toMatch(/aws ok Signed in to account 123456789012 .*eu-central-1/)
      expect(text).toMatch(/aws warning 10 functions may run at once/)
      expect(text).toMatch(/settings failed DATABASE: is url, but stage production has a created database \(aurora\)/)
      expect(text).toMatch(/settings failed DatabaseUrl: .*IPv6 only/)
      expect(text).toMatch(/apify ok The token is valid/)
    } finally {
      await account.close()
      await simulator.close()
    }
  })
})
