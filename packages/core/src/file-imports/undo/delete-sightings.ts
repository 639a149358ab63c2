import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { withTransaction } from '../../database/transaction.ts'
import { toStrongIdentities } from '../../duplicates/strong-identities.ts'
import type { ImportBatch } from '../../model/import-batch.ts'
import type { UndoContext } from './context.ts'

const SCANNED_LEADS = 10_000

/**
 * Deletes the file's sightings of leads that already existed, and the identities that it gave them. Scans the table in slices: an index from files to
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
    const slice: Slice = { after, last, import_batch_id }
    await withTransaction(db, async (trx) => {
      await deleteGivenIdentities(trx, slice)
      await trx.kysely
        .deleteFrom('lead_sightings')
        .where('lead_id', '>', slice.after)
        .where('lead_id', '<=', slice.last)
        .where('source_type', '=', 'import')
        .where('source_id', '=', import_batch_id)
        .execute()
    })
    after = last
  }
}

/** Leads above `after`, up to `last`. */
interface Slice {
  after: number
  last: number
  import_batch_id: string
}

/**
 * The identities that the file gave leads which already existed: stored at the time of its sighting. Those that a lead
 * still states stay. Without this, the address of a wrong row would keep joining its person to that lead.
 */
async function deleteGivenIdentities(trx: Db, { after, last, import_batch_id }: Slice): Promise<void> {
  const given = await trx.kysely
    .selectFrom('lead_sightings')
    .innerJoin('lead_identities', (join) =>
      join
        .onRef('lead_identities.lead_id', '=', 'lead_sightings.lead_id')
        .onRef('lead_identities.seen_at', '=', 'lead_sightings.seen_at'),
    )
    .innerJoin('sales_leads', 'sales_leads.id', 'lead_sightings.lead_id')
    .select(['identity', 'external_id', 'full_name', 'company_name', 'street', 'email', 'additional_emails'])
    .where('lead_sightings.lead_id', '>', after)
    .where('lead_sightings.lead_id', '<=', last)
    .where('source_type', '=', 'import')
    .where('source_id', '=', import_batch_id)
    .execute()
  const unstated = given.filter((lead) => !toStrongIdentities(lead).includes(lead.identity))
  for (const chunk of chunkRows(trx, unstated, 1)) {
    const identities = chunk.map(({ identity }) => identity)
    await trx.kysely.deleteFrom('lead_identities').where('identity', 'in', identities).execute()
  }
}
