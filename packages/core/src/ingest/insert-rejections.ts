import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { Json } from '../model/fields.ts'
import type { Provenance } from './statements/types.ts'

export interface NewRejection {
  run_id: string
  dataset_id: string
  item_offset: number
  actor_id: string | null
  /** Plain words: why the item became no lead. */
  reason: string
  /** The item's own JSON text. */
  raw_data: string
}

/** A reason that fits every engine: no NUL, and of bounded length, whatever an error message quotes. */
export const toStorableReason = (reason: string): string =>
  reason.replaceAll('\u0000', '').toWellFormed().slice(0, 2000)

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
