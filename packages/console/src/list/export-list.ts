import { apiFetch } from '../api/client.ts'
import { toApiError } from '../api/problem.ts'
import type { ApiQuery } from '../api/queries.ts'
import { stringifySearch } from './address.ts'
import { chunk } from './bulk.ts'

export interface ExportOptions {
  format: 'csv' | 'ndjson'
  query: ApiQuery
  /** All columns when left out. */
  fields?: string
  /** Only these leads. */
  ids?: readonly number[]
  signal: AbortSignal
  onProgress: (rows: number) => void
}

const IDS_PER_REQUEST = 50
const ROWS_PER_REQUEST = 500

/** Where the file goes: straight to the disk where the browser can, else into memory and then a download. */
export interface FileSink {
  write(text: string): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

interface SavePicker {
  showSaveFilePicker(options: { suggestedName: string }): Promise<{ createWritable(): Promise<WritableFile> }>
}
interface WritableFile {
  write(text: string): Promise<void>
  close(): Promise<void>
  abort(): Promise<void>
}

/** @throws DOMException AbortError when the person closes the file dialog */
export async function openSink(name: string): Promise<FileSink> {
  if ('showSaveFilePicker' in window) {
    const picker = window as unknown as SavePicker
    const handle = await picker.showSaveFilePicker({ suggestedName: name })
    return handle.createWritable()
  }
  const parts: string[] = []
  return {
    write: async (text) => void parts.push(text),
    close: async () => download(name, new Blob(parts)),
    abort: async () => void parts.splice(0),
  }
}

export function download(name: string, blob: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** Writes a list to a file, page by page to the end of the API's cursor. Returns how many rows were written. */
export async function exportLeads(sink: FileSink, options: ExportOptions): Promise<number> {
  const { ids } = options
  let rows = 0
  let header: string | undefined
  const queries = ids ? chunk(ids, IDS_PER_REQUEST).map((some) => ({ id: `in:${some.join(',')}` })) : [options.query]
  for (const query of queries) {
    let cursor: string | null = null
    do {
      const page: { text: string; next: string | null } = await readPage(options, query, cursor)
      const is_csv = options.format === 'csv'
      if (is_csv) header ??= firstRecord(page.text)
      // A file has the column names once, whether or not a later page repeats them.
      const body = is_csv && header && page.text.startsWith(header) ? page.text.slice(header.length) : page.text
      await sink.write(rows === 0 && cursor === null && query === queries[0] ? page.text : body)
      rows += countRecords(body, options.format)
      cursor = page.next
      options.onProgress(rows)
    } while (cursor)
  }
  return rows
}

async function readPage(
  { format, fields, signal }: ExportOptions,
  query: ApiQuery,
  cursor: string | null,
): Promise<{ text: string; next: string | null }> {
  const parameters = {
    ...query,
    format,
    limit: String(ROWS_PER_REQUEST),
    ...(fields && { fields }),
    ...(cursor && { cursor }),
  }
  const response = await apiFetch(
    new Request(`${location.origin}/leads/export${stringifySearch(parameters)}`, { signal }),
  )
  if (!response.ok) throw await toApiError(response)
  return { text: await response.text(), next: response.headers.get('next-cursor') }
}

/** Records of a page without its head; a line break within quotes is no end of a record. */
export function countRecords(text: string, format: 'csv' | 'ndjson'): number {
  if (format === 'ndjson') return text.split('\n').filter((line) => line !== '').length
  return recordEnds(text).length
}

const firstRecord = (text: string): string => text.slice(0, (recordEnds(text)[0] ?? -1) + 1)

function recordEnds(text: string): number[] {
  const ends: number[] = []
  let is_quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 34) is_quoted = !is_quoted
    else if (code === 10 && !is_quoted) ends.push(at)
  }
  if (text.length > 0 && !text.endsWith('\n')) ends.push(text.length)
  return ends
}

/** The same export for a terminal. */
export function exportCommand(query: ApiQuery, format: string, fields: string | undefined): string {
  const address = `${location.origin}/leads/export${stringifySearch({ ...query, format, limit: '500', ...(fields && { fields }) })}`
  return `curl -H "Authorization: Bearer $LEADS_API_KEY" '${address.replaceAll("'", '%27')}'`
}
