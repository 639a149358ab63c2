import { type Selectable, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { rowsById } from '../database/find-by-id.ts'
import type { Tables } from '../database/tables.ts'
import type { LeadSource, Sighting } from '../model/lead-source.ts'

/** Answers contain the newest; the cleanup removes the others. */
export const SIGHTINGS_PER_LEAD_MAX = 50

/** The newest sighting of a lead has rank 1. */
export const sightingRank = sql<number>`row_number() over (partition by lead_id order by seen_at desc, source_id desc)`

/** Returns at most {@link SIGHTINGS_PER_LEAD_MAX} sightings per lead, newest first. */
export async function readSightings(db: Db, lead_ids: readonly number[]): Promise<Map<number, Sighting[]>> {
  const found = new Map<number, Sighting[]>()
  if (lead_ids.length === 0) return found
  const columns = ['lead_id', 'source_type', 'source_id', 'seen_at']
  const seen = rowsById(db, { table: 'lead_sightings', key: 'lead_id', columns }, lead_ids)
  const newest = sql<Selectable<Tables['lead_sightings']> & { nth: number }>`(
    select seen.*, ${sightingRank} as nth from (${seen}) as seen)`
  const rows = await db.kysely
    .selectFrom(newest.as('newest'))
    .leftJoin('apify_sync_states as sync', (join) =>
      join.onRef('sync.run_id', '=', 'newest.source_id').on('newest.source_type', '=', 'apify'),
    )
    .select(['newest.lead_id', 'newest.source_type', 'newest.source_id', 'newest.seen_at'])
    .select(['sync.actor_id', 'sync.dataset_id'])
    .where('newest.nth', '<=', SIGHTINGS_PER_LEAD_MAX)
    .orderBy('newest.lead_id')
    .orderBy('newest.nth')
    .execute()
  for (const { lead_id, source_type, source_id, seen_at, actor_id, dataset_id } of rows) {
    const isRun = source_type === 'apify'
    const sighting = {
      actor_id,
      run_id: isRun ? source_id : null,
      dataset_id,
      import_batch_id: isRun ? null : source_id,
      seen_at,
    }
    const earlier = found.get(lead_id)
    if (earlier) earlier.push(sighting)
    else found.set(lead_id, [sighting])
  }
  return found
}

/** Adds the sightings of each lead to its source, as `metadata.sightings`. */
export const attachSightings = <Source extends Pick<LeadSource, 'lead_id' | 'metadata'>>(
  sources: readonly Source[],
  sightings: ReadonlyMap<number, Sighting[]>,
): Source[] =>
  sources.map((source) => {
    const later = sightings.get(source.lead_id)
    return later ? { ...source, metadata: { ...source.metadata, sightings: later } } : source
  })
