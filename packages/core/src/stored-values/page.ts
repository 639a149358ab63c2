import type { Db } from '../database/engine.ts'
import type { ChangedFields } from '../model/lead-event.ts'

export interface PageOptions {
  db: Db
  now: () => Date
  is_dry_run: boolean
  /** Stores that this page is done, in its transaction. */
  writePosition: (trx: Db) => Promise<void>
}

/** A row with other spellings than the current normalizers give. */
export interface NormalizedRow {
  id: number
  /** Empty if only what sources said of the lead has other spellings. */
  changed_fields: ChangedFields
}
