import { type BulkLoad, type Db, RowsRefusedError, withTransaction } from '../../database/engine.ts'
import { chunkBySize, createInsertLeads, portableStatements } from './portable.ts'
import type { IngestStatements } from './types.ts'

/**
 * The rows of new leads go by bulk load where the server has one. If it refuses a row, nothing is loaded, and the portable
 * statements either insert the rows or tell what is wrong.
 */

/** Fewer rows are sent as values: a bulk load is a round trip more. */
const LOADED_ROWS_MIN = 50

async function loadOr<Result>(
  trx: Db,
  rows_count: number,
  load: (nested: Db, insertRows: BulkLoad['insertRows']) => Promise<Result>,
  insert: () => Promise<Result>,
): Promise<Result> {
  const { bulkLoad } = trx.engine
  if (!bulkLoad || rows_count < LOADED_ROWS_MIN || !(await bulkLoad.isAllowed(trx))) return insert()
  try {
    return await withTransaction(trx, (nested) => load(nested, bulkLoad.insertRows))
  } catch (error) {
    // Unknown: a proxy in between, or a setting that was changed.
    if (!(error instanceof RowsRefusedError) && trx.engine.classifyError(error) !== 'unknown') throw error
    return insert()
  }
}

export const mysqlStatements = {
  insertLeads: (trx, leads, origin) =>
    loadOr(
      trx,
      leads.length,
      (nested, insertRows) => createInsertLeads(inChunks(insertRows))(nested, leads, origin),
      () => portableStatements.insertLeads(trx, leads, origin),
    ),
  insertIdentities: (trx, identities, seen_at) =>
    loadOr(
      trx,
      identities.length,
      (nested, insertRows) =>
        insertRows(
          nested,
          'lead_identities',
          ['identity', 'lead_id', 'is_shared', 'seen_at'],
          identities.map(({ identity, lead_id, is_shared }) => [identity, lead_id, is_shared, seen_at]),
        ),
      () => portableStatements.insertIdentities(trx, identities, seen_at),
    ),
} satisfies Partial<IngestStatements>

/** All of a page as one text would take three times its size in memory. */
const inChunks =
  (insertRows: BulkLoad['insertRows']): BulkLoad['insertRows'] =>
  async (trx, table, columns, rows) => {
    for (const chunk of chunkBySize(rows)) await insertRows(trx, table, columns, chunk)
  }
