import { createApifyApi } from '@leads/core/apify/apify-api'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { createCompanyCache } from '@leads/core/ingest/company-cache'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { createPagePipeline } from '@leads/core/syncs/page-pipeline'
import { runSync } from '@leads/core/syncs/run-sync'
import { getOrCreateSync } from '@leads/core/syncs/sync-state'
import { startProfile } from '../profile/record.ts'
import { itemTexts } from './dataset.ts'
import { listen } from './listen.ts'
import { mapPages } from './pages.ts'
import type { Answer, ListenTask, StageTask, SyncTask, Task, TaskResult } from './worker.ts'

/** A consumer in its own process, like a function: it takes tasks over IPC, in order. */

const tell = (answer: Answer): void => {
  process.send?.(answer)
}

const map = createMapper()
const pagesBySpec = new Map<string, ReturnType<typeof mapPages>>()

async function sync(db: Database, { run_id, apify, page_rows }: SyncTask): Promise<void> {
  const access = { APIFY_TOKEN: apify.token, APIFY_API_BASE_URL: apify.url }
  const outcome = await runSync(
    {
      db,
      map,
      log: noopLog,
      on_duplicate: 'merge',
      page_rows_max: page_rows,
      settle_s: 0,
      follow_s: 1,
      apify: createApifyApi(access),
      page_thread: { apify: access, mappings: [] },
      now: () => new Date(),
      remaining_ms: () => 900_000,
    },
    run_id,
  )
  if (outcome.outcome !== 'completed') throw new Error(`The sync ended with ${JSON.stringify(outcome)}`)
}

function mappedPages({ items, page_rows, actor_id }: StageTask): ReturnType<typeof mapPages> {
  const key = JSON.stringify([items, page_rows])
  const pages = pagesBySpec.get(key) ?? mapPages(itemTexts(items), page_rows, actor_id)
  pagesBySpec.clear()
  pagesBySpec.set(key, pages)
  return pages
}

async function stage(db: Database, pages: ReturnType<typeof mapPages>, task: StageTask): Promise<void> {
  const { run_id, actor_id } = task
  const state = await getOrCreateSync(db, run_id, new Date())
  const writer = {
    db,
    on_duplicate: 'merge' as const,
    companies: createCompanyCache(),
    log: noopLog,
    origin: () => ({
      source: 'apify' as const,
      source_name: 'bench/people',
      provider_name: 'apify',
      actor_id,
      actor_name: 'bench/people',
      run_id,
      dataset_id: 'bench',
      import_batch_id: null,
      scrape_params: null,
      actor: 'apify-sync',
      at: new Date(),
    }),
  }
  const flight = createPagePipeline(writer, state, 'bench', () => {})
  for (const page of pages) await flight.write(page)
  await flight.flush()
}

/** Measures from here until what it returns is called. */
async function startMeasuring(profile?: string): Promise<() => Promise<TaskResult>> {
  const stopProfile = profile === undefined ? undefined : await startProfile()
  const cpu = process.cpuUsage()
  const started = performance.now()
  return async () => {
    const ms = performance.now() - started
    const { user, system } = process.cpuUsage(cpu)
    if (profile !== undefined) await stopProfile?.(profile)
    return { ms, cpu_ms: (user + system) / 1000, peak_rss_mb: process.resourceUsage().maxRSS / 1024 }
  }
}

let leave: (() => Promise<TaskResult>) | undefined

async function startListening(task: ListenTask): Promise<TaskResult> {
  const started = performance.now()
  let measure = async (): Promise<TaskResult> => ({ ms: 0, cpu_ms: 0, peak_rss_mb: 0 })
  let result: Promise<TaskResult> | undefined
  const end = await listen(task, (error) => {
    // What it uses while it waits for messages after the last one is no part of it.
    result ??= measure()
    tell({ delivered: error === undefined ? {} : { error } })
  })
  measure = await startMeasuring(task.profile)
  leave = async () => {
    await end()
    return (await result) ?? measure()
  }
  return { ms: performance.now() - started, cpu_ms: 0, peak_rss_mb: 0 }
}

async function run(task: Task): Promise<TaskResult> {
  if (task.kind === 'listen') return startListening(task)
  if (task.kind === 'leave') {
    if (!leave) throw new Error('This consumer does not listen')
    return leave()
  }
  const db = await openDatabase(task.database_url, { connections_max: 1 })
  try {
    await db.kysely.selectFrom('watermarks').selectAll().execute()
    const pages = task.kind === 'stage' ? mappedPages(task) : []
    const measured = await startMeasuring(task.profile)
    if (task.kind === 'sync') await sync(db, task)
    else await stage(db, pages, task)
    return await measured()
  } finally {
    await db.close()
  }
}

process.on('message', (task: Task) => {
  run(task).then(
    (result) => tell({ result }),
    (error: unknown) => tell({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  )
})
process.on('disconnect', () => process.exit())
