import type { CompiledQuery, RawBuilder } from 'kysely'
import type { Db } from './engine.ts'

/** Rows of an answer, not decoded: for those that are written as JSON again at once. */
export interface SentRows {
  readonly length: number
  /** What the server sent: at least as many bytes as the values have as texts. */
  readonly bytes: number
  /** The answer has one row, and that has no value. */
  readonly isNull: boolean
  /** A value as other queries return it. */
  read(row: number, column: string): unknown
  /** The first rows with their first columns, as `JSON.stringify` writes what other queries return. */
  toJson(rows_count: number, columns_count: number): string
}

/** A query whose result has one row: the {@link SentRows}. */
export interface SentRowsQuery extends CompiledQuery {
  readonly keeps_sent_rows: boolean
}

/** Ends the text of such a query: the driver must not take it for one whose rows are decoded. */
export const AS_SENT = ' /* as sent */'

/** Runs a query of which the first column is null in no row, or in the only one. For engines with `has_sent_rows`. */
export async function executeSentRows(db: Db, statement: RawBuilder<unknown>): Promise<SentRows> {
  const compiled = statement.compile(db.kysely)
  const query: SentRowsQuery = { ...compiled, sql: compiled.sql + AS_SENT, keeps_sent_rows: true }
  const { rows } = await db.kysely.executeQuery(query as unknown as CompiledQuery<SentRows>)
  return rows[0] as SentRows
}
