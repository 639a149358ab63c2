import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import { retryOnConflict } from '../ingest/retry-on-conflict.ts'

/**
 * Runs a merge in one transaction. On MariaDB two merges of overlapping pairs can deadlock in the indexes that both change:
 * the one that was rolled back runs again.
 */
export const inTransaction = <Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> =>
  retryOnConflict(db, () => withTransaction(db, work))
