import { type RawBuilder, sql } from 'kysely'
import { readOfLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows, listRowsJson } from '../lists/list-page.ts'
import type { ConstantConditions } from '../lists/page-statement.ts'
import { LeadEvent } from '../model/lead-event.ts'
import { stringifyJson } from '../stringify-json.ts'

export const eventColumns = LeadEvent.columns

export const eventList: ListDefinition = {
  table: 'lead_events',
  filters: { event_type: 'text', event_timestamp: 'time' },
  sorts: { event_timestamp: { kind: 'time' } },
  default_sort: '-event_timestamp',
  has_soft_delete: false,
  has_search: false,
}

/**
 * Lists the history of a lead and of those that were merged into it, newest first; `lead_id` tells whose event it is.
 * @throws Problem not_found; gone unless deleted leads are included
 */
export async function listLeadEvents(
  db: Db,
  lead_id: number,
  input: ListInput,
  options: { include_deleted?: boolean } = {},
): Promise<ListResult<LeadEvent>> {
  const answer = await listRows<LeadEvent>(db, ...historyOf(lead_id, input, ofSingleLead(lead_id, options)))
  return answer.data.length > 0 ? answer : listAnyLeadEvents(db, lead_id, input, options)
}

/** JSON of what {@link listLeadEvents} returns. @throws as it */
export async function listLeadEventsJson(
  db: Db,
  lead_id: number,
  input: ListInput,
  options: { include_deleted?: boolean } = {},
): Promise<string> {
  const answer = await listRowsJson(db, ...historyOf(lead_id, input, ofSingleLead(lead_id, options)))
  return answer.startsWith('{"data":[]') ? stringifyJson(await listAnyLeadEvents(db, lead_id, input, options)) : answer
}

type Whose = RawBuilder<unknown>[] | ConstantConditions

const historyOf = (lead_id: number, input: ListInput, whose: Whose) =>
  [eventList, eventColumns, input, whose, ['lead', lead_id]] as const

/** The history of a lead that may be deleted, have others merged into it, or have no events. */
async function listAnyLeadEvents(
  db: Db,
  lead_id: number,
  input: ListInput,
  options: { include_deleted?: boolean },
): Promise<ListResult<LeadEvent>> {
  const list = (whose: Whose) => listRows<LeadEvent>(db, ...historyOf(lead_id, input, whose))
  return readOfLead(db, lead_id, options, async () => {
    // Few leads have any merged into them: the others wait for no second answer.
    const [own, merged_ids] = await Promise.all([list([sql`lead_id = ${lead_id}`]), findMergedLeads(db, lead_id)])
    return merged_ids.length === 0 ? own : list([sql`lead_id in (${sql.join([lead_id, ...merged_ids])})`])
  })
}

/**
 * The lead can be read, and no other was merged into it, as of nearly every lead: one statement reads its history, and none
 * if it is not so. Does not depend on a row, so it is looked up once.
 */
function ofSingleLead(id: number, { include_deleted = true }: { include_deleted?: boolean }): ConstantConditions {
  const build = (): RawBuilder<unknown>[] => {
    const isActive = sql`exists (select 1 from sales_leads where id = ${id} and not is_deleted)`
    const hasNone = sql`not exists (select 1 from sales_leads where merged_into_id = ${id})`
    return [sql`lead_id = ${id}`, ...(include_deleted ? [] : [isActive]), hasNone]
  }
  return { name: `history ${include_deleted}`, values: include_deleted ? [id, id] : [id, id, id], build }
}

/** Leads whose history is read with the keeper's, at most. */
const MERGED_LEADS_MAX = 100

async function findMergedLeads(db: Db, keeper_id: number): Promise<number[]> {
  const rows = await db.kysely
    .selectFrom('sales_leads')
    .select('id')
    .where('merged_into_id', '=', keeper_id)
    .orderBy('id')
    .limit(MERGED_LEADS_MAX)
    .execute()
  return rows.map(({ id }) => id)
}
