import { sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
import { executeCompiled, executeCompiledSent } from '../database/compile-once.ts'
import type { Db } from '../database/engine.ts'
import type { SentRows } from '../database/sent-rows.ts'
import { omitLargeValues, surelyFitBytes } from '../lists/page-bytes.ts'
import { Problem } from '../problem.ts'
import { stringifyJson } from '../stringify-json.ts'
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
  const { rows } = await executeCompiled<LeadDetail>(db, 'lead', [id], () => leadStatement(db, id))
  const [lead] = rows
  assertReadable(id, lead, options)
  await attachIncludes(db, [lead], options.include ?? [], options)
  return omitLargeValues(lead)
}

export interface LeadJson {
  json: string
  version: number
  /** Rows of other tables within it. */
  related: readonly unknown[]
}

/** JSON of what {@link getLead} returns, without the lead in between where the engine can. @throws as it */
export async function getLeadJson(
  db: Db,
  id: number,
  options: { include_deleted?: boolean; include?: readonly LeadInclude[] } = {},
): Promise<LeadJson> {
  if (db.engine.has_sent_rows && !options.include?.length) {
    const sent = await executeCompiledSent(db, 'lead', [id], () => leadStatement(db, id))
    const lead = sent.length === 0 ? undefined : readState(sent)
    assertReadable(id, lead, options)
    if (surelyFitBytes(sent))
      return { json: sent.toJson(1, leadDetailColumns.length).slice(1, -1), version: lead.version, related: [] }
  }
  const lead = await getLead(db, id, options)
  const related = [lead.company, lead.lead_source].filter((row) => row !== undefined)
  return { json: stringifyJson(lead), version: lead.version, related }
}

const leadStatement = (db: Db, id: number) =>
  sql<LeadDetail>`select ${columnList(db, leadDetailColumns)} from sales_leads where id = ${id}`

type LeadState = Pick<LeadDetail, 'merged_into_id' | 'is_deleted' | 'version'>

const readState = (sent: SentRows): LeadState => ({
  merged_into_id: sent.read(0, 'merged_into_id') as number | null,
  is_deleted: sent.read(0, 'is_deleted') as boolean,
  version: sent.read(0, 'version') as number,
})

function assertReadable<Lead extends LeadState>(
  id: number,
  lead: Lead | undefined,
  options: { include_deleted?: boolean },
): asserts lead is Lead {
  if (!lead) throw new Problem('not_found', `Lead ${id} does not exist.`)
  if (lead.merged_into_id !== null && !options.include_deleted) throw toMergedProblem(id, lead.merged_into_id)
  if (lead.is_deleted && !options.include_deleted)
    throw new Problem('gone', `Lead ${id} was deleted. POST /leads/${id}/restore restores it.`)
}
