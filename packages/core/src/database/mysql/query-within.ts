import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../engine.ts'

/** ER_STATEMENT_TIMEOUT of MariaDB, ER_QUERY_TIMEOUT of MySQL. */
const TIMEOUT_NUMBERS = new Set<unknown>([1969, 3024])

/** Each server reads its own form and takes the other for a comment. */
export async function queryWithin<Row>(db: Db, statement: RawBuilder<Row>, limit_ms: number): Promise<Row[]> {
  const forMariaDb = sql.raw(`/*M!100101 set statement max_statement_time = ${limit_ms / 1000} for */`)
  const forMySql = sql.raw(`/*+ max_execution_time(${limit_ms}) */`)
  const limited = sql<Row>`${forMariaDb} select ${forMySql} * from (${statement}) as timed`
  return (await limited.execute(db.kysely)).rows
}

export const isTimeLimitError = (error: unknown): boolean =>
  TIMEOUT_NUMBERS.has((error as { errno?: unknown } | null)?.errno)
