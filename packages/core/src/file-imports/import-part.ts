import { randomUUID } from 'node:crypto'
import type { ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'
import { type BatchOptions, completeBatch, getBatch, openBatch } from './batch-state.ts'
import { type ImportContext, readColumns, resolveFormat } from './import-file.ts'
import type { FileColumn } from './match-columns.ts'
import { type ImportRow, prepareRow } from './prepare-row.ts'
import { type FileRecord, parseRecords } from './read-records.ts'
import { createTrackedCompanyCache, writeRows } from './write-rows.ts'

/** Imports whose file comes in parts, e.g. through the HTTP API: each part a table of its own, with the same header. */

const PAGE_ROWS = 1000

export interface NewImport {
  file_name: string | null
  options: BatchOptions
  import_batch_id?: string | undefined
  /** Identifies the request: a repetition then continues its import. By default each request is a new import. */
  file_hash?: string | undefined
}

export interface ImportPart {
  import_batch_id: string
  /** Records before this part: where the part begins in the file. */
  from_record: number
  content: string
  /** Nothing comes after it: the import is complete with it. */
  is_last: boolean
}

/** Begins an import; its parts follow. @throws Problem conflict where the name is taken */
export async function beginImport({ db, actor, now }: ImportContext, request: NewImport): Promise<ImportBatch> {
  const { file_name, options, import_batch_id } = request
  // The file is not complete yet, so its content cannot identify the import.
  const file_hash = request.file_hash ?? randomUUID().replaceAll('-', '')
  return openBatch(db, { file_name, file_hash, options, import_batch_id, column_matches: [], actor, at: now() })
}

/**
 * Brings a part in. A part that was sent before changes nothing, and one that was cut off half-way goes on where it
 * was: the checkpoint counts records, not parts.
 * @throws Problem not_found; conflict with `next_record` where a part before this one is missing, or the import has
 * ended; invalid_request for a part that cannot be read or has another header
 */
export async function importPart(context: ImportContext, part: ImportPart): Promise<ImportBatch> {
  const { db, actor, now, log, map } = context
  let batch = await getBatch(db, part.import_batch_id)
  const options = batch.import_options as unknown as BatchOptions
  if (batch.batch_status === 'undoing' || batch.batch_status === 'undone')
    throw new Problem('conflict', `Import ${batch.import_batch_id} was taken back: begin another one.`)
  if (part.from_record > batch.next_record) throw toOutOfOrderProblem(batch, 'A part before this one is missing')
  const read = await readPart(part.content, options)
  const rows = read.records.map((record, index): ImportRow => {
    const record_number = part.from_record + index + 1
    const row = prepareRow({ ...read, map }, record, record_number)
    // Lines are counted within a part, which tells nobody anything.
    return { ...row, line_number: null }
  })
  const news = rows.slice(batch.next_record - part.from_record)
  if (batch.batch_status === 'completed') {
    if (news.length > 0) throw toOutOfOrderProblem(batch, 'The import has ended')
    return batch
  }
  batch = await saveColumns(context, batch, read.columns)
  const companies = createTrackedCompanyCache(batch.import_batch_id)
  const writer = { db, on_duplicate: options.on_duplicate, actor, now, log, companies }
  for (let start = 0; start < news.length; start += PAGE_ROWS) {
    context.signal?.throwIfAborted()
    batch = await writeRows(writer, batch, news.slice(start, start + PAGE_ROWS))
  }
  const isAll = batch.next_record === part.from_record + rows.length
  return part.is_last && isAll ? completeBatch(db, batch, now()) : getBatch(db, batch.import_batch_id)
}

function toOutOfOrderProblem(batch: ImportBatch, what: string): Problem {
  return new Problem('conflict', `${what}: ${batch.next_record} records are in.`, {
    extensions: { next_record: batch.next_record },
  })
}

interface PartRecords {
  columns: FileColumn[]
  is_export: boolean
  records: FileRecord[]
}

/** Columns and records of a part; of an empty one (the last may be) none. */
async function readPart(content: string, options: BatchOptions): Promise<PartRecords> {
  if (content.trim() === '') return { columns: [], is_export: false, records: [] }
  const format = resolveFormat(content.slice(0, 256 * 1024), options)
  const { columns, is_export } = await readColumns(parseRecords(toTextStream(content), format), options)
  const records: FileRecord[] = []
  for await (const record of parseRecords(toTextStream(content), format)) records.push(record)
  return { columns, is_export, records: format.kind === 'csv' ? records.slice(1) : records }
}

async function* toTextStream(content: string): AsyncGenerator<string> {
  yield content.replace(/^\ufeff/, '')
}

/** The first part says which columns the file has; a table with others is no part of it. */
async function saveColumns(
  { db }: ImportContext,
  batch: ImportBatch,
  columns: readonly FileColumn[],
): Promise<ImportBatch> {
  const known = batch.column_matches ?? []
  if (columns.length === 0) return batch
  if (known.length === 0) {
    const column_matches = columns.map(({ header, column, is_override }) => ({ header, column, is_override }))
    await db.kysely
      .updateTable('import_batches')
      .set({ column_matches })
      .where('import_batch_id', '=', batch.import_batch_id)
      .execute()
    return { ...batch, column_matches }
  }
  const isSame = columns.every(({ header }) => known.some((one) => one.header === header))
  if (isSame) return batch
  const names = known.map(({ header }) => header).join(', ')
  throw new Problem('invalid_request', `Each part begins with the header of the first: ${names}.`)
}
