import { columnDefaults, leadingColumns, type MergedColumn, mergedColumns } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { type ImportedLead, readFieldHashes, toComparableText } from './field-hashes.ts'

export interface MergeResult {
  /** The merged fields. */
  merged: ImportedLead
  /** The differences; empty if there are none. */
  changed_fields: ChangedFields
  /** Stored with the lead as the base of the next import. */
  import_hashes: string
}

/**
 * Three-way merge of an import over a lead. Base is the last imported value (known by its hash), `theirs` the
 * new item, `ours` the current row. A field that equals its base takes theirs, unless theirs is empty; a field that
 * differs from its base was edited and stays.
 *
 * Hashes, not a second mapping of the stored item: an improved mapping would make every lead look edited.
 */
export function mergeLead(ours: ImportedLead, stored_hashes: string | null, theirs: ImportedLead): MergeResult {
  const imported = readFieldHashes(stored_hashes)
  const merged: ImportedLead = { ...ours }
  const changed_fields: ChangedFields = {}
  const set = <Field extends MergedColumn>(field: Field, value: ImportedLead[Field]): void => {
    merged[field] = value
  }
  for (const field of mergedColumns) {
    const leader = leadingColumns[field]
    if (theirs[field] === undefined && leader === undefined) continue
    const value = theirs[field] ?? null
    const hasValue = leader
      ? toComparableText(theirs[leader] ?? null) !== '' &&
        toComparableText(theirs[leader] ?? null) === toComparableText(merged[leader] ?? null)
      : toComparableText(value) !== ''
    if (!hasValue) continue
    const before = ours[field] ?? columnDefaults[field] ?? null
    const untouched = imported.isUntouched(field, before)
    imported.set(field, value)
    if (!untouched || toComparableText(value) === toComparableText(before)) continue
    set(field, value as never)
    changed_fields[field] = { old: before, new: value }
  }
  return { merged, changed_fields, import_hashes: imported.toString() }
}
