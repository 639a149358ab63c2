import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import { Problem } from '../problem.ts'
import type { LeadDetail } from './lead-views.ts'
import { lockLead, updateLeadRow } from './update-lead.ts'

/**
 * Soft-deletes a lead. Lists hide it, imports count it as a duplicate and do not change it, and it can be restored until
 * the cleanup purges it.
 * @throws Problem not_found, gone, precondition_failed
 */
export async function removeLead(db: Db, id: number, by: ChangeAuthor, options: { version?: number | undefined } = {}) {
  await withTransaction(db, async (trx) => {
    const lead = await lockLead(trx, id, options.version)
    if (lead.is_deleted) throw new Problem('gone', `Lead ${id} is already deleted.`)
    const deletion = { is_deleted: true, deleted_at: by.at, deleted_by: by.actor }
    const events = [{ event_type: 'deleted', event_name: 'Lead deleted' }] as const
    const writeSources = () => trx.kysely.updateTable('lead_sources').set(deletion).where('lead_id', '=', id).execute()
    await updateLeadRow(trx, lead, deletion, events, by, { is_last: true, also: [writeSources] })
  })
}

/** Restores a deleted lead. An active lead does not change. @throws Problem not_found, precondition_failed */
export async function restoreLead(
  db: Db,
  id: number,
  by: ChangeAuthor,
  options: { version?: number | undefined } = {},
): Promise<LeadDetail> {
  return withTransaction(db, async (trx) => {
    const lead = await lockLead(trx, id, options.version)
    if (!lead.is_deleted) return lead
    const restoration = { is_deleted: false, deleted_at: null, deleted_by: null }
    const events = [{ event_type: 'restored', event_name: 'Lead restored' }] as const
    const writeSources = () =>
      trx.kysely.updateTable('lead_sources').set(restoration).where('lead_id', '=', id).execute()
    return updateLeadRow(trx, lead, restoration, events, by, { is_last: true, also: [writeSources] })
  })
}
