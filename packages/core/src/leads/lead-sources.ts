import { readOfLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import { LeadSource } from '../model/lead-source.ts'
import { Problem } from '../problem.ts'
import { attachSightings, readSightings } from './sightings.ts'

const sourceColumns = LeadSource.columns

/** Reads the sources of leads with their sightings, in one round trip on one connection. */
export async function readLeadSources(db: Db, lead_ids: readonly number[]): Promise<LeadSource[]> {
  const [sources, sightings] = await Promise.all([
    findById<LeadSource>(db, { table: 'lead_sources', key: 'lead_id', columns: sourceColumns }, lead_ids),
    readSightings(db, lead_ids),
  ])
  return attachSightings(sources, sightings)
}

/** @throws Problem not_found; gone unless deleted leads are included */
export async function getLeadSource(
  db: Db,
  lead_id: number,
  options: { include_deleted?: boolean } = {},
): Promise<LeadSource> {
  const [source] = await readOfLead(db, lead_id, options, () => readLeadSources(db, [lead_id]))
  if (!source) throw new Problem('not_found', `Lead ${lead_id} has no source.`)
  return omitLargeValues(source)
}
