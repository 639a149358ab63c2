import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { type PageQuery, whereClause } from './page-statement.ts'

export type CountMode = 'exact' | 'estimated'

export interface RowCount {
  value: number
  /** `at_least`: counting stopped at this value. */
  relation: 'exact' | 'at_least'
}

/** Limit of an estimated count. Counting this many index entries takes about 10 ms. */
const ESTIMATE_ROWS_MAX = 10_000

/**
 * Counts the rows of a list over all pages. `exact` reads one index entry per row (57 ms for 100,000 of a million);
 * `estimated` stops at 10,000.
 */
export async function countRows(
  db: Db,
  query: Omit<PageQuery, 'columns' | 'limit'>,
  mode: CountMode,
): Promise<RowCount> {
  const from = sql`from ${sql.table(query.definition.table)} ${whereClause(db, query)}`
  const statement =
    mode === 'exact'
      ? sql<{ rows_count: number }>`select count(*) as rows_count ${from}`
      : sql<{
          rows_count: number
        }>`select count(*) as rows_count from (select 1 as one ${from} limit ${sql.lit(ESTIMATE_ROWS_MAX + 1)}) as counted`
  const value = Number((await statement.execute(db.kysely)).rows[0]?.rows_count ?? 0)
  if (mode === 'estimated' && value > ESTIMATE_ROWS_MAX) return { value: ESTIMATE_ROWS_MAX, relation: 'at_least' }
  return { value, relation: 'exact' }
}
