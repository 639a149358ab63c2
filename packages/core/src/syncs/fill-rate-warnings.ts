import type { Db } from '../database/engine.ts'
import { createFillRates, type FillRates, type FillRateWarning, findFillRateDrops } from '../mapping/fill-rates.ts'
import type { Sync } from '../model/sync.ts'

/** Earlier runs of the Actor to compare with. */
const RUNS_MAX = 20

/** Returns the fill rates of the pages that a sync has written. */
export const getFillRates = (sync: Pick<Sync, 'metadata'>): FillRates =>
  (sync.metadata?.fill_rates as unknown as FillRates | undefined) ?? createFillRates()

/** Compares the fill rates of a run with earlier runs of the Actor. A silently broken Actor shows here. */
export async function findFillRateWarnings(db: Db, sync: Sync): Promise<FillRateWarning[]> {
  if (sync.actor_id === null) return []
  const earlier = await db.kysely
    .selectFrom('apify_sync_states')
    .select('metadata')
    .where('actor_id', '=', sync.actor_id)
    .where('sync_status', '=', 'completed')
    .where('run_id', '!=', sync.run_id)
    .orderBy('id', 'desc')
    .limit(RUNS_MAX)
    .execute()
  return findFillRateDrops(getFillRates(sync), earlier.map(getFillRates))
}
