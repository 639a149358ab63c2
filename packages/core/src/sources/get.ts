import type { Db } from '../database/engine.ts'
import { Problem } from '../errors.ts'
import { LeadSource } from './entity.ts'
import { withSightings } from './sightings.ts'

export const sourceColumns = Object.keys(LeadSource.shape) as (keyof LeadSource)[]

/** Where a lead first came from. @throws Problem not_found */
export async function getLeadSource(db: Db, lead_id: number): Promise<LeadSource> {
  const source = await db.kysely
    .selectFrom('lead_sources')
    .select(sourceColumns)
    .where('lead_id', '=', lead_id)
    .executeTakeFirst()
  if (!source) throw new Problem('not_found', `Lead ${lead_id} has no source.`)
  const [told = source] = await withSightings(db, [source])
  return told
}
