import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { LeadSource, Sighting } from '../model/lead-source.ts'
import type { ExistingLead, Provenance } from './statements/types.ts'

/** Told of a lead, newest first; those beyond are removed by the clean-up. */
export const SIGHTINGS_PER_LEAD_MAX = 50

/** Of the sightings of its lead, the newest is 1. */
export const sightingRank = sql<number>`row_number() over (partition by lead_id order by seen_at desc, source_id desc)`

/** Not by the run that created it: that is told by the source itself. */
export const isNewSighting = ({ run_id, is_deleted }: ExistingLead, origin: Pick<Provenance, 'run_id'>): boolean =>
  !is_deleted && (run_id === null || run_id !== origin.run_id)

/**
 * Notes that this run, or file, met known leads again: once each, and not for the one that created it.
 * Called inside the page's transaction.
 */
export async function recordSightings(trx: Db, leads: readonly ExistingLead[], origin: Provenance): Promise<void> {
  const { run_id, import_batch_id, at } = origin
  const source_id = run_id ?? import_batch_id
  // Neither run nor file: stored data is mapped once more, and nobody met the lead again.
  if (source_id === null) return
  const met = leads.filter((lead) => isNewSighting(lead, origin)).map(({ id }) => id)
  const ids = run_id === null ? await excludeCreated(trx, met, source_id) : met
  const source_type = run_id === null ? 'import' : 'apify'
  ids.sort((a, b) => a - b)
  await trx.engine.ingest.insertSightings(trx, ids, { source_type, source_id, seen_at: at })
}

/** Less the leads that the file itself created. */
async function excludeCreated(trx: Db, lead_ids: readonly number[], import_batch_id: string): Promise<number[]> {
  const own = new Set<number>()
  for (const slice of chunkRows(trx, lead_ids, 1)) {
    const rows = await trx.kysely
      .selectFrom('lead_sources')
      .select('lead_id')
      .where('lead_id', 'in', slice)
      .where('import_batch_id', '=', import_batch_id)
      .execute()
    for (const { lead_id } of rows) own.add(lead_id)
  }
  return lead_ids.filter((id) => !own.has(id))
}

/** The sightings of leads, newest first, fifty of each at most. */
export async function readSightings(db: Db, lead_ids: readonly number[]): Promise<Map<number, Sighting[]>> {
  const found = new Map<number, Sighting[]>()
  if (lead_ids.length === 0) return found
  const rows = await db.kysely
    .selectFrom((from) =>
      from
        .selectFrom('lead_sightings')
        .selectAll()
        .select(sightingRank.as('nth'))
        .where('lead_id', 'in', lead_ids)
        .as('newest'),
    )
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
    const known = found.get(lead_id)
    if (known) known.push(sighting)
    else found.set(lead_id, [sighting])
  }
  return found
}

/** Sources as {@link readSightings} tells of their leads: in `metadata.sightings`. */
export const attachSightings = <Source extends Pick<LeadSource, 'lead_id' | 'metadata'>>(
  sources: readonly Source[],
  sightings: ReadonlyMap<number, Sighting[]>,
): Source[] =>
  sources.map((source) => {
    const met = sightings.get(source.lead_id)
    return met ? { ...source, metadata: { ...source.metadata, sightings: met } } : source
  })
