import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { BatchOptions } from '@leads/core/file-imports/batch-state'
import type { FilePreview } from '@leads/core/file-imports/import-file'
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
const PART_BYTES_MAX = 2_000_000

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
  if (file_name === basename(path)) return
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
}

/** Yields the records from `from_record` on in parts; each part of a CSV file begins with its header. */
async function* readParts({ preview, signal }: ApiImportRequest, from_record: number): AsyncGenerator<Part> {
  const { path, facts, format } = preview
  let bytes_read = 0
  const onBytes = (bytes: number) => {
    bytes_read = bytes
  }
  let header = ''
  let lines: string[] = []
  let bytes = 0
  let start = from_record
  let record_number = format.kind === 'csv' ? -1 : 0
  for await (const { cells } of readRecords({ path, encoding: facts.encoding, format, signal, onBytes })) {
    const line = Array.isArray(cells) ? `${cells.map(quoteCell).join(',')}\n` : `${JSON.stringify(cells)}\n`
    if (record_number === -1) header = line
    record_number += 1
    if (record_number === 0 || record_number <= from_record) continue
    // A full part is sent when there is a next record: the last part must be marked.
    if (lines.length >= PART_RECORDS_MAX || bytes + line.length > PART_BYTES_MAX) {
      if (lines.length > 0) yield { content: header + lines.join(''), from_record: start, is_last: false, bytes_read }
      start += lines.length
      lines = []
      bytes = 0
    }
    lines.push(line)
    bytes += Buffer.byteLength(line)
  }
  yield { content: lines.length === 0 ? '' : header + lines.join(''), from_record: start, is_last: true, bytes_read }
}

const quoteCell = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

function beginImport(
  client: ApiClient,
  { preview, options }: ApiImportRequest,
  import_batch_id: string,
  { content, is_last }: Pick<Part, 'content' | 'from_record' | 'is_last'>,
): Promise<Batch> {
  const { on_duplicate, map } = options
  const body = {
    content,
    file_name: basename(preview.path),
    import_batch_id,
    is_last,
    on_duplicate,
    ...(preview.format.kind === 'csv' && { delimiter: ',' }),
    ...(map && { map }),
  }
  return unwrap(client.POST('/imports', { body }))
}

function sendPart(client: ApiClient, import_batch_id: string, part: Part): Promise<Batch> {
  const { content, from_record, is_last } = part
  const params = { path: { import_batch_id } }
  return unwrap(client.POST('/imports/{import_batch_id}/parts', { params, body: { content, from_record, is_last } }))
}
