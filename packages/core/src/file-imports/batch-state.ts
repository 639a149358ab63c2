import { createHash } from 'node:crypto'
import { type Expression, type SqlBool, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { OnDuplicate } from '../ingest/apply-items.ts'
import type { BatchStatus, ColumnMatch, ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'

/** Options that, together with the bytes of the file, identify an import. */
export interface BatchOptions {
  on_duplicate: OnDuplicate
  delimiter?: string | undefined
  encoding?: string | undefined
  quote?: string | undefined
  /** Line of the header, if it cannot be found. */
  header_line?: number | undefined
  map?: Record<string, string | null> | undefined
  /** Name of the system that the file is from, within which the ids of its records mean something. */
  source?: string | undefined
}

export interface OpenBatchRequest {
  file_name: string | null
  file_hash: string
  options: BatchOptions
  column_matches: readonly ColumnMatch[]
  /** Name of the import; generated from the file's hash by default. */
  import_batch_id?: string | undefined
  /** Import a file again whose import is complete. */
  is_reimport?: boolean | undefined
  actor: string
  at: Date
}

/** Another process imports the same file. Discard the prepared rows. */
export class ConcurrentImportError extends Error {
  constructor(import_batch_id: string) {
    super(
      `Import ${import_batch_id} is being changed by another process. Wait until it has finished, then check \`leads import show ${import_batch_id}\`.`,
    )
    this.name = 'ConcurrentImportError'
  }
}

export async function findBatch(db: Db, import_batch_id: string): Promise<ImportBatch | undefined> {
  const row = await db.kysely
    .selectFrom('import_batches')
    .selectAll()
    .where('import_batch_id', '=', import_batch_id)
    .executeTakeFirst()
  return row as ImportBatch | undefined
}

/** @throws Problem not_found */
export async function getBatch(db: Db, import_batch_id: string): Promise<ImportBatch> {
  const batch = await findBatch(db, import_batch_id)
  if (batch) return batch
  throw new Problem('not_found', `There is no import ${import_batch_id}. See \`leads import list\`.`)
}

/** Newest first. */
export async function listBatches(db: Db, limit = 50): Promise<ImportBatch[]> {
  const rows = await db.kysely.selectFrom('import_batches').selectAll().orderBy('id', 'desc').limit(limit).execute()
  return rows as ImportBatch[]
}

const optionsHash = (options: BatchOptions): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        Object.entries(options)
          .filter(([, value]) => value !== undefined)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    )
    .digest('hex')

/**
 * Returns the batch of a file: the existing one with the same bytes and options unless it was undone, else a new one.
 * A completed batch is returned as is, unless `is_reimport` requests another.
 * @throws Problem conflict if the name belongs to another file, or an undo is in progress
 */
export async function openBatch(db: Db, request: OpenBatchRequest): Promise<ImportBatch> {
  const options_hash = optionsHash(request.options)
  const named = request.import_batch_id === undefined ? undefined : await findBatch(db, request.import_batch_id)
  if (named && (named.file_hash !== request.file_hash || named.options_hash !== options_hash))
    throw new Problem(
      'conflict',
      `Import ${named.import_batch_id} belongs to another file or has other options. Choose another name with --batch.`,
    )
  const known =
    named ??
    (request.import_batch_id === undefined ? await findNewestBatch(db, request.file_hash, options_hash) : undefined)
  if (known?.batch_status === 'undoing')
    throw new Problem(
      'conflict',
      `Import ${known.import_batch_id} of this file is being undone. Finish the undo first: \`leads import undo ${known.import_batch_id}\`.`,
    )
  if (known?.batch_status === 'importing') return known
  if (known?.batch_status === 'completed' && !request.is_reimport) return known
  if (named)
    throw new Problem(
      'conflict',
      `Import ${named.import_batch_id} is ${named.batch_status}. Choose another name with --batch to import the file again.`,
    )
  return createBatch(db, request, options_hash)
}

async function findNewestBatch(db: Db, file_hash: string, options_hash: string): Promise<ImportBatch | undefined> {
  const row = await db.kysely
    .selectFrom('import_batches')
    .selectAll()
    .where('file_hash', '=', file_hash)
    .where('options_hash', '=', options_hash)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row as ImportBatch | undefined
}

/** Tries `import-1a2b3c4d`, `import-1a2b3c4d-2`, … until the unique key accepts one. */
async function createBatch(db: Db, request: OpenBatchRequest, options_hash: string): Promise<ImportBatch> {
  const base = request.import_batch_id ?? `import-${request.file_hash.slice(0, 8)}`
  for (let number = 1; ; number += 1) {
    const import_batch_id = number === 1 ? base : `${base}-${number}`
    const taken = await findBatch(db, import_batch_id)
    // Another process has begun the same file in the meantime: of the two, one imports it.
    if (taken?.batch_status === 'importing' && isSameImport(taken, request, options_hash)) return taken
    if (taken) continue
    try {
      await db.kysely
        .insertInto('import_batches')
        .values({
          import_batch_id,
          file_name: request.file_name?.normalize('NFC').slice(0, 255) ?? null,
          file_hash: request.file_hash,
          import_options: JSON.parse(JSON.stringify(request.options)),
          options_hash,
          column_matches: request.column_matches.map(({ header, column, is_override }) => ({
            header,
            column,
            is_override,
          })),
          created_at: request.at,
          updated_at: request.at,
          created_by: request.actor,
          updated_by: request.actor,
        })
        .execute()
      return await getBatch(db, import_batch_id)
    } catch (error) {
      if (db.engine.classifyError(error) !== 'unique') throw error
      // Check the same name again: the other process has just taken it.
      number -= 1
    }
  }
}

const isSameImport = (batch: ImportBatch, { file_hash }: OpenBatchRequest, options_hash: string): boolean =>
  batch.file_hash === file_hash && batch.options_hash === options_hash

export interface BatchCounts {
  total_records: number
  synced_records: number
  duplicate_records: number
  failed_records: number
}

/**
 * Advances the checkpoint by compare-and-set as the first statement of a page's transaction. If two processes import
 * one file, the second waits here, sees that the checkpoint has moved, and rolls back.
 * @throws ConcurrentImportError
 */
export async function advanceBatch(
  trx: Db,
  batch: ImportBatch,
  counts: BatchCounts,
  at: Date,
  column_matches: readonly ColumnMatch[] | null = null,
): Promise<void> {
  const plus = (column: keyof BatchCounts | 'next_record', value: number) =>
    sql<number>`${sql.ref(column)} + ${sql.lit(value)}`
  await updateBatchIf(trx, batch, ['importing'], {
    next_record: plus('next_record', counts.total_records),
    total_records: plus('total_records', counts.total_records),
    synced_records: plus('synced_records', counts.synced_records),
    duplicate_records: plus('duplicate_records', counts.duplicate_records),
    failed_records: plus('failed_records', counts.failed_records),
    updated_at: at,
    ...(column_matches === null ? {} : { column_matches }),
  })
}

/** Completes an import if all of its records are accounted for. @throws ConcurrentImportError */
export async function completeBatch(db: Db, batch: ImportBatch, at: Date): Promise<ImportBatch> {
  const isAccounted = sql<SqlBool>`total_records = synced_records + duplicate_records + failed_records`
  await updateBatchIf(
    db,
    batch,
    ['importing'],
    { batch_status: 'completed', completed_at: at, updated_at: at },
    isAccounted,
  )
  return getBatch(db, batch.import_batch_id)
}

/** Changes a batch if its checkpoint and status are still those that the caller has read. @throws ConcurrentImportError */
export async function updateBatchIf(
  db: Db,
  batch: ImportBatch,
  from: readonly BatchStatus[],
  values: Record<string, unknown>,
  condition?: Expression<SqlBool>,
): Promise<void> {
  let update = db.kysely
    .updateTable('import_batches')
    .set(values)
    .where('import_batch_id', '=', batch.import_batch_id)
    .where('next_record', '=', batch.next_record)
    .where('batch_status', 'in', from)
  if (condition) update = update.where(condition)
  const { numUpdatedRows } = await update.executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ConcurrentImportError(batch.import_batch_id)
}
