import type { Db } from '../database/engine.ts'
import { type FieldValue, readFieldHashes } from '../ingest/field-hashes.ts'
import type { Lead } from '../model/lead.ts'
import { type MergedColumn, mergedColumns } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'

const toHashedColumn = (field: string): MergedColumn | null => {
  const column = field === 'company_id' ? 'company_key' : field
  return (mergedColumns as readonly string[]).includes(column) ? (column as MergedColumn) : null
}

/**
 * The keeper's hashes after a merge: a value that came from an import and was not edited still counts as imported, so
 * that later imports keep refreshing it. Joined lists belong to no import, and neither does a value that replaced the
 * keeper's: a person chose it.
 */
export async function takeHashes(
  trx: Db,
  keeper: Lead,
  merged: Lead,
  changed_fields: ChangedFields,
  chosen: ReadonlySet<keyof Lead>,
): Promise<string | null> {
  const ours = readFieldHashes(keeper.import_hashes)
  const theirs = readFieldHashes(merged.import_hashes)
  let isTaken = false
  for (const [field, change] of Object.entries(changed_fields)) {
    const column = toHashedColumn(field)
    if (column === null) continue
    const value = await toHashedValue(trx, field, change.new as FieldValue)
    if (chosen.has(field as keyof Lead)) {
      if (!ours.isUntouched(column, value)) continue
      ours.set(column, null)
      isTaken = true
      continue
    }
    if (JSON.stringify(change.new) !== JSON.stringify(merged[field as keyof Lead])) continue
    if (!theirs.isUntouched(column, value)) continue
    ours.set(column, value)
    isTaken = true
  }
  return isTaken ? ours.toString() : keeper.import_hashes
}

/** The keeper's hashes once these fields have their old values again. */
export async function restoreHashes(
  trx: Db,
  current: string | null,
  before: string | null,
  restored: ChangedFields,
): Promise<string | null> {
  const hashes = readFieldHashes(current)
  const old = readFieldHashes(before)
  for (const [field, change] of Object.entries(restored)) {
    const column = toHashedColumn(field)
    if (column === null) continue
    const value = await toHashedValue(trx, field, change.old as FieldValue)
    hashes.set(column, old.isUntouched(column, value) ? value : null)
  }
  return current === null && before === null ? null : hashes.toString()
}

/** A company is hashed by its key: its number differs between databases. */
async function toHashedValue(trx: Db, field: string, value: FieldValue): Promise<FieldValue> {
  if (field !== 'company_id' || value === null) return value
  const row = await trx.kysely
    .selectFrom('companies')
    .select('company_key')
    .where('id', '=', value as number)
    .executeTakeFirst()
  return row?.company_key ?? null
}
