import { withTransaction } from '../../database/engine.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import type { UndoContext } from './context.ts'

const SCANNED_LEADS = 10_000

/**
 * Deletes the file's sightings of leads that already existed. Scans the table in slices: an index from files to
 * sightings would cost every import more than this scan costs an undo.
 */
export async function deleteImportSightings(
  { db, signal }: UndoContext,
  { import_batch_id }: ImportBatch,
): Promise<void> {
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const { last } = await db.kysely
      .selectFrom((from) =>
        from
          .selectFrom('lead_sightings')
          .select('lead_id')
          .where('lead_id', '>', after)
          .orderBy('lead_id')
          .limit(SCANNED_LEADS)
          .as('next'),
      )
      .select((select) => select.fn.max('lead_id').as('last'))
      .executeTakeFirstOrThrow()
    if (last === null) return
    await withTransaction(db, (trx) =>
      trx.kysely
        .deleteFrom('lead_sightings')
        .where('lead_id', '>', after)
        .where('lead_id', '<=', last)
        .where('source_type', '=', 'import')
        .where('source_id', '=', import_batch_id)
        .execute(),
    )
    after = last
  }
}
