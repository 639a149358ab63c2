import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { isNewSighting } from './merge-rules.ts'
import type { Provenance } from './provenance.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead, SeenLead } from './statements/types.ts'

/**
 * The sightings of existing leads by this run or file: one each, and none of leads that it created. In the order of ids.
 * Called inside the page's transaction.
 */
export async function listSightings(
  trx: Db,
  leads: readonly ExistingLead[],
  /** When an item said what the lead has, in milliseconds. */
  times: ReadonlyMap<number, number>,
  origin: Provenance,
): Promise<SeenLead[]> {
  const { run_id, import_batch_id } = origin
  const source_id = run_id ?? import_batch_id
  // Neither run nor file: stored data is mapped again, so there is no sighting.
  if (source_id === null) return []
  const seen = leads.filter((lead) => isNewSighting(lead, origin)).map(({ id }) => id)
  const ids = run_id === null ? await excludeCreated(trx, seen, source_id) : seen
  ids.sort((a, b) => a - b)
  return ids.map((lead_id): SeenLead => {
    const time = times.get(lead_id)
    return { lead_id, observed_at: time === undefined ? null : new Date(time).toISOString() }
  })
}

/** Records sightings of {@link listSightings}. */
export async function recordSightings(
  trx: Db,
  sightings: readonly SeenLead[],
  { run_id, import_batch_id, at }: Provenance,
): Promise<void> {
  const source_id = run_id ?? import_batch_id
  if (source_id === null) return
  const source_type = run_id === null ? 'import' : 'apify'
  await getStatements(trx).insertSightings(trx, sightings, { source_type, source_id, seen_at: at })
}

/** Excludes the leads that the file itself created. */
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
