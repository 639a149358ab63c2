import { spawn } from 'node:child_process'
import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import { openDatabase } from '@leads/core/database/open-database'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

const SECRET = 'a-secret-of-at-least-16'
const KEY = 'lk_smokesmokesmokesmokesmokesmo'

let fresh: FreshDatabase
let simulator: ApifySimulator
let stack: LocalStack

beforeAll(async () => {
  fresh = await freshDatabase('sqlite')
  simulator = await startApifySimulator()
  stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url: fresh.database_url,
    api_key: KEY,
    webhook_secret: SECRET,
    env: {
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      CORS_ORIGINS: 'https://app.example.com',
      LOG_LEVEL: 'CRITICAL',
    },
  })
})
afterAll(async () => {
  await stack?.close()
  await simulator?.close()
  await fresh?.drop()
})

const smoke = (...words: string[]): Promise<{ code: number | null; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['scripts/smoke/main.ts', ...words], {
      env: { PATH: process.env.PATH, APIFY_WEBHOOK_SECRET: SECRET },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    child.once('close', (code) => resolve({ code, output }))
  })

describe('npm run smoke', () => {
  test('passes against the local stack, a run included, and leaves no lead behind', async () => {
    const run = simulator.state.addRun({
      actor_id: 'ann/places',
      dataset: { generator: 'google-places', count: 200, seed: 9 },
      finished_at: Date.now() - 60_000,
    })
    const words = ['--run', run.id, '--origin', 'https://app.example.com']
    const { code, output } = await smoke(stack.url, KEY, ...words)
    expect(output).not.toContain('✗')
    expect(code).toBe(0)
    const db = await openDatabase(fresh.database_url)
    try {
      const rows = await db.kysely.selectFrom('sales_leads').select(['email', 'deleted_at']).execute()
      expect(rows.filter(({ email, deleted_at }) => email?.startsWith('smoke-test') && deleted_at === null)).toEqual([])
    } finally {
      await db.close()
    }
  })

  test('fails and names the problem of an unknown key', async () => {
    const { code, output } = await smoke(stack.url, 'lk_unknownunknownunknown')
    expect(code).toBe(1)
    expect(output).toMatch(/✗ the life of a lead\n {2}POST \/leads: 401/)
  })

  test('explains its arguments', async () => {
    expect(await smoke()).toMatchObject({ code: 2, output: expect.stringContaining('URL KEY') })
  })
})
