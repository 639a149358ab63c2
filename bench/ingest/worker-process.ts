import { openApify } from '@leads/core/apify/client'
import { createCompanyMemory } from '@leads/core/companies/memory'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open'
import { silentLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { pagesInFlight } from '@leads/core/sync/pages-in-flight'
import { syncRun } from '@leads/core/sync/sync-run'
import { openSync } from '@leads/core/syncs/open-sync'
import { itemTexts } from './dataset.ts'
import { mapPages } from './pages.ts'
import type { StageTask, SyncTask, Task, TaskResult } from './worker.ts'

/** A consumer in a process of its own, as a function is one: it takes tasks over IPC, one after another. */

const map = createMapper()
const pagesBySpec = new Map<string, ReturnType<typeof mapPages>>()

async function sync(db: Database, { run_id, apify, page_rows }: SyncTask): Promise<number> {
  const started = performance.now()
  const outcome = await syncRun(
    {
      ...{ db, map, log: silentLog, on_duplicate: 'merge', page_rows_max: page_rows, settle_s: 0, follow_s: 1 },
      apify: openApify({ APIFY_TOKEN: apify.token, APIFY_API_BASE_URL: apify.url }),
      now: () => new Date(),
      remaining_ms: () => 900_000,
    },
    run_id,
  )
  if (outcome.outcome !== 'completed') throw new Error(`The sync ended with ${JSON.stringify(outcome)}`)
  return performance.now() - started
}

async function stage(db: Database, { run_id, items, page_rows }: StageTask): Promise<number> {
  const key = JSON.stringify([items, page_rows])
  const pages = pagesBySpec.get(key) ?? mapPages(itemTexts(items), page_rows)
  pagesBySpec.clear()
  pagesBySpec.set(key, pages)
  const state = await openSync(db, run_id, new Date())
  const writer = {
    db,
    on_duplicate: 'merge' as const,
    companies: createCompanyMemory(),
    log: silentLog,
    origin: () => ({
      ...{ source: 'apify' as const, source_name: 'bench/people', provider_name: 'apify', actor_id: 'bench' },
      ...{ actor_name: 'bench/people', run_id, dataset_id: 'bench', import_batch_id: null, scrape_params: null },
      ...{ actor: 'apify-sync', at: new Date() },
    }),
  }
  const started = performance.now()
  const flight = pagesInFlight(writer, state, 'bench', () => {})
  for (const page of pages) await flight.write(page)
  await flight.settle()
  return performance.now() - started
}

async function run(task: Task): Promise<TaskResult> {
  const db = await openDatabase(task.database_url, { connections_max: task.connections_max ?? 1 })
  try {
    await db.kysely.selectFrom('watermarks').selectAll().execute()
    const cpu = process.cpuUsage()
    const ms = task.kind === 'sync' ? await sync(db, task) : await stage(db, task)
    const { user, system } = process.cpuUsage(cpu)
    return { ms, cpu_ms: (user + system) / 1000, peak_rss_mb: process.resourceUsage().maxRSS / 1024 }
  } finally {
    await db.close()
  }
}

process.on('message', (task: Task) => {
  run(task).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : error }),
  )
})
process.on('disconnect', () => process.exit())
