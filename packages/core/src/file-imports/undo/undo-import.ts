import type { Db } from '../../database/engine.ts'
import { assertNotExpired } from '../../database/expired-import.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import { getBatch, updateBatchIf } from '../batch-state.ts'
import type { UndoContext, UndoCounts } from './context.ts'
import { deleteCreatedLeads } from './delete-created-leads.ts'
import { deleteImportSightings } from './delete-sightings.ts'
import { revertChangedLeads } from './revert-changed-leads.ts'
import { undoCompanies } from './undo-companies.ts'

/**
 * Undoes an import. Afterwards the database is as it was before, except for later changes by others.
 *
 * - Leads that the file created are purged. Soft-deleted leads would keep their identity, and the corrected file would
 *   count as duplicates of them. Leads that were edited, annotated, scored, merged or deleted since, or that another
 *   import has seen, are kept.
 * - Leads that the file changed get each field back that was not changed again. The version increases and an event
 *   records the change: the history of a lead is never rewritten.
 * - Companies that the file created are deleted if no lead uses them; backfilled columns are emptied.
 *
 * Can be killed at any moment and run again.
 */

export interface UndoResult {
  batch: ImportBatch
  /** `known`: the import had been undone before. The counts cover this call only. */
  outcome: 'undone' | 'known'
  counts: UndoCounts
}

/** A lead that undo kept, in whole or in part. */
export interface KeptLead {
  lead_id: number
  full_name: string | null
  email: string | null
  company_name: string | null
  /** Fields that were changed again; null = the whole lead. */
  kept_fields: string[] | null
  kept_reason: string | null
}

/**
 * @throws Problem not_found, or conflict if it is too old; ConcurrentImportError if another process is changing the
 * import; AbortError
 */
export async function undoImport(context: UndoContext, import_batch_id: string): Promise<UndoResult> {
  const { db, now } = context
  const counts: UndoCounts = { deleted: 0, reverted: 0, kept: 0 }
  const known = await getBatch(db, import_batch_id)
  if (known.batch_status === 'undone') return { batch: known, outcome: 'known', counts }
  // From here on no page of this import can be written: its checkpoint requires the status `importing`.
  await withTransaction(db, async (trx) => {
    const begun = { batch_status: 'undoing', updated_at: now() }
    await updateBatchIf(trx, known, ['importing', 'completed', 'undoing'], begun)
    await assertNotExpired(trx, known)
  })
  await deleteCreatedLeads(context, import_batch_id, counts)
  await revertChangedLeads(context, import_batch_id, counts)
  await deleteImportSightings(context, known)
  await undoCompanies(context, known)
  await withTransaction(db, async (trx) => {
    const done = { batch_status: 'undone', undone_at: now(), updated_at: now(), updated_by: context.actor }
    await updateBatchIf(trx, known, ['undoing'], done)
  })
  return { batch: await getBatch(db, import_batch_id), outcome: 'undone', counts }
}

/** Lists the leads that an undo kept, with the reason. */
export async function listKeptLeads(db: Db, import_batch_id: string, limit: number): Promise<KeptLead[]> {
  return db.kysely
    .selectFrom('import_changes')
    .innerJoin('sales_leads', 'sales_leads.id', 'import_changes.lead_id')
    .select(['lead_id', 'full_name', 'email', 'company_name', 'kept_fields', 'kept_reason'])
    .where('import_batch_id', '=', import_batch_id)
    .where('kept_reason', 'is not', null)
    .orderBy('lead_id')
    .limit(limit)
    .execute()
}
