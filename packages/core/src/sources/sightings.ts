import type { Db } from '../database/engine.ts'
import type { KnownLead, Origin } from '../database/ingest.ts'
import { slices } from '../database/ingest-common.ts'
import type { Json } from '../entity.ts'
import type { Sighting } from './entity.ts'

/** Kept a lead, newest first: enough to tell how often and by whom, without growing for ever. */
const SIGHTINGS_MAX = 50

/** Not the run that created it: that is told by the source itself. */
export const needsSighting = ({ run_id }: KnownLead, origin: Origin): boolean =>
  run_id === null || run_id !== origin.run_id

/**
 * Notes on each lead's source that this run, or file, met it again: once a run, and not for the run that created it.
 * Called inside the page's transaction.
 */
export async function recordSightings(trx: Db, leads: readonly KnownLead[], origin: Origin): Promise<void> {
  // Neither run nor file: stored data is mapped once more, and nobody met the lead again.
  if (origin.run_id === null && origin.import_batch_id === null) return
  const sighting: Sighting = {
    actor_id: origin.actor_id,
    run_id: origin.run_id,
    dataset_id: origin.dataset_id,
    import_batch_id: origin.import_batch_id,
    seen_at: origin.at.toISOString(),
  }
  const ids = leads.filter((lead) => needsSighting(lead, origin)).map(({ id }) => id)
  const rows: { lead_id: number; metadata: Record<string, Json> }[] = []
  for (const slice of slices(trx, ids, 1)) {
    const query = trx.kysely
      .selectFrom('lead_sources')
      .select(['lead_id', 'import_batch_id', 'metadata'])
      .where('lead_id', 'in', slice)
      .orderBy('lead_id')
    for (const { lead_id, import_batch_id, metadata } of await (trx.engine.has_row_locks
      ? query.forUpdate()
      : query
    ).execute()) {
      const sightings = (metadata?.sightings ?? []) as Sighting[]
      const isNoted =
        sightings.some((known) => isSame(known, sighting)) ||
        (origin.import_batch_id !== null && import_batch_id === origin.import_batch_id)
      if (isNoted) continue
      rows.push({ lead_id, metadata: { ...metadata, sightings: [sighting, ...sightings].slice(0, SIGHTINGS_MAX) } })
    }
  }
  await trx.engine.ingest.updateSources(trx, rows, origin)
}

const isSame = (a: Sighting, b: Sighting): boolean =>
  a.run_id === b.run_id && (a.import_batch_id ?? null) === (b.import_batch_id ?? null)
