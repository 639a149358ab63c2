import { basename } from 'node:path'
import type { Db } from '../database/engine.ts'
import { prepareItem } from '../ingest/lead-draft.ts'
import type { Log } from '../log.ts'
import type { Mapper } from '../mapping/map-item.ts'
import type { ImportBatch } from '../model/import-batch.ts'
import { Problem } from '../problem.ts'
import { ITEMS_PER_SLICE, yieldToEventLoop } from '../yield-to-event-loop.ts'
import { type BatchOptions, completeBatch, openBatch } from './batch-state.ts'
import { detectFormat, type FileFormat } from './detect-format.ts'
import { isExportedFile } from './exported-rows.ts'
import { type FileInfo, inspectFile } from './inspect-file.ts'
import { type FileColumn, headerNames, matchColumns } from './match-columns.ts'
import { type ImportRow, prepareRow, type RowReader } from './prepare-row.ts'
import { type FileRecord, readRecords } from './read-records.ts'
import { createTrackedCompanyCache, writeRows } from './write-rows.ts'

/** Rows of a transaction: 1,000 is where the rate levels off (100: 0.7, 5,000: 0.95 of it), as with runs. */
const PAGE_ROWS = 1000
/** A page's text at most, so that memory stays bounded however long the records are. */
const PAGE_CHARACTERS = 4 * 1024 * 1024
const SAMPLES_MAX = 3

/** A file, looked at before anything is imported. */
export interface FilePreview {
  path: string
  facts: FileInfo
  format: FileFormat
  columns: FileColumn[]
  /** Values of the first records, by column. */
  samples: string[][]
  /** The product exported it: values are taken as they are, leads found by their identity. */
  is_export: boolean
}

export interface ImportContext {
  db: Db
  map: Mapper
  actor: string
  now: () => Date
  log: Log
  signal?: AbortSignal | undefined
  onProgress?: ((progress: ImportProgress) => void) | undefined
}

export interface ImportProgress {
  bytes: number
  bytes_total: number
  batch: ImportBatch
}

/** Looks at a file: how it is written, which columns it has and as what they are read. */
export async function previewFile(path: string, options: BatchOptions, signal?: AbortSignal): Promise<FilePreview> {
  const facts = await inspectFile(path, options.encoding, signal)
  if (facts.bytes === 0) throw new Problem('invalid_request', 'The file is empty.')
  const format = resolveFormat(facts.sample, options)
  const layout = await readColumns(readRecords({ path, encoding: facts.encoding, format, signal }), options)
  return { path, facts, format, ...layout }
}

export const resolveFormat = (sample: string, { delimiter, quote }: BatchOptions): FileFormat =>
  detectFormat(sample, { ...(delimiter === undefined ? {} : { delimiter }), ...(quote === undefined ? {} : { quote }) })

/** Reads the columns and some values from the first records. @throws Problem invalid_request where none is of use */
export async function readColumns(
  source: AsyncIterable<FileRecord>,
  options: BatchOptions,
): Promise<Pick<FilePreview, 'columns' | 'samples' | 'is_export'>> {
  const records = await firstRecords(source)
  const [first] = records
  if (first === undefined) throw new Problem('invalid_request', 'The file has no records.')
  const isTable = Array.isArray(first.cells)
  const headers = isTable
    ? headerNames(first.cells as string[])
    : [...new Set(records.flatMap(({ cells }) => Object.keys(cells)))]
  const columns = matchColumns(headers, options.map)
  const is_export = isExportedFile(headers)
  if (!is_export && columns.every(({ column }) => column === null))
    throw new Problem(
      'invalid_request',
      `None of the columns says something about a lead: ${headers.join(', ').slice(0, 500)}. The first line must hold the columns' names; say what they are with --map "NAME=email".`,
    )
  const data = isTable ? records.slice(1) : records
  const samples = columns.map(({ header }, index) =>
    data
      .map(({ cells }) => sampleText(Array.isArray(cells) ? cells[index] : cells[header]))
      .filter((text) => text !== ''),
  )
  return { columns, samples, is_export }
}

const sampleText = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

async function firstRecords(source: AsyncIterable<FileRecord>): Promise<FileRecord[]> {
  const records: FileRecord[] = []
  for await (const record of source) {
    records.push(record)
    if (records.length > SAMPLES_MAX) break
  }
  return records
}

export interface ImportResult {
  batch: ImportBatch
  /** `completed` now, `resumed` and completed now, or `known`: it was complete before, and nothing was done. */
  outcome: 'completed' | 'resumed' | 'known'
}

/**
 * Imports a file, or goes on where an earlier attempt at the same file stopped. May be killed at any moment: a page and
 * its checkpoint are one transaction.
 * @throws Problem for a file that cannot be read; ConcurrentImportError when another process imports it; AbortError
 */
export async function importFile(
  context: ImportContext,
  preview: FilePreview,
  request: { options: BatchOptions; import_batch_id?: string | undefined; is_reimport?: boolean | undefined },
): Promise<ImportResult> {
  const { db, actor, now, signal } = context
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
  const writer = { db, on_duplicate: request.options.on_duplicate, actor, now, log: context.log, companies }
  const progress = { bytes: 0 }
  const pages = readPages(context, preview, batch.next_record, progress)
  let next = pages.next()
  // Awaited below; until then a failure to read must not count as unhandled.
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

/** Pages of prepared rows from a record on. Those before it are read again, which takes 7 µs a record, but not mapped. */
export async function* readPages(
  { map, signal }: Pick<ImportContext, 'map' | 'signal'>,
  { path, facts, format, columns, is_export }: FilePreview,
  from_record: number,
  progress: { bytes: number },
): AsyncGenerator<ImportRow[], undefined> {
  const reader: RowReader = { columns, is_export, map }
  const onBytes = (bytes: number) => {
    progress.bytes = bytes
  }
  let record_number = format.kind === 'csv' ? -1 : 0
  let rows: ImportRow[] = []
  let characters = 0
  for await (const record of readRecords({ path, encoding: facts.encoding, format, signal, onBytes })) {
    record_number += 1
    if (record_number === 0 || record_number <= from_record) continue
    if (record_number % ITEMS_PER_SLICE === 0) await yieldToEventLoop()
    const row = prepareRow(reader, record, record_number)
    // What merging compares is made now, while the database is busy with the page before.
    if ('item' in row && !row.is_export) prepareItem(row.item)
    rows.push(row)
    characters += row.raw.length
    if (rows.length < PAGE_ROWS && characters < PAGE_CHARACTERS) continue
    yield rows
    rows = []
    characters = 0
  }
  if (rows.length > 0) yield rows
  return undefined
}
