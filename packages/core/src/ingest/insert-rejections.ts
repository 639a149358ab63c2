import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { orUpdate } from '../database/upsert.ts'
import type { Json } from '../model/fields.ts'
import { type NewRejection, toStorableReason } from '../model/sync-rejection.ts'
import type { Provenance } from './provenance.ts'

const refreshedColumns = ['actor_id', 'reason', 'raw_data', 'updated_at', 'updated_by']

/** Keeps refused items whole, with their place in the dataset, for replay. Within the page's transaction. */
export async function insertRejections(
  trx: Db,
  rejections: readonly NewRejection[],
  origin: Provenance,
): Promise<void> {
  for (const slice of chunkRows(trx, rejections, 11)) {
    const insert = trx.kysely.insertInto('sync_rejections').values(
      slice.map(({ raw_data, reason, ...rejection }) => ({
        ...rejection,
        reason: toStorableReason(reason),
        // Text that is JSON already: bound as it is.
        raw_data: sql<Json>`${raw_data}`,
        created_at: origin.at,
        updated_at: origin.at,
        created_by: origin.actor,
        updated_by: origin.actor,
      })),
    )
    // Rejections outlive the purge of their sync. The run may then be synced again from its first item.
    await orUpdate(trx, insert, ['run_id', 'dataset_id', 'item_offset'], (incoming) => ({
      ...Object.fromEntries(refreshedColumns.map((column) => [column, incoming(column)])),
      resolved_at: sql`null`,
      resolved_lead_id: sql`null`,
    })).execute()
  }
}
