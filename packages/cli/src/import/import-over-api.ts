import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'
import { isTable } from '@leads/core/file-imports/detect-format'
import type { DryRunReport, MisreadColumn } from '@leads/core/file-imports/dry-run'
import type { FilePreview } from '@leads/core/file-imports/import-file'
import type { RejectionReason } from '@leads/core/file-imports/import-rejections'
import { readData } from '@leads/core/file-imports/read-layout'
import { readRecords } from '@leads/core/file-imports/read-records'
import { Problem } from '@leads/core/problem'
import type { components } from '@leads/functions/openapi/paths'
import { toShownImport } from '../backend/api-backend.ts'
import { type ApiClient, unwrap } from '../backend/api-client.ts'
import type { ShownImport } from '../backend/backend.ts'
import { CommandError } from '../output/errors.ts'

type Batch = components['schemas']['Import']

/** A part is imported within the 30 s of a request, also by a small function. */
const PART_RECORDS_MAX = 3000
const PART_CHARACTERS_MAX = 1_000_000

export interface ApiImportRequest {
  preview: FilePreview
  options: BatchOptions
  import_batch_id: string | undefined
  is_reimport: boolean
  signal: AbortSignal
  onProgress: (progress: { bytes: number; batch: Batch }) => void
}

/**
 * Imports a file through the API in parts. The name of the import is derived from the file and its options, so that the
 * same command resumes an import that was interrupted: `next_record` of the import is its checkpoint.
 */
export async function importOverApi(
  client: ApiClient,
  request: ApiImportRequest,
): Promise<{ batch: ShownImport; outcome: 'completed' | 'resumed' | 'known' }> {
  const { preview, signal } = request
  const { import_batch_id, existing } = await findImport(client, request)
  const toResult = (batch: Batch) => toShownImport(batch, preview.facts.file_hash)
  if (existing?.batch_status === 'completed') return { batch: toResult(existing), outcome: 'known' }
  let batch = existing
  for await (const part of readParts(request, existing?.next_record ?? 0)) {
    signal.throwIfAborted()
    batch = batch
      ? await sendPart(client, import_batch_id, part)
      : await beginImport(client, request, import_batch_id, part)
    request.onProgress({ bytes: part.bytes_read, batch })
  }
  batch ??= await beginImport(client, request, import_batch_id, { content: '', from_record: 0, is_last: true })
  return { batch: toResult(batch), outcome: existing ? 'resumed' : 'completed' }
}

/**
 * Reads a file as the API would import it, in parts, and adds up what they would change. Rows of one part do not see
 * those of another: a lead that is in two parts counts as new in both.
 */
export async function previewOverApi(
  client: ApiClient,
  request: Pick<ApiImportRequest, 'preview' | 'options' | 'signal'> & {
    onProgress: (bytes: number, rows: number) => void
  },
): Promise<DryRunReport> {
  const { preview, options, signal } = request
  const counts = { total_records: 0, new_records: 0, duplicate_records: 0, failed_records: 0 }
  const reasons = new Map<string, RejectionReason>()
  const misread = new Map<string, MisreadColumn>()
  const settings = { ...(isTable(preview.format) && { delimiter: ',' }), map: toMap(preview, options) }
  for await (const { content, line_numbers, bytes_read } of readParts(request, 0)) {
    signal.throwIfAborted()
    const part = await unwrap(client.POST('/imports/preview', { body: { content, ...settings } }))
    for (const name of Object.keys(counts) as (keyof typeof counts)[]) counts[name] += part[name]
    for (const { reason, count, line_number } of part.reasons) {
      const known = reasons.get(reason)
      if (known) known.count += count
      else reasons.set(reason, { reason, count, line_number: line_numbers.get(line_number ?? 0) ?? null })
    }
    for (const { header, misread: cells } of part.columns) {
      const known = misread.get(header)
      if (known && cells) known.count += cells.count
      else if (cells) misread.set(header, { header, ...cells })
    }
    request.onProgress(bytes_read, counts.total_records)
  }
  const frequent = [...reasons.values()].toSorted((a, b) => b.count - a.count)
  return { ...counts, reasons: frequent, misread: [...misread.values()] }
}

/** Returns the import to resume, or a free name. */
async function findImport(
  client: ApiClient,
  { preview, options, import_batch_id: named, is_reimport }: ApiImportRequest,
): Promise<{ import_batch_id: string; existing?: Batch }> {
  const identity = JSON.stringify([preview.facts.file_hash, Object.entries(options).toSorted()])
  const base = named ?? `import-${createHash('sha256').update(identity).digest('hex').slice(0, 8)}`
  for (let number = 1; ; number += 1) {
    const import_batch_id = number === 1 ? base : `${base}-${number}`
    const existing = await findBatch(client, import_batch_id)
    if (!existing) return { import_batch_id }
    const { batch_status } = existing
    if (batch_status === 'importing' || (batch_status === 'completed' && !is_reimport)) {
      assertSameFile(existing, preview)
      return { import_batch_id, existing }
    }
    if (batch_status === 'undoing' || named !== undefined)
      throw new CommandError(
        'conflict',
        `Import ${import_batch_id} is ${batch_status}. Choose another name with --batch to import the file.`,
      )
  }
}

async function findBatch(client: ApiClient, import_batch_id: string): Promise<Batch | undefined> {
  try {
    return await unwrap(client.GET('/imports/{import_batch_id}', { params: { path: { import_batch_id } } }))
  } catch (error) {
    if (error instanceof Problem && error.code === 'not_found') return undefined
    throw error
  }
}

/** The API does not return the hash of a file. */
function assertSameFile({ import_batch_id, file_name }: Batch, { path }: FilePreview): void {
  if (file_name === basename(path).normalize('NFC')) return
  throw new CommandError(
    'conflict',
    `Import ${import_batch_id} belongs to the file ${file_name ?? '(unnamed)'}. Choose another name with --batch.`,
  )
}

interface Part {
  content: string
  from_record: number
  is_last: boolean
  bytes_read: number
  /** The file's line of each line of the content where a record begins. */
  line_numbers: Map<number, number>
}

/** Yields the records from `from_record` on in parts; each part of a table begins with its header. */
async function* readParts(
  { preview, signal }: Pick<ApiImportRequest, 'preview' | 'signal'>,
  from_record: number,
): AsyncGenerator<Part> {
  const { path, facts, format, columns } = preview
  const part: Part = { content: '', from_record, is_last: false, bytes_read: 0, line_numbers: new Map() }
  const onBytes = (bytes: number) => {
    part.bytes_read = bytes
  }
  const { container, encoding } = facts
  const records = readRecords({ path, container, encoding, format, signal, onBytes })
  const header = toCsvLine(columns.map((column) => column.header))
  let count = 0
  let line_number = 1
  const append = (text: string): void => {
    part.content += text
    line_number += text.split('\n').length - 1
  }
  for await (const { record, record_number } of readData(records, preview)) {
    if (record_number <= from_record) continue
    const line = Array.isArray(record.cells) ? toCsvLine(record.cells) : `${JSON.stringify(record.cells)}\n`
    // A full part is sent when there is a next record, because the last part must be marked.
    if (count > 0 && (count >= PART_RECORDS_MAX || part.content.length + line.length > PART_CHARACTERS_MAX)) {
      yield { ...part }
      part.from_record += count
      part.content = ''
      part.line_numbers = new Map()
      line_number = 1
      count = 0
    }
    if (part.content === '' && Array.isArray(record.cells)) append(header)
    part.line_numbers.set(line_number, record.line_number)
    append(line)
    count += 1
  }
  yield { ...part, is_last: true }
}

const toCsvLine = (cells: readonly string[]): string => `${cells.map(quoteCell).join(',')}\n`

const quoteCell = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

function beginImport(
  client: ApiClient,
  { preview, options }: ApiImportRequest,
  import_batch_id: string,
  { content, is_last }: Pick<Part, 'content' | 'from_record' | 'is_last'>,
): Promise<Batch> {
  const body = {
    content,
    file_name: basename(preview.path),
    import_batch_id,
    is_last,
    on_duplicate: options.on_duplicate,
    ...(options.source !== undefined && { source: options.source }),
    ...(isTable(preview.format) && { delimiter: ',' }),
    map: toMap(preview, options),
  }
  return unwrap(client.POST('/imports', { body }))
}

/** Columns of a table without a header were recognized by their values: the API gets generated names, and their meaning. */
function toMap(
  { columns, header_records, format }: FilePreview,
  { map = {} }: BatchOptions,
): Record<string, string | null> {
  if (header_records > 0 || !isTable(format)) return map
  return { ...Object.fromEntries(columns.map(({ header, column }) => [header, column])), ...map }
}

function sendPart(client: ApiClient, import_batch_id: string, part: Part): Promise<Batch> {
  const { content, from_record, is_last } = part
  const params = { path: { import_batch_id } }
  return unwrap(client.POST('/imports/{import_batch_id}/parts', { params, body: { content, from_record, is_last } }))
}
