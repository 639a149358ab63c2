import type { RawBuilder } from 'kysely'
import type { Db } from './engine.ts'

/** The database ended a query that took longer than allowed. */
export class TimeLimitError extends Error {
  constructor(limit_ms: number, cause?: unknown) {
    super(`The database did not answer within ${limit_ms} ms.`, cause === undefined ? undefined : { cause })
    this.name = 'TimeLimitError'
  }
}

/** Runs a query and returns its rows. */
export type RunQuery = <Row>(statement: RawBuilder<Row>) => Promise<Row[]>

export const createUnlimitedQuery =
  (db: Db): RunQuery =>
  async (statement) =>
    (await statement.execute(db.kysely)).rows

/**
 * Returns a function that runs queries which together may take `limit_ms`. The server itself ends a query that is late:
 * a client that only stopped waiting would leave it running, and repeat it. SQLite cannot be interrupted: its queries run
 * to their end. So do those inside a transaction, which a late query would end.
 * @throws TimeLimitError
 */
export function createTimedQuery(db: Db, limit_ms: number): RunQuery {
  const { queryWithin, isTimeLimitError } = db.engine
  if (!queryWithin || db.isInTransaction) return createUnlimitedQuery(db)
  const deadline_ms = performance.now() + limit_ms
  return async (statement) => {
    const remaining_ms = Math.round(deadline_ms - performance.now())
    if (remaining_ms <= 0) throw new TimeLimitError(limit_ms)
    try {
      return await queryWithin(db, statement, remaining_ms)
    } catch (error) {
      throw isTimeLimitError?.(error) ? new TimeLimitError(limit_ms, error) : error
    }
  }
}
