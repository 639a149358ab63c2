import type { Db } from '../../database/engine.ts'
import { findById } from '../../database/find-by-id.ts'
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
