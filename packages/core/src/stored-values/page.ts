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

/** Reads the ids of the next page of rows that are not deleted. */
export async function readIds(
  db: Db,
  table: 'sales_leads' | 'companies',
  after: number,
  rows_max: number,
): Promise<number[]> {
  const rows = await db.kysely
    .selectFrom(table)
    .select('id')
    .where('is_deleted', '=', false)
    .where('id', '>', after)
    .orderBy('id')
    .limit(rows_max)
    .execute()
  return rows.map(({ id }) => id)
}
