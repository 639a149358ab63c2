import type { ChangedFields } from '../model/lead-event.ts'
import {
  canonical,
  fieldDefaults,
  type Importable,
  importedFields,
  type MergeableField,
  mergedFields,
} from './field-hashes.ts'

/** A verified flag speaks of one address or number only, so it goes where that goes. */
const follows: Partial<Record<MergeableField, MergeableField>> = {
  email_verified: 'email',
  phone_verified: 'phone',
}

export interface Merge {
  /** The fields as they should stand now. */
  merged: Importable
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
export function mergeImport(ours: Importable, stored_hashes: string | null, theirs: Importable): Merge {
  const imported = importedFields(stored_hashes)
  const merged: Importable = { ...ours }
  const changed_fields: ChangedFields = {}
  const set = <Field extends MergeableField>(field: Field, value: Importable[Field]): void => {
    merged[field] = value
  }
  for (const field of mergedFields) {
    const value = theirs[field] ?? null
    const leader = follows[field]
    const says = leader
      ? canonical(theirs[leader] ?? null) !== '' &&
        canonical(theirs[leader] ?? null) === canonical(merged[leader] ?? null)
      : canonical(value) !== ''
    if (!says) continue
    const before = ours[field] ?? fieldDefaults[field] ?? null
    const untouched = imported.isUntouched(field, before)
    imported.bring(field, value)
    if (!untouched || canonical(value) === canonical(before)) continue
    set(field, value as never)
    changed_fields[field] = { old: before, new: value }
  }
  return { merged, changed_fields, import_hashes: imported.toString() }
}
