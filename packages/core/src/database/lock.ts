import type { Db } from './engine.ts'

interface LockableQuery<Row> {
  execute(): Promise<Row[]>
  forUpdate(): { execute(): Promise<Row[]> }
}

/**
 * Returns the selected rows, locked until the transaction ends: another writer of them waits. An engine without row
 * locks gives a transaction the whole database, so there is nothing to lock.
 */
export async function selectForUpdate<Row>(trx: Db, query: LockableQuery<Row>): Promise<Row[]> {
  return (trx.engine.has_row_locks ? query.forUpdate() : query).execute()
}
