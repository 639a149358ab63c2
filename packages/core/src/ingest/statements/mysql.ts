import type { BulkLoad, Db } from '../../database/engine.ts'
import { withTransaction } from '../../database/transaction.ts'
import type { Provenance } from '../provenance.ts'
import { createInsertLeads, findIdsByKey, portableStatements } from './portable.ts'
import type { IngestStatements, NewLead } from './types.ts'

/**
 * The rows of new leads go by bulk load where the server has one. If it refuses a row, nothing is loaded, and the portable
 * statements either insert the rows or tell what is wrong.
 */

/** Fewer rows are sent as values: a bulk load is a round trip more. */
const LOADED_ROWS_MIN = 50

async function loadOr<Result>(
  trx: Db,
  rows_count: number,
  load: (nested: Db, bulkLoad: BulkLoad) => Promise<Result>,
  insert: () => Promise<Result>,
): Promise<Result> {
  const { bulkLoad } = trx.engine
  if (!bulkLoad || rows_count < LOADED_ROWS_MIN || !(await bulkLoad.isAllowed(trx))) return insert()
  try {
    return await withTransaction(trx, (nested) => load(nested, bulkLoad))
  } catch (error) {
    // Unknown: rows that were refused, a proxy in between, or a setting that was changed.
    if (trx.engine.classifyError(error) !== 'unknown') throw error
    return insert()
  }
}

export const mysqlStatements = {
  insertLeads: (trx, leads, origin) =>
    loadOr(
      trx,
      leads.length,
      (nested, { insertRows, findFirstId }) =>
        createInsertLeads(insertRows, createFindIds(findFirstId))(nested, leads, origin),
      () => portableStatements.insertLeads(trx, leads, origin),
    ),
  insertIdentities: (trx, identities, seen_at) =>
    loadOr(
      trx,
      identities.length,
      (nested, { insertRows }) =>
        insertRows(
          nested,
          'lead_identities',
          ['identity', 'lead_id', 'is_shared', 'seen_at'],
          identities.map(({ identity, lead_id, is_shared }) => [identity, lead_id, is_shared, seen_at]),
        ),
      () => portableStatements.insertIdentities(trx, identities, seen_at),
    ),
} satisfies Partial<IngestStatements>

/** Counts up from the first id, in place of a look-up of a thousand keys. */
const createFindIds =
  (findFirstId: BulkLoad['findFirstId']) =>
  async (trx: Db, leads: readonly NewLead[], origin: Provenance): Promise<Map<string, number>> => {
    const first_id = await findFirstId(trx)
    if (first_id === null) return findIdsByKey(trx, leads, origin)
    return new Map(leads.map(({ external_id }, index) => [external_id, first_id + index]))
  }
