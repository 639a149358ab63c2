import type { Db } from './engine.ts'

/** Rows or values at most in a statement that is cached. */
const CACHED_STATEMENT_ROWS_MAX = 32

/**
 * Splits rows into chunks that fit the bound values of a statement, at `columns` values per row. Where statements are
 * cached by their text, chunks have one of six lengths: with a separate length for each page, SQLite's memory grew by
 * 200 MB over 300,000 items.
 */
export function* chunkRows<Row>(db: Db, rows: readonly Row[], columns: number): Generator<readonly Row[]> {
  let size = Math.max(1, Math.floor(db.engine.parameters_max / columns))
  if (db.engine.caches_statements) size = Math.min(size, CACHED_STATEMENT_ROWS_MAX)
  for (let start = 0; start < rows.length; start += size) {
    if (db.engine.caches_statements) while (size > rows.length - start) size >>= 1
    yield rows.slice(start, start + size)
  }
}
