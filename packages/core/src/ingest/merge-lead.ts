import { columnDefaults, leadingColumns, type MergedColumn, mergedColumns } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { type ImportedLead, readFieldHashes, toComparableText } from './field-hashes.ts'

export interface MergeResult {
  /** The fields as they should stand now. */
  merged: ImportedLead
  /** What differs from before; empty when nothing does. */
  changed_fields: ChangedFields
  /** To be stored with the lead, so that the next import knows what this one brought. */
  import_hashes: string
}

/**
 * Three-way merge of an import over a lead. Base is what the last import brought (known by its hashes), `theirs` what
 * this one brings, `ours` the row as it stands. A field that still equals base takes theirs, unless theirs is empty;
 * a field that differs from base was edited by someone and stays.
 *
 * Hashes rather than a second mapping of the stored item: a mapping that improves would make every lead look edited.
 */
export function mergeLead(ours: ImportedLead, stored_hashes: string | null, theirs: ImportedLead): MergeResult {
  const imported = readFieldHashes(stored_hashes)
  const merged: ImportedLead = { ...ours }
  const changed_fields: ChangedFields = {}
  const set = <Field extends MergedColumn>(field: Field, value: ImportedLead[Field]): void => {
    merged[field] = value
  }
  for (const field of mergedColumns) {
    const value = theirs[field] ?? null
    const leader = leadingColumns[field]
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
