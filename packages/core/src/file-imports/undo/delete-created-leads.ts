import type { Db } from '../../database/engine.ts'
import { selectForUpdate } from '../../database/lock.ts'
import { withTransaction } from '../../database/transaction.ts'
import { passOnAddresses } from '../../duplicates/pass-on-addresses.ts'
import { type FieldHashes, readFieldHashes } from '../../ingest/field-hashes.ts'
import { crmFields, importedColumns, mergedColumns } from '../../model/lead-columns.ts'
import { MERGED_SINCE, UNDO_PAGE_ROWS, type UndoContext, type UndoCounts } from './context.ts'
import { isImportEvent, isNormalization, type LeadActivity, readLeadActivity, withoutUndone } from './lead-activity.ts'

/** Deletes the leads that the import created, except those that have been used since. */
export async function deleteCreatedLeads(
  context: UndoContext,
  import_batch_id: string,
  counts: UndoCounts,
): Promise<void> {
  const { db, signal, onProgress } = context
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const rows = await db.kysely
      .selectFrom('lead_sources')
      .select('lead_id')
      .where('import_batch_id', '=', import_batch_id)
      .where('lead_id', '>', after)
      .orderBy('lead_id')
      .limit(UNDO_PAGE_ROWS)
      .execute()
    const last = rows.at(-1)
    if (!last) return
    after = last.lead_id
    const kept = await withTransaction(db, (trx) =>
      deletePage(
        trx,
        context,
        import_batch_id,
        rows.map(({ lead_id }) => lead_id),
      ),
    )
    counts.kept += kept
    counts.deleted += rows.length - kept
    onProgress?.(counts)
  }
}

/** Deletes a page of leads and returns how many were kept. */
async function deletePage(
  trx: Db,
  { now }: UndoContext,
  import_batch_id: string,
  ids: readonly number[],
): Promise<number> {
  const query = trx.kysely
    .selectFrom('sales_leads')
    .select(['id', 'is_deleted', 'enrichment_status', 'import_hashes', ...importedColumns, ...crmFields])
    .where('id', 'in', ids)
    .orderBy('id')
  const leads = await selectForUpdate(trx, query)
  const activity = await readLeadActivity(trx, ids)
  const kept = leads.flatMap((lead) => {
    const reason =
      findKeepReason(import_batch_id, activity.get(lead.id)) ??
      (lead.is_deleted || lead.enrichment_status !== 'pending' || isEdited(lead) ? 'edited since' : null)
    return reason === null ? [] : [{ lead_id: lead.id, kept_reason: reason }]
  })
  const keptIds = new Set(kept.map(({ lead_id }) => lead_id))
  const gone = leads.map(({ id }) => id).filter((id) => !keptIds.has(id))
  if (gone.length > 0) {
    await passOnAddresses(trx, gone)
    await trx.kysely.deleteFrom('sales_leads').where('id', 'in', gone).execute()
  }
  await recordKeptLeads(trx, import_batch_id, kept, now())
  return kept.length
}

/** Returns why a lead is kept: an event or a sighting that this import did not write. */
function findKeepReason(import_batch_id: string, activity: LeadActivity | undefined): string | null {
  if (!activity) return null
  const others = withoutUndone(activity.events).filter(
    (event) => event.event_data?.import_batch_id !== import_batch_id && !isNormalization(event),
  )
  if (others.some(({ event_type }) => event_type === 'merged')) return MERGED_SINCE
  if (others.some((event) => !isImportEvent(event))) return 'edited since'
  const isSighted = activity.sightings.some((sighting) => sighting.import_batch_id !== import_batch_id)
  return others.length > 0 || isSighted ? 'another import has seen it since' : null
}

/** True if a value was not imported. Also detects values that were written to the database without an event. */
function isEdited(lead: { import_hashes: string | null } & Record<string, unknown>): boolean {
  const imported = readFieldHashes(lead.import_hashes)
  return mergedColumns.some(
    (field) =>
      field !== 'company_key' && !imported.isUntouched(field, lead[field] as Parameters<FieldHashes['isUntouched']>[1]),
  )
}

async function recordKeptLeads(
  trx: Db,
  import_batch_id: string,
  kept: readonly { lead_id: number; kept_reason: string }[],
  undone_at: Date,
): Promise<void> {
  if (kept.length === 0) return
  const ids = kept.map(({ lead_id }) => lead_id)
  // A lead that the file created and then changed already has a row.
  await trx.kysely
    .deleteFrom('import_changes')
    .where('import_batch_id', '=', import_batch_id)
    .where('lead_id', 'in', ids)
    .execute()
  await trx.kysely
    .insertInto('import_changes')
    .values(kept.map((row) => ({ ...row, import_batch_id, undone_at })))
    .execute()
}
