import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { expiredImport } from '../database/expired-import.ts'
import { selectForUpdate } from '../database/lock.ts'
import { clearTaskState, writeTaskState } from '../database/task-state.ts'
import { withTransaction } from '../database/transaction.ts'

/** Rows of one kind per transaction. */
const BATCH_ROWS = 500

export interface OldImportsOptions {
  db: Db
  /** Imports that were not changed since are removed. */
  before: Date
  is_dry_run: boolean
  hasTime: () => boolean
  now: () => Date
}

/**
 * Removes old imports with what their undo reads, in batches. From its first batch on an import cannot be undone, so that
 * no undo finds a part of it; the next clean-up continues with it.
 */
export async function removeOldImports(options: OldImportsOptions): Promise<{ rows: number; is_finished: boolean }> {
  const { db, before, is_dry_run, hasTime, now } = options
  if (is_dry_run) {
    const { n } = await db.kysely
      .selectFrom('import_batches')
      .select(({ fn }) => fn.countAll().as('n'))
      .where('updated_at', '<', before as never)
      .executeTakeFirstOrThrow()
    return { rows: Number(n), is_finished: true }
  }
  for (let rows = 0; ; ) {
    if (!hasTime()) return { rows, is_finished: false }
    const outcome = await withTransaction(db, (trx) => removeBatch(trx, before, now()))
    if (outcome === 'none') return { rows, is_finished: true }
    if (outcome === 'removed') rows += 1
  }
}

/** Removes a part of the oldest import, or the rest. */
async function removeBatch(trx: Db, before: Date, at: Date): Promise<'none' | 'part' | 'removed'> {
  // Locks it: an undo waits and finds it marked, or was first, and it is old no more.
  const [found] = await selectForUpdate(
    trx,
    trx.kysely
      .selectFrom('import_batches')
      .select(['id', 'import_batch_id'])
      .where('updated_at', '<', before as never)
      .orderBy('id')
      .limit(1),
  )
  if (!found) return 'none'
  for (const [table, key] of tables) {
    if ((await removeRows(trx, table, key, found.import_batch_id)) < BATCH_ROWS) continue
    await writeTaskState(trx, expiredImport(found.id), {}, at)
    return 'part'
  }
  await trx.kysely.deleteFrom('import_batches').where('id', '=', found.id).execute()
  await clearTaskState(trx, expiredImport(found.id))
  return 'removed'
}

/** The rows that go with an import, with what tells those of one import apart. */
const tables = [
  ['import_changes', 'lead_id'],
  ['import_companies', 'company_key'],
  ['import_rejections', 'record_number'],
] as const

/** Returns how many it removed. */
async function removeRows({ kysely }: Db, table: string, key: string, import_batch_id: string): Promise<number> {
  const { rows } = await sql<{ row_key: string | number }>`
    select ${sql.ref(key)} as row_key from ${sql.table(table)} where import_batch_id = ${import_batch_id}
    order by ${sql.ref(key)} limit ${sql.lit(BATCH_ROWS)}`.execute(kysely)
  if (rows.length === 0) return 0
  const keys = sql.join(rows.map(({ row_key }) => row_key))
  await sql`
    delete from ${sql.table(table)}
    where import_batch_id = ${import_batch_id} and ${sql.ref(key)} in (${keys})`.execute(kysely)
  return rows.length
}
