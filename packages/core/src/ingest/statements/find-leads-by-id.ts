import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { findById } from '../../database/find-by-id.ts'
import { jsonColumnText } from '../../database/json-column-text.ts'
import type { ExistingLead } from './types.ts'

export const existingLeadColumns = [
  'id',
  'external_id',
  'run_id',
  'import_hashes',
  'is_deleted',
  'merged_into_id',
] as const

/** What an import needs to know of leads that it found by an identity. */
export const findLeadsById = (db: Db, ids: readonly number[]): Promise<ExistingLead[]> =>
  findById(db, { table: 'sales_leads', key: 'id', columns: existingLeadColumns }, [...new Set(ids)])

/** The stored items of leads, as texts. */
export async function findStoredItems(
  db: Db,
  ids: readonly number[],
): Promise<{ id: number; raw_text: string | null }[]> {
  const rows: { id: number; raw_text: string | null }[] = []
  for (const chunk of chunkRows(db, ids, 1)) {
    const query = db.kysely.selectFrom('sales_leads').select('id').select(jsonColumnText(db, 'raw_data').as('raw_text'))
    rows.push(...(await query.where('id', 'in', chunk).execute()))
  }
  return rows
}
