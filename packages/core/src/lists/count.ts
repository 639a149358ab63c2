import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { createTimedQuery, createUnlimitedQuery, type RunQuery, TimeLimitError } from '../database/time-limit.ts'
import { cacheResult } from '../result-cache.ts'
import { type PageQuery, whereClause } from './page-statement.ts'

export type CountMode = 'exact' | 'estimated'

export interface RowCount {
  value: number
  /** `at_least`: counting stopped at this value. */
  relation: 'exact' | 'at_least'
  /** Why an exact count is not exact. */
  reason?: 'time_limit'
}

/** Limit of an estimated count. Counting this many index entries takes about 10 ms. */
const ESTIMATE_ROWS_MAX = 10_000
/** A count that reads an index only is far below this, also of millions of rows. */
const EXACT_MS_MAX = 5000
/** For the estimate that replaces an exact count which took too long. */
const FALLBACK_MS_MAX = 1000

type CountQuery = Omit<PageQuery, 'columns' | 'limit'>

/**
 * Counts the rows of a list over all pages. `exact` reads one index entry per row (57 ms for 100,000 of a million) and
 * becomes an estimate if it takes over 5 s; `estimated` stops at 10,000. Slow exact counts are cached, see
 * {@link cacheResult}.
 */
export async function countRows(
  db: Db,
  query: CountQuery,
  mode: CountMode,
  limit_ms: number = EXACT_MS_MAX,
): Promise<RowCount> {
  const from = sql`from ${sql.table(query.definition.table)} ${whereClause(db, query)}`
  if (mode === 'estimated') return estimateRows(createUnlimitedQuery(db), from)
  const statement = sql<{ rows_count: number }>`select count(*) as rows_count ${from}`
  const { sql: text, parameters } = statement.compile(db.kysely)
  return cacheResult(db.kysely, JSON.stringify([text, parameters]), () => countExactly(db, statement, from, limit_ms))
}

async function countExactly(
  db: Db,
  statement: RawBuilder<{ rows_count: number }>,
  from: RawBuilder<unknown>,
  limit_ms: number,
): Promise<RowCount> {
  try {
    const [row] = await createTimedQuery(db, limit_ms)(statement)
    return { value: Number(row?.rows_count ?? 0), relation: 'exact' }
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error
    return estimateAfterTimeLimit(db, from)
  }
}

async function estimateAfterTimeLimit(db: Db, from: RawBuilder<unknown>): Promise<RowCount> {
  try {
    const count = await estimateRows(createTimedQuery(db, FALLBACK_MS_MAX), from)
    return count.relation === 'exact' ? count : { ...count, reason: 'time_limit' }
  } catch (error) {
    if (!(error instanceof TimeLimitError)) throw error
    return { value: 0, relation: 'at_least', reason: 'time_limit' }
  }
}

async function estimateRows(run: RunQuery, from: RawBuilder<unknown>): Promise<RowCount> {
  const [row] = await run(
    sql<{
      rows_count: number
    }>`select count(*) as rows_count from (select 1 as one ${from} limit ${sql.lit(ESTIMATE_ROWS_MAX + 1)}) as counted`,
  )
  const value = Number(row?.rows_count ?? 0)
  return value > ESTIMATE_ROWS_MAX ? { value: ESTIMATE_ROWS_MAX, relation: 'at_least' } : { value, relation: 'exact' }
}
