import { sql } from 'kysely'
import { readOfLead } from '../database/assert-exists.ts'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import { LeadEvent } from '../model/lead-event.ts'

export const eventColumns = Object.keys(LeadEvent.shape) as (keyof LeadEvent)[]

export const eventList: ListDefinition = {
  table: 'lead_events',
  filters: { event_type: 'text', event_timestamp: 'time' },
  sorts: { event_timestamp: { kind: 'time' } },
  default_sort: '-event_timestamp',
  has_soft_delete: false,
  has_search: false,
}

/** Lists the history of a lead, newest first. @throws Problem not_found; gone unless deleted leads are included */
export async function listLeadEvents(
  db: Db,
  lead_id: number,
  input: ListInput,
  options: { include_deleted?: boolean } = {},
): Promise<ListResult<LeadEvent>> {
  return readOfLead(db, lead_id, options, () =>
    listRows<LeadEvent>(db, eventList, eventColumns, input, [sql`lead_id = ${lead_id}`], ['lead', lead_id]),
  )
}
