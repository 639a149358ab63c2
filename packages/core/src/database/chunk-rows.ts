import type { Db } from './engine.ts'

/** Where statements are kept, the longest list of rows or values in one. */
const CACHED_STATEMENT_ROWS_MAX = 32

/**
 * Slices of `rows` that fit a statement's bound values, at `columns` values a row. Where statements are kept by their
 * text, slices have one of six lengths: with a length of its own for each page, SQLite's memory grew by 200 MB over
 * 300,000 items.
 */
export function* chunkRows<Row>(db: Db, rows: readonly Row[], columns: number): Generator<readonly Row[]> {
  let size = Math.max(1, Math.floor(db.engine.parameters_max / columns))
  if (db.engine.caches_statements) size = Math.min(size, CACHED_STATEMENT_ROWS_MAX)
  for (let start = 0; start < rows.length; start += size) {
    if (db.engine.caches_statements) while (size > rows.length - start) size >>= 1
    yield rows.slice(start, start + size)
  }
}
