import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, inject, test } from 'vitest'
import { runLeads } from './run-leads.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(inject('scratch_directory'), 'settings-'))
  mkdirSync(join(cwd, '.data'))
})

async function sources(env: Record<string, string> = {}): Promise<Record<string, [string | null, string]>> {
  const { stdout } = await runLeads(['config', '--json'], { cwd, env })
  const settings = JSON.parse(stdout) as { variable: string; value: string | null; source: string }[]
  return Object.fromEntries(settings.map(({ variable, value, source }) => [variable, [value, source]]))
}

test('settings come from the environment, then from .env, then from defaults, and config shows the source', async () => {
  writeFileSync(join(cwd, '.env'), '# mine\nON_DUPLICATE=skip\nRETENTION_DAYS=30\nLOG_LEVEL=\n')
  expect(await sources({ RETENTION_DAYS: '7' })).toMatchObject({
    ON_DUPLICATE: ['skip', '.env file'],
    RETENTION_DAYS: ['7', 'environment'],
    LOG_LEVEL: ['INFO', 'default'],
    APIFY_TOKEN: [null, 'not set'],
  })
})

test('the database, queue and webhook secret of a running stack are used unless others are set', async () => {
  const env = {
    DATABASE_URL: 'sqlite:of-the-stack.db',
    SYNC_QUEUE_URL: 'http://127.0.0.1:1/0/q',
    AWS_REGION: 'us-east-1',
  }
  const secret = { APIFY_WEBHOOK_SECRET: 'secret of the stack' }
  writeFileSync(join(cwd, '.data/running.json'), JSON.stringify({ pid: process.pid, env: { ...env, ...secret } }))
  expect(await sources()).toMatchObject({
    DATABASE_URL: ['sqlite:of-the-stack.db', 'running stack'],
    SYNC_QUEUE_URL: ['http://127.0.0.1:1/0/q', 'running stack'],
    APIFY_WEBHOOK_SECRET: ['sec…', 'running stack'],
  })
  expect(await sources({ DATABASE_URL: 'sqlite:mine.db' })).toMatchObject({
    DATABASE_URL: ['sqlite:mine.db', 'environment'],
  })
})

test('the settings of a stack that no longer runs are ignored', async () => {
  const env = { DATABASE_URL: 'sqlite:of-the-stack.db', SYNC_QUEUE_URL: 'http://127.0.0.1:1/0/q' }
  // No process has this id: it is above the maximum of Linux.
  writeFileSync(join(cwd, '.data/running.json'), JSON.stringify({ pid: 2 ** 30, env }))
  expect(await sources()).toMatchObject({ DATABASE_URL: ['sqlite:.data/leads.db', 'default'] })
})

test('the webhook secret that a local stack generated is used even while it does not run', async () => {
  writeFileSync(join(cwd, '.data/local.json'), JSON.stringify({ webhook_secret: 'made up once upon a time' }))
  expect(await sources()).toMatchObject({ APIFY_WEBHOOK_SECRET: ['mad…', 'local stack'] })
})

describe('under sst shell', () => {
  const link = (value: object) => JSON.stringify(value)
  const stage = {
    SST_RESOURCE_App: link({ name: 'sales-leads', stage: 'production' }),
    SST_RESOURCE_ApifyToken: link({ value: 'apify_api_of_the_stage' }),
    SST_RESOURCE_DatabaseUrl: link({ value: 'postgres://stage.example/leads' }),
    SST_RESOURCE_SyncQueue: link({ url: 'https://sqs.example/stage' }),
  }
  const local = {
    APIFY_API_BASE_URL: 'http://127.0.0.1:9',
    APIFY_TOKEN: 'apify_api_of_this_machine',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9',
    DATABASE_URL: 'sqlite:mine.db',
    SYNC_QUEUE_URL: 'http://127.0.0.1:9/0/q',
    RETENTION_DAYS: '30',
  }

  test('the .env file never redirects a command to a local database, queue or Apify', async () => {
    writeFileSync(
      join(cwd, '.env'),
      Object.entries(local)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    )
    // SST reads the file and passes its variables on.
    expect(await sources({ ...stage, ...local })).toMatchObject({
      APIFY_API_BASE_URL: ['https://api.apify.com', 'default'],
      APIFY_TOKEN: ['api…', 'environment'],
      DATABASE_URL: ['postgres://stage.example/leads', 'environment'],
      SYNC_QUEUE_URL: ['https://sqs.example/stage', 'environment'],
      RETENTION_DAYS: ['30', 'environment'],
    })
  })

  test('a variable that is set for the command counts, e.g. to reach the database through a tunnel', async () => {
    writeFileSync(join(cwd, '.env'), 'DATABASE_URL=sqlite:mine.db\n')
    expect(await sources({ ...stage, DATABASE_URL: 'postgres://127.0.0.1:5433/leads' })).toMatchObject({
      DATABASE_URL: ['postgres://127.0.0.1:5433/leads', 'environment'],
    })
  })

  test('a stage without a database link is an error, and the local database is not used instead', async () => {
    const { SST_RESOURCE_App } = stage
    for (const words of [
      ['leads', 'list'],
      ['migrate', 'up'],
      ['db', 'dump-schema'],
    ])
      expect(await runLeads(words, { cwd, env: { SST_RESOURCE_App } })).toMatchObject({
        code: 78,
        stderr: expect.stringMatching(/Stage production has no link DatabaseUrl/),
      })
  })
})
