import { basename } from 'node:path'
import type { Db } from '../database/engine.ts'
import { prepareItem } from '../ingest/lead-draft.ts'
import type { Log } from '../log.ts'
import type { Mapper } from '../mapping/map-item.ts'
import type { ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'
import { ITEMS_PER_SLICE, yieldToEventLoop } from '../yield-to-event-loop.ts'
import { type BatchOptions, completeBatch, openBatch } from './batch-state.ts'
import { resolveFormat, XLSX_FORMAT } from './detect-format.ts'
import { type FileInfo, inspectFile } from './inspect-file.ts'
import { type ImportRow, prepareRow, type RowReader } from './prepare-row.ts'
import { type FileLayout, readData, readLayout } from './read-layout.ts'
import { readRecords } from './read-records.ts'
import { countCharacters, type FileFormat } from './reading/types.ts'
import { createTrackedCompanyCache, writeRows } from './write-rows.ts'

/** Rows per transaction: 1,000 is where the rate levels off (100: 0.7, 5,000: 0.95 of it), as with runs. */
const PAGE_ROWS = 1000
/** Characters per page at most, so that memory stays bounded regardless of the length of records. */
const PAGE_CHARACTERS = 4 * 1024 * 1024

/** A file, read as far as is needed to show how it will be imported. */
export interface FilePreview extends FileLayout {
  path: string
  facts: FileInfo
  format: FileFormat
}

export interface ImportContext {
  db: Db
  map: Mapper
  actor: string
  now: () => Date
  log: Log
  /** As of a sync. */
  source_precedence?: readonly string[]
  signal?: AbortSignal | undefined
  onProgress?: ((progress: ImportProgress) => void) | undefined
}

export interface ImportProgress {
  bytes: number
  bytes_total: number
  batch: ImportBatch
}

/** Reads how a file is written, which columns it has and what they fill. @throws Problem invalid_request */
export async function previewFile(path: string, options: BatchOptions, signal?: AbortSignal): Promise<FilePreview> {
  const facts = await inspectFile(path, options.encoding, signal)
  if (facts.bytes === 0) throw new Problem('invalid_request', 'The file is empty.')
  const { container, encoding } = facts
  const format = container === 'xlsx' ? XLSX_FORMAT : resolveFormat(facts.sample, options)
  const layout = await readLayout(readRecords({ path, container, encoding, format, signal }), format, options)
  return { path, facts, format, ...layout }
}

export interface ImportResult {
  batch: ImportBatch
  /** `completed`; `resumed` and completed; or `known`: it was complete before, and nothing was done. */
  outcome: 'completed' | 'resumed' | 'known'
}

/**
 * Imports a file, or resumes an earlier import of the same file. Can be killed at any moment: a page and its checkpoint
 * are one transaction.
 * @throws Problem for a file that cannot be read; ConcurrentImportError if another process imports it; AbortError
 */
export async function importFile(
  context: ImportContext,
  preview: FilePreview,
  request: { options: BatchOptions; import_batch_id?: string | undefined; is_reimport?: boolean | undefined },
): Promise<ImportResult> {
  const { db, actor, now, signal, source_precedence = [] } = context
  const { facts, columns } = preview
  let batch = await openBatch(db, {
    ...request,
    file_name: basename(preview.path),
    file_hash: facts.file_hash,
    column_matches: columns,
    actor,
    at: now(),
  })
  if (batch.batch_status === 'completed') return { batch, outcome: 'known' }
  const isResumed = batch.next_record > 0
  const companies = createTrackedCompanyCache(batch.import_batch_id)
  const writer = {
    db,
    on_duplicate: request.options.on_duplicate,
    actor,
    now,
    log: context.log,
    companies,
    source_precedence,
  }
  const progress = { bytes: 0 }
  const pages = readPages({ ...context, source: request.options.source }, preview, batch.next_record, progress)
  let next = pages.next()
  // Awaited below. Until then a failed read must not count as an unhandled rejection.
  next.catch(() => {})
  try {
    for (;;) {
      const { done, value: rows } = await next
      if (done) break
      signal?.throwIfAborted()
      // The next page is read and mapped while the database writes this one.
      next = pages.next()
      next.catch(() => {})
      batch = await writeRows(writer, batch, rows)
      context.onProgress?.({ bytes: progress.bytes, bytes_total: facts.bytes, batch })
    }
  } finally {
    await pages.return(undefined).catch(() => {})
  }
  signal?.throwIfAborted()
  return { batch: await completeBatch(db, batch, now()), outcome: isResumed ? 'resumed' : 'completed' }
}

/** Yields pages of prepared rows from a record on. Earlier records are read again, but not mapped. */
export async function* readPages(
  { map, signal, source }: Pick<ImportContext, 'map' | 'signal'> & Pick<BatchOptions, 'source'>,
  { path, facts, format, columns, is_export, header_records }: FilePreview,
  from_record: number,
  progress: { bytes: number },
): AsyncGenerator<ImportRow[], undefined> {
  const reader: RowReader = { columns, is_export, map, source }
  const onBytes = (bytes: number) => {
    progress.bytes = bytes
  }
  const { container, encoding } = facts
  const records = readRecords({ path, container, encoding, format, signal, onBytes })
  let rows: ImportRow[] = []
  let characters = 0
  for await (const { record, record_number } of readData(records, { columns, header_records })) {
    if (record_number <= from_record) continue
    if (record_number % ITEMS_PER_SLICE === 0) await yieldToEventLoop()
    const row = prepareRow(reader, record, record_number)
    // What merging compares is computed now, while the database writes the page before.
    if ('item' in row && !row.is_export) prepareItem(row.item)
    rows.push(row)
    characters += countCharacters(record)
    if (rows.length < PAGE_ROWS && characters < PAGE_CHARACTERS) continue
    yield rows
    rows = []
    characters = 0
  }
  if (rows.length > 0) yield rows
  return undefined
}
