import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../engine.ts'
import { withTransaction } from '../transaction.ts'

/** Sets the time-out for one transaction: a pooling proxy hands the connection to other clients afterwards. */
export async function queryWithin<Row>(db: Db, statement: RawBuilder<Row>, limit_ms: number): Promise<Row[]> {
  return withTransaction(db, async ({ kysely }) => {
    // A bound value: one text for all times, so one prepared statement. In a function: see migration 011.
    await sql`select limit_statements(${limit_ms}::integer)`.execute(kysely)
    return (await statement.execute(kysely)).rows
  })
}

/** query_canceled */
export const isTimeLimitError = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '57014'
