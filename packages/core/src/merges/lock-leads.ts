import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { toMergedProblem } from '../leads/update-lead.ts'
import type { Lead } from '../model/lead.ts'
import { leadColumns } from '../model/lead-columns.ts'
import { Problem } from '../problem.ts'

const columns = Object.keys(leadColumns) as (keyof Lead)[]

/**
 * Both leads with all columns, locked in the order of their ids: two merges of one lead wait for each other instead of
 * deadlocking.
 * @throws Problem not_found
 */
export async function lockLeads(trx: Db, ids: readonly [number, number]): Promise<[Lead, Lead]> {
  const query = trx.kysely.selectFrom('sales_leads').select(columns).where('id', 'in', ids).orderBy('id')
  const rows = (await selectForUpdate(trx, query)) as Lead[]
  return ids.map((id) => {
    const lead = rows.find((row) => row.id === id)
    if (lead === undefined) throw new Problem('not_found', `Lead ${id} does not exist.`)
    return lead
  }) as [Lead, Lead]
}

/** @throws Problem merged, gone */
export function assertMergeable(lead: Lead): void {
  if (lead.merged_into_id !== null) throw toMergedProblem(lead.id, lead.merged_into_id)
  if (lead.is_deleted)
    throw new Problem('gone', `Lead ${lead.id} was deleted. POST /leads/${lead.id}/restore restores it.`)
}
