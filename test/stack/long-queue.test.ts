import { type ApifySimulator, startApifySimulator } from '@leads/apify-simulator/server'
import { type LocalStack, startLocalStack } from '@leads/cli/local/local-stack'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { findSync } from '@leads/core/syncs/sync-state'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'
import { places } from '../syncs/items.ts'

const SECRET = 'long-queue-test-secret'
/** More than all consumers of the stack can take at once. */
const LONG_RUNS = 3
const LATENCY_MS = 150

let simulator: ApifySimulator
let fresh: FreshDatabase
let stack: LocalStack
let db: Database
beforeAll(async () => {
  simulator = await startApifySimulator()
  fresh = await freshDatabase('sqlite')
  stack = await startLocalStack({
    host: '127.0.0.1',
    port: 0,
    database_url: fresh.database_url,
    api_key: 'long-queue-test-api-key',
    webhook_secret: SECRET,
    env: {
      APIFY_TOKEN: simulator.token,
      APIFY_API_BASE_URL: simulator.url,
      LOG_LEVEL: 'CRITICAL',
      SYNC_PAGE_ROWS_MAX: '100',
      SYNC_SLICE_SECONDS: '10',
    },
    consumers_max: 1,
  })
  db = await openDatabase(fresh.database_url, { connections_max: 1 })
}, 60_000)
afterAll(async () => {
  await db.close()
  await stack.close()
  await simulator.close()
  await fresh.drop()
})

async function queueRun(run_id: string): Promise<void> {
  const response = await fetch(stack.webhook_url, {
    method: 'POST',
    headers: { authorization: `Bearer ${SECRET}` },
    body: JSON.stringify({ runId: run_id }),
  })
  expect(response.status).toBe(202)
}
const finishedAt = Date.now() - 60_000

test('a short run completes while more long runs are in work than there are consumers', async () => {
  simulator.state.faults.add({ path: '/v2/datasets/*/items', fault: { latency_ms: LATENCY_MS } })
  const long = Array.from({ length: LONG_RUNS }, (_, index) => `long-${index}`)
  for (const [index, id] of long.entries()) {
    const dataset = { generator: 'google-places', count: 60_000, seed: index } as const
    simulator.state.addRun({ id, actor_id: 'ann/places', dataset, finished_at: finishedAt })
    await queueRun(id)
  }
  const readTotal = async (id: string) => (await findSync(db, id))?.total_records ?? 0
  for (const id of long) await expect.poll(() => readTotal(id), { timeout: 30_000 }).toBeGreaterThan(0)

  simulator.state.addRun({ id: 'short', actor_id: 'ann/places', items: places(100), finished_at: finishedAt })
  await queueRun('short')
  const readStatus = async () => (await findSync(db, 'short'))?.sync_status
  await expect.poll(readStatus, { timeout: 8_000, interval: 50 }).toBe('completed')
  for (const id of long) expect(await findSync(db, id)).toMatchObject({ sync_status: 'syncing' })
}, 90_000)
