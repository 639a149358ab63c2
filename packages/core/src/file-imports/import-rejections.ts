import type { Db } from '../database/engine.ts'
import type { ImportRejection } from '../model/import-batch.ts'

const PAGE_ROWS = 500

/** Yields the rejected records of an import in pages, in file order. */
export async function* streamImportRejections(db: Db, import_batch_id: string): AsyncGenerator<ImportRejection[]> {
  let after_record = 0
  for (;;) {
    const page = await listImportRejections(db, import_batch_id, { after_record, limit: PAGE_ROWS })
    const last = page.at(-1)
    if (!last) return
    after_record = last.record_number
    yield page
  }
}

/** Returns one page of rejected records. */
export async function listImportRejections(
  db: Db,
  import_batch_id: string,
  { after_record, limit }: { after_record: number; limit: number },
): Promise<ImportRejection[]> {
  return db.kysely
    .selectFrom('import_rejections')
    .selectAll()
    .where('import_batch_id', '=', import_batch_id)
    .where('record_number', '>', after_record)
    .orderBy('record_number')
    .limit(limit)
    .execute()
}

export interface RejectionReason {
  reason: string
  count: number
  /** Line of the first occurrence. */
  line_number: number | null
}

/** Returns at most `limit` reasons, the most frequent first. */
export async function countRejectionReasons(
  db: Db,
  import_batch_id: string,
  limit: number,
): Promise<RejectionReason[]> {
  const rows = await db.kysely
    .selectFrom('import_rejections')
    .select(({ fn }) => ['reason', fn.countAll<number>().as('count'), fn.min('line_number').as('line_number')])
    .where('import_batch_id', '=', import_batch_id)
    .groupBy('reason')
    .orderBy('count', 'desc')
    .orderBy('reason')
    .limit(limit)
    .execute()
  return rows.map(({ reason, count, line_number }) => ({ reason, count: Number(count), line_number }))
}
