import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { Json } from '../model/fields.ts'
import { type NewRejection, toStorableReason } from '../model/sync-rejection.ts'
import type { Provenance } from './provenance.ts'

/** Keeps refused items whole, with their place in the dataset, for replay. Within the page's transaction. */
export async function insertRejections(
  trx: Db,
  rejections: readonly NewRejection[],
  origin: Provenance,
): Promise<void> {
  for (const slice of chunkRows(trx, rejections, 11)) {
    await trx.kysely
      .insertInto('sync_rejections')
      .values(
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
      .execute()
  }
}
