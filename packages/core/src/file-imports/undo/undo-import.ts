import { type Db, withTransaction } from '../../database/engine.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import { getBatch, updateBatchIf } from '../batch-state.ts'
import type { UndoContext, UndoCounts } from './context.ts'
import { deleteCreatedLeads } from './delete-created-leads.ts'
import { deleteImportSightings } from './delete-sightings.ts'
import { revertChangedLeads } from './revert-changed-leads.ts'
import { undoCompanies } from './undo-companies.ts'

/**
 * Takes an import back: the database is as if it had not been, but for what somebody did since.
 *
 * - Leads that the file created are deleted for good, not softly: a softly deleted lead keeps its place, so that the
 *   mended file would be taken for duplicates of what was taken back. A lead that a person edited, annotated, scored or
 *   deleted since, or that another import has met, stays as it is.
 * - Of leads that the file changed, each field goes back to what it was, unless it was changed again since. Versions
 *   rise and an event tells of it: the history of a lead that stays is never rewritten.
 * - Companies that the file created go when no lead needs them; columns that it filled are emptied again.
 *
 * May be killed at any moment and run again.
 */

export interface UndoResult {
  batch: ImportBatch
  /** `known`: it had been taken back before. The counts are of this call. */
  outcome: 'undone' | 'known'
  counts: UndoCounts
}

/** A lead that undo left as it is, whole or in part. */
export interface KeptLead {
  lead_id: number
  full_name: string | null
  email: string | null
  company_name: string | null
  /** The fields that were changed again; null = the whole lead. */
  kept_fields: string[] | null
  kept_reason: string | null
}

/** @throws Problem not_found; BatchMovedError when another process is at work on it; AbortError */
export async function undoImport(context: UndoContext, import_batch_id: string): Promise<UndoResult> {
  const { db, now } = context
  const counts: UndoCounts = { deleted: 0, reverted: 0, kept: 0 }
  const known = await getBatch(db, import_batch_id)
  if (known.batch_status === 'undone') return { batch: known, outcome: 'known', counts }
  // From here on no page of the import can be written any more: its checkpoint demands the status that is left now.
  await updateBatchIf(db, known, ['importing', 'completed', 'undoing'], { batch_status: 'undoing', updated_at: now() })
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

/** Which leads an undo left as they are, and why. */
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
