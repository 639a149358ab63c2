import { sql } from 'kysely'
import { transaction } from '../database/engine.ts'
import type { Json } from '../entity.ts'
import type { Sighting } from '../sources/entity.ts'
import type { ImportBatch } from './entity.ts'
import type { UndoContext } from './undo.ts'
import { undoOrigin } from './undo-origin.ts'

const SOURCE_ROWS = 2000

/**
 * Forgets that the file met leads which were there already. There is no index from a file to the leads that it met and
 * left alone (it would cost each import a row a lead); sources written since the import began are looked through.
 */
export async function removeSightings({ db, now, actor, signal }: UndoContext, batch: ImportBatch): Promise<void> {
  const { import_batch_id } = batch
  let after = 0
  for (;;) {
    signal?.throwIfAborted()
    const page = await db.kysely
      .selectFrom('lead_sources')
      .select(['id', 'metadata'])
      .where('id', '>', after)
      .where('updated_at', '>=', sql<string>`${new Date(batch.created_at)}`)
      .orderBy('id')
      .limit(SOURCE_ROWS)
      .execute()
    const last = page.at(-1)
    if (!last) return
    after = last.id
    const met = page.filter(({ metadata }) =>
      sightingsOf(metadata).some((one) => one.import_batch_id === import_batch_id),
    )
    if (met.length === 0) continue
    await transaction(db, async (trx) => {
      const query = trx.kysely
        .selectFrom('lead_sources')
        .select(['lead_id', 'metadata'])
        .where(
          'id',
          'in',
          met.map(({ id }) => id),
        )
        .orderBy('lead_id')
      const rows = await (trx.engine.has_row_locks ? query.forUpdate() : query).execute()
      await trx.engine.ingest.updateSources(
        trx,
        rows.map(({ lead_id, metadata }) => ({ lead_id, metadata: without(metadata, import_batch_id) })),
        undoOrigin(actor, now()),
      )
    })
  }
}

type Metadata = Record<string, Json> | null

const sightingsOf = (metadata: Metadata): Sighting[] => (metadata?.sightings ?? []) as Sighting[]

function without(metadata: Metadata, import_batch_id: string): Metadata {
  const { sightings: _, ...rest } = metadata ?? {}
  const left = sightingsOf(metadata).filter((one) => one.import_batch_id !== import_batch_id)
  if (left.length > 0) return { ...rest, sightings: left }
  return Object.keys(rest).length === 0 ? null : rest
}
