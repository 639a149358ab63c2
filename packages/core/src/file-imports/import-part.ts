import { randomUUID } from 'node:crypto'
import type { ColumnMatch, ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'
import { type BatchOptions, completeBatch, getBatch, openBatch } from './batch-state.ts'
import { isTable, resolveFormat, XLSX_FORMAT } from './detect-format.ts'
import type { ImportContext } from './import-file.ts'
import { type FileColumn, importColumns } from './match-columns.ts'
import { type ImportRow, prepareRow } from './prepare-row.ts'
import { type FileLayout, readData, readLayout } from './read-layout.ts'
import { decodeContent, TEXT_BYTES_MAX } from './reading/decode-content.ts'
import { parseRecords } from './reading/parse-records.ts'
import { countCharacters, type FileRecord } from './reading/types.ts'
import { parseXlsxBytes } from './reading/xlsx-records.ts'
import { createTrackedCompanyCache, writeRows } from './write-rows.ts'

/** Imports whose file comes in parts, e.g. over the HTTP API. Each part is a table with the same header. */

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
  /** Number of records before this part. */
  from_record: number
  /** Text, or the bytes of a text in any encoding, a gzip archive or a workbook. */
  content: string | Uint8Array
  /** True: the import is complete with this part. */
  is_last: boolean
}

/** Begins an import whose parts follow. @throws Problem conflict if the name is taken */
export async function beginImport({ db, actor, now }: ImportContext, request: NewImport): Promise<ImportBatch> {
  const { file_name, options, import_batch_id } = request
  // The file is not complete yet, so its content cannot identify the import.
  const file_hash = request.file_hash ?? randomUUID().replaceAll('-', '')
  return openBatch(db, { file_name, file_hash, options, import_batch_id, column_matches: [], actor, at: now() })
}

/**
 * Imports a part. A part that was sent before changes nothing, and an interrupted one is resumed: the checkpoint counts
 * records, not parts.
 * @throws Problem not_found; conflict with `next_record` if a part before this one is missing, or the import has ended;
 * invalid_request for a part that cannot be read or has another header
 */
export async function importPart(context: ImportContext, part: ImportPart): Promise<ImportBatch> {
  const { db, actor, now, log, map } = context
  let batch = await getBatch(db, part.import_batch_id)
  const options = batch.import_options as unknown as BatchOptions
  if (batch.batch_status === 'undoing' || batch.batch_status === 'undone')
    throw new Problem('conflict', `Import ${batch.import_batch_id} was undone. Begin another import.`)
  if (part.from_record > batch.next_record) throw toOutOfOrderProblem(batch, 'A part before this one is missing')
  const read = await readPart(part.content, options, batch.column_matches ?? [])
  const reader = { columns: read.columns, is_export: read.is_export, map, source: options.source }
  // Lines are counted within a part, which says nothing about the file, unless the file has one part only.
  const isWhole = part.is_last && part.from_record === 0
  const news = read.records.slice(batch.next_record - part.from_record).map((record, index): ImportRow => {
    const row = prepareRow(reader, record, batch.next_record + index + 1)
    return isWhole ? row : { ...row, line_number: null }
  })
  if (batch.batch_status === 'completed') {
    if (news.length > 0) throw toOutOfOrderProblem(batch, 'The import has ended')
    return batch
  }
  batch = await saveColumns(context, batch, read.columns)
  const companies = createTrackedCompanyCache(batch.import_batch_id)
  const writer = {
    db,
    on_duplicate: options.on_duplicate,
    actor,
    now,
    log,
    companies,
    source_precedence: context.source_precedence ?? [],
  }
  for (let start = 0; start < news.length; start += PAGE_ROWS) {
    context.signal?.throwIfAborted()
    batch = await writeRows(writer, batch, news.slice(start, start + PAGE_ROWS))
  }
  const isAll = batch.next_record === part.from_record + read.records.length
  return part.is_last && isAll ? completeBatch(db, batch, now()) : getBatch(db, batch.import_batch_id)
}

function toOutOfOrderProblem(batch: ImportBatch, what: string): Problem {
  return new Problem('conflict', `${what}: ${batch.next_record} records are in.`, {
    extensions: { next_record: batch.next_record },
  })
}

interface PartRecords extends Pick<FileLayout, 'columns' | 'is_export'> {
  records: FileRecord[]
}

/** Returns columns and records of a part; none if it is empty, as the last part may be. */
async function readPart(
  content: string | Uint8Array,
  options: BatchOptions,
  known: readonly ColumnMatch[],
): Promise<PartRecords> {
  const { workbook, text } = await decodeContent(content, options.encoding)
  if (text.trim() === '' && workbook === null) return { columns: [], is_export: false, records: [] }
  const format = workbook === null ? resolveFormat(text.slice(0, 256 * 1024), options) : XLSX_FORMAT
  const read = () => (workbook === null ? parseRecords(toTextStream(text), format) : parseXlsxBytes(workbook))
  const layout = await readLayout(read(), format, options)
  const columns = isTable(format) ? withKnownColumns(layout.columns, known) : layout.columns
  const records: FileRecord[] = []
  let characters = 0
  for await (const { record } of readData(read(), { ...layout, columns })) {
    records.push(record)
    characters += countCharacters(record)
    if (characters > TEXT_BYTES_MAX)
      throw new Problem('invalid_request', 'The cells hold more than 32 MB of text. Send the file in parts.')
  }
  return { columns, is_export: layout.is_export, records }
}

/** Decisions from the values of the first part apply to all parts. */
const withKnownColumns = (columns: readonly FileColumn[], known: readonly ColumnMatch[]): FileColumn[] =>
  columns.map((column) => {
    const match = known.find(({ header }) => header === column.header)
    if (match === undefined || match.column === column.column || match.is_override) return column
    return {
      ...column,
      column: match.column,
      key: match.column === null ? null : (importColumns[match.column] ?? column.header),
    }
  })

async function* toTextStream(content: string): AsyncGenerator<string> {
  yield content.replace(/^\ufeff/, '')
}

/** The first part determines the columns of the file. @throws Problem invalid_request for a part with other columns */
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
