import { startApifySimulator } from '@leads/apify-simulator/server'
import { createApifyApi } from '@leads/core/apify/apify-api'
import type { Database } from '@leads/core/database/engine'
import { noopLog } from '@leads/core/log'
import { createMapper } from '@leads/core/mapping/map-item'
import { runSync } from '@leads/core/syncs/run-sync'
import { sql } from 'kysely'

/** What one connection costs the server. */
export interface BackendUse {
  pages: number
  prepared_statements: number
  memory_bytes: number
}

const ITEMS_MAX = 40

/**
 * Imports many runs of one page each over the only connection of `db`: the same places again and again, a part of them
 * changed, in numbers that differ from page to page. Returns the server's figures after each of `readings` equal parts.
 */
export async function rescrapePages(
  db: Database,
  pages: number,
  readings: number,
  onReading?: (used: BackendUse) => void,
): Promise<BackendUse[]> {
  const simulator = await startApifySimulator()
  const apify = createApifyApi({ APIFY_TOKEN: simulator.token, APIFY_API_BASE_URL: simulator.url })
  const map = createMapper()
  const used: BackendUse[] = []
  try {
    for (let page = 1; page <= pages; page += 1) {
      const overlap = page === 1 ? undefined : { seed: 1, share: 0.8, changed_share: 0.5 }
      // Steps of 7 through 40 sizes meet all of them before one comes again.
      const count = page === 1 ? ITEMS_MAX : 1 + ((page * 7) % ITEMS_MAX)
      const dataset = { generator: 'google-places', count, seed: page, overlap } as const
      const run = simulator.state.addRun({ actor_id: 'ann/places', dataset, finished_at: Date.now() - 60_000 })
      const outcome = await runSync(
        {
          db,
          apify,
          map,
          log: noopLog,
          on_duplicate: 'merge',
          page_rows_max: ITEMS_MAX,
          settle_s: 0,
          follow_s: 1,
          now: () => new Date(),
          remaining_ms: () => 900_000,
        },
        run.id,
      )
      if (outcome.outcome !== 'completed') throw new Error(`The run of page ${page}: ${JSON.stringify(outcome)}`)
      simulator.state.requests.clear()
      // Otherwise ten thousand runs fill the memory of this process, whose collection then takes most of the time.
      simulator.state.deleteRun(run.id)
      simulator.state.datasets.delete(run.defaultDatasetId)
      simulator.state.key_value_stores.delete(run.defaultKeyValueStoreId)
      if (page % Math.floor(pages / readings) === 0) {
        used.push({ pages: page, ...(await readBackendUse(db)) })
        onReading?.(used.at(-1) as BackendUse)
      }
    }
    return used
  } finally {
    await simulator.close()
  }
}

async function readBackendUse(db: Database): Promise<Omit<BackendUse, 'pages'>> {
  const { rows } = await sql<{ statements: number; bytes: number }>`
    select (select count(*) from pg_prepared_statements)::int as statements,
      (select sum(total_bytes) from pg_backend_memory_contexts)::int as bytes`.execute(db.kysely)
  return { prepared_statements: rows[0]?.statements ?? Number.NaN, memory_bytes: rows[0]?.bytes ?? Number.NaN }
}
