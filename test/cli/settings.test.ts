import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, inject, test } from 'vitest'
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
