import { sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
import { executeCompiled } from '../database/compile-once.ts'
import type { Db } from '../database/engine.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import { Problem } from '../problem.ts'
import { type LeadDetail, leadDetailColumns } from './lead-views.ts'
import { attachIncludes, type LeadInclude, type ListedLead } from './list-leads.ts'
import { toMergedProblem } from './update-lead.ts'

/**
 * Returns a lead with all public fields. Values that are too large for a response are null; `omitted_fields` names them.
 * @throws Problem not_found; merged, or gone if it was deleted and `include_deleted` is not set
 */
export async function getLead(
  db: Db,
  id: number,
  options: { include_deleted?: boolean; include?: readonly LeadInclude[] } = {},
): Promise<LeadDetail & Pick<ListedLead, 'company' | 'lead_source'>> {
  const { rows } = await executeCompiled(
    db,
    'lead',
    [id],
    () => sql<LeadDetail>`select ${columnList(db, leadDetailColumns)} from sales_leads where id = ${id}`,
  )
  const [lead] = rows
  if (!lead) throw new Problem('not_found', `Lead ${id} does not exist.`)
  if (lead.merged_into_id !== null && !options.include_deleted) throw toMergedProblem(id, lead.merged_into_id)
  if (lead.is_deleted && !options.include_deleted)
    throw new Problem('gone', `Lead ${id} was deleted. POST /leads/${id}/restore restores it.`)
  await attachIncludes(db, [lead], options.include ?? [], options)
  return omitLargeValues(lead)
}
