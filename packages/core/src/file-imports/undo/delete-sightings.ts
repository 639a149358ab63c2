import { withTransaction } from '../../database/engine.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import type { UndoContext } from './context.ts'

const LEADS = 10_000

/**
 * Forgets that the file met leads which were there already. An index from a file to its sightings would cost each import
 * more than this one look through the table costs, some thousand leads at a time.
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
          .limit(LEADS)
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
