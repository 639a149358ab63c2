import type { Db } from '../database/engine.ts'
import { Problem } from '../problem.ts'
import { type LeadDetail, leadDetailColumns } from './lead-views.ts'
import { attachIncludes, type LeadInclude, type ListedLead } from './list-leads.ts'

/**
 * One lead with everything that may be shown.
 * @throws Problem not_found; gone when it was deleted and `include_deleted` is not set
 */
export async function getLead(
  db: Db,
  id: number,
  options: { include_deleted?: boolean; include?: readonly LeadInclude[] } = {},
): Promise<LeadDetail & Pick<ListedLead, 'company' | 'lead_source'>> {
  const lead = await db.kysely
    .selectFrom('sales_leads')
    .select(leadDetailColumns)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!lead) throw new Problem('not_found', `There is no lead ${id}.`)
  if (lead.is_deleted && !options.include_deleted)
    throw new Problem('gone', `Lead ${id} was deleted; POST /leads/${id}/restore brings it back.`)
  await attachIncludes(db, [lead], options.include ?? [])
  return lead
}
