import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../../database/engine.ts'
import { selectForUpdate } from '../../database/lock.ts'
import { withTransaction } from '../../database/transaction.ts'
import { type FieldValue, readFieldHashes, toComparableText } from '../../ingest/field-hashes.ts'
import { forgetBatch } from '../../ingest/source-states.ts'
import { getStatements } from '../../ingest/statements/registry.ts'
import type { NewEvent } from '../../ingest/statements/types.ts'
import type { Json } from '../../model/fields.ts'
import { crmFields, importedColumns, type MergedColumn } from '../../model/lead-columns.ts'
import type { ChangedFields } from '../../model/lead-event.ts'
import { MERGED_SINCE, UNDO_PAGE_ROWS, type UndoContext, type UndoCounts } from './context.ts'
import { isImportEvent, isNormalization, type LeadActivity, readLeadActivity, withoutUndone } from './lead-activity.ts'
import { toUndoProvenance } from './undo-provenance.ts'

/** Restores the former values of the leads that the import changed, field by field. */
export async function revertChangedLeads(
  context: UndoContext,
  import_batch_id: string,
  counts: UndoCounts,
): Promise<void> {
  const { db, signal, onProgress } = context
  for (;;) {
    signal?.throwIfAborted()
    const rows = await db.kysely
      .selectFrom('import_changes')
      .select('lead_id')
      .where('import_batch_id', '=', import_batch_id)
      .where('undone_at', 'is', null)
      .orderBy('lead_id')
      .limit(UNDO_PAGE_ROWS)
      .execute()
    if (rows.length === 0) return
    const ids = rows.map(({ lead_id }) => lead_id)
    const kept = await withTransaction(db, (trx) => revertPage(trx, context, import_batch_id, ids))
    counts.kept += kept
    counts.reverted += rows.length - kept
    onProgress?.(counts)
  }
}

/** Reverts a page of leads and returns how many kept a field. */
async function revertPage(
  trx: Db,
  { now, actor }: UndoContext,
  import_batch_id: string,
  ids: readonly number[],
): Promise<number> {
  const query = trx.kysely
    .selectFrom('sales_leads')
    .select(['id', 'import_hashes', 'merged_into_id', ...importedColumns, ...crmFields])
    .where('id', 'in', ids)
    .orderBy('id')
  const locked = await selectForUpdate(trx, query)
  const leads = locked.filter(({ merged_into_id }) => merged_into_id === null)
  const merged = locked.filter(({ merged_into_id }) => merged_into_id !== null)
  const snapshots = await readSnapshots(trx, import_batch_id, ids)
  const keys = await findCompanyKeys(trx, [...leads, ...snapshots.values()])
  const activity = await readLeadActivity(trx, ids)
  const times = await forgetBatch(
    trx,
    leads.map(({ id }) => id),
    import_batch_id,
  )
  const at = now()
  const events: NewEvent[] = []
  let kept_leads = await keepMergedLeads(trx, import_batch_id, merged, activity)
  for (const lead of leads) {
    const snapshot = snapshots.get(lead.id)
    const found = activity.get(lead.id)
    if (!snapshot || !found) continue
    const company_key = lead.company_id === null ? null : (keys.get(lead.company_id) ?? null)
    const { reverted, kept } = planRevert({ ...lead, company_key }, getNetChanges(import_batch_id, found))
    const values = toRevertedValues(reverted, snapshot, keys)
    if (hasLaterImport(import_batch_id, found)) values.import_hashes = revertHashes(lead.import_hashes, reverted)
    else {
      values.import_hashes = snapshot.import_hashes
      values.raw_data = snapshotRawData(import_batch_id, lead.id)
    }
    const observed_at = times.get(lead.id)
    if (observed_at) values.observed_at = observed_at
    if (Object.keys(reverted).length > 0) {
      Object.assign(values, { version: sql<number>`version + 1`, updated_at: at, updated_by: actor })
      events.push(toUndoEvent(lead.id, import_batch_id, reverted))
    }
    await trx.kysely.updateTable('sales_leads').set(values).where('id', '=', lead.id).execute()
    if (kept.length === 0) continue
    kept_leads += 1
    await recordKeptFields(trx, import_batch_id, lead.id, kept, 'changed since')
  }
  await getStatements(trx).insertEvents(trx, events, toUndoProvenance(actor, at))
  await trx.kysely
    .updateTable('import_changes')
    .set({ undone_at: at })
    .where('import_batch_id', '=', import_batch_id)
    .where('lead_id', 'in', ids)
    .execute()
  return kept_leads
}

/** The keeper has the values of a merged lead now, and an undone merge gives the row back as it was. */
async function keepMergedLeads(
  trx: Db,
  import_batch_id: string,
  merged: readonly { id: number }[],
  activity: ReadonlyMap<number, LeadActivity>,
): Promise<number> {
  for (const { id } of merged) {
    const found = activity.get(id)
    const fields = found ? Object.keys(getNetChanges(import_batch_id, found)) : []
    await recordKeptFields(trx, import_batch_id, id, fields, MERGED_SINCE)
  }
  return merged.length
}

function toRevertedValues(
  reverted: ChangedFields,
  snapshot: LeadSnapshot,
  keys: ReadonlyMap<number, string>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [field, { new: value }] of Object.entries(reverted)) {
    if (field !== 'company_key') values[field] = value
    // A company that has been deleted since cannot be restored.
    else values.company_id = snapshot.company_id !== null && keys.has(snapshot.company_id) ? snapshot.company_id : null
  }
  return values
}

const toUndoEvent = (lead_id: number, import_batch_id: string, changed_fields: ChangedFields): NewEvent => ({
  lead_id,
  event_type: 'updated',
  event_name: 'Import taken back',
  event_data: { undone_import_batch_id: import_batch_id },
  changed_fields,
})

async function recordKeptFields(
  trx: Db,
  import_batch_id: string,
  lead_id: number,
  kept: string[],
  kept_reason: string,
): Promise<void> {
  await trx.kysely
    .updateTable('import_changes')
    .set({ kept_fields: kept, kept_reason })
    .where('import_batch_id', '=', import_batch_id)
    .where('lead_id', '=', lead_id)
    .execute()
}

/** SQL for the lead's former item, copied inside the database. */
const snapshotRawData = (import_batch_id: string, lead_id: number): RawBuilder<Json> =>
  sql<Json>`(select former.raw_data from import_changes as former
    where former.import_batch_id = ${import_batch_id} and former.lead_id = ${lead_id})`

/** Returns the net change of the import by field: the first old and the last new value. */
function getNetChanges(import_batch_id: string, { events }: LeadActivity): ChangedFields {
  const net: ChangedFields = {}
  for (const event of events) {
    const changes = Object.entries(event.changed_fields ?? {})
    if (isNormalization(event)) respell(net, changes)
    if (event.event_data?.import_batch_id !== import_batch_id) continue
    for (const [field, change] of changes)
      net[field] = { old: net[field] ? net[field].old : change.old, new: change.new }
  }
  return net
}

/** A value in another spelling is still the one that the import wrote. */
function respell(net: ChangedFields, changes: readonly [string, ChangedFields[string]][]): void {
  for (const [field, change] of changes) {
    const written = net[field]
    if (written && toComparableText(written.new as FieldValue) === toComparableText(change.old as FieldValue))
      net[field] = { old: written.old, new: change.new }
  }
}

function planRevert(
  ours: Readonly<Record<string, unknown>>,
  net: ChangedFields,
): { reverted: ChangedFields; kept: string[] } {
  const reverted: ChangedFields = {}
  const kept: string[] = []
  for (const [field, change] of Object.entries(net)) {
    const current = ours[field] as FieldValue
    if (toComparableText(current) === toComparableText(change.old as FieldValue)) continue
    if (toComparableText(current) === toComparableText(change.new as FieldValue))
      reverted[field] = { old: change.new, new: change.old }
    else kept.push(field)
  }
  return { reverted, kept }
}

/** True if another import has written or seen the lead after this one: raw item and merge base are that import's. */
function hasLaterImport(import_batch_id: string, { events, sightings }: LeadActivity): boolean {
  const mine = events.findLast(({ event_data }) => event_data?.import_batch_id === import_batch_id)
  const isWritten = withoutUndone(events).some(
    (event) => event.id > (mine?.id ?? 0) && mine !== undefined && isImportEvent(event),
  )
  return isWritten || sightings.findIndex((sighting) => sighting.import_batch_id === import_batch_id) > 0
}

/** A reverted field was unedited before, therefore its former value is the last imported one. */
function revertHashes(stored: string | null, reverted: ChangedFields): string {
  const imported = readFieldHashes(stored)
  for (const [field, { new: value }] of Object.entries(reverted))
    imported.set(field as MergedColumn, value as FieldValue)
  return imported.toString()
}

interface LeadSnapshot {
  company_id: number | null
  import_hashes: string | null
}

async function readSnapshots(
  trx: Db,
  import_batch_id: string,
  ids: readonly number[],
): Promise<Map<number, LeadSnapshot>> {
  const rows = await trx.kysely
    .selectFrom('import_changes')
    .select(['lead_id', 'company_id', 'import_hashes'])
    .where('import_batch_id', '=', import_batch_id)
    .where('lead_id', 'in', ids)
    .execute()
  return new Map(rows.map(({ lead_id, ...snapshot }) => [lead_id, snapshot]))
}

async function findCompanyKeys(trx: Db, rows: readonly { company_id: number | null }[]): Promise<Map<number, string>> {
  const ids = [...new Set(rows.flatMap(({ company_id }) => company_id ?? []))]
  if (ids.length === 0) return new Map()
  const found = await trx.kysely.selectFrom('companies').select(['id', 'company_key']).where('id', 'in', ids).execute()
  return new Map(found.map(({ id, company_key }) => [id, company_key]))
}
