import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'

/** More are not counted: the count is read whenever a sync or an import is shown. */
export const CANDIDATES_COUNTED_MAX = 10_000

/**
 * Counts the pairs of leads that may be one of which a sync or an import created the later lead. The pairs are found by
 * passes after the write, so the count may grow.
 */
export async function countCandidates(db: Db, by: { run_id: string } | { import_batch_id: string }): Promise<number> {
  const [column, value] = 'run_id' in by ? ['run_id', by.run_id] : ['import_batch_id', by.import_batch_id]
  const { rows } = await sql<{ n: number }>`select count(*) as n from (
      select 1 from lead_duplicates
      inner join lead_sources on lead_sources.lead_id = lead_duplicates.lead_b
      where ${sql.ref(`lead_sources.${column}`)} = ${value}
      limit ${CANDIDATES_COUNTED_MAX}
    ) as candidates`.execute(db.kysely)
  return Number(rows[0]?.n ?? 0)
}
