import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
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
export async function findLeadsById(db: Db, ids: readonly number[]): Promise<ExistingLead[]> {
  const found: ExistingLead[] = []
  for (const chunk of chunkRows(db, [...new Set(ids)], 1)) {
    const rows = await db.kysely
      .selectFrom('sales_leads')
      .select(existingLeadColumns)
      .where('id', 'in', chunk)
      .execute()
    found.push(...(rows as ExistingLead[]))
  }
  return found
}
