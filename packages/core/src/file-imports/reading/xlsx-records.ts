import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Problem } from '../../problem.ts'
import { recognizeColumn } from '../columns/recognize-column.ts'
import { CELLS_MAX, RECORD_CHARACTERS_MAX, TOO_LONG } from './csv-records.ts'
import { HEADER_RECORDS_MAX } from './find-header.ts'
import { countCharacters, type FileRecord } from './types.ts'

/**
 * Reads a sheet of an Excel workbook as a table, row by row: the first one, unless it is empty or a cover with nothing but
 * texts in one column.
 */

/** Bytes of a workbook at most: texts that its cells share are held in memory. */
const WORKBOOK_BYTES_MAX = 200 * 1024 * 1024
const SHEETS_MAX = 10

interface XlsxOptions {
  signal?: AbortSignal | undefined
  onBytes?: ((bytes: number) => void) | undefined
}

/** @throws Problem invalid_request for a workbook that cannot be read */
export const parseXlsx = (path: string, options: XlsxOptions = {}): AsyncGenerator<FileRecord> =>
  readTable((sheet) => readFileSheet(path, sheet, options))

/** Reads a workbook that is in memory. @throws Problem invalid_request for a workbook that cannot be read */
export const parseXlsxBytes = (bytes: Uint8Array): AsyncGenerator<FileRecord> =>
  readTable((sheet) => readSheet(bytes, sheet))

type SheetReader = (sheet: number) => AsyncGenerator<FileRecord>

async function* readTable(read: SheetReader): AsyncGenerator<FileRecord> {
  const first: FileRecord[] = []
  const rows = read(0)
  for await (const row of rows) {
    first.push(row)
    if (!isTableBegun(first) && first.length < HEADER_RECORDS_MAX) continue
    yield* first
    yield* rows
    return
  }
  const other = await findOtherSheet(read)
  if (other === null) yield* first
  else yield* read(other)
}

/** Returns the number of the first further sheet with a table, or null. */
async function findOtherSheet(read: SheetReader): Promise<number | null> {
  for (let sheet = 1; sheet < SHEETS_MAX; sheet += 1) {
    const rows: FileRecord[] = []
    try {
      for await (const row of read(sheet)) {
        rows.push(row)
        if (isTableBegun(rows)) return sheet
        if (rows.length >= HEADER_RECORDS_MAX) break
      }
    } catch (error) {
      // There are no more sheets. A damaged workbook has failed at its first one.
      if ((error as Error).name === 'AbortError') throw error
      return null
    }
  }
  return null
}

/** Columns that are a list by themselves. A title such as "Contacts" is none. */
const LIST_COLUMNS: ReadonlySet<string | null> = new Set([
  'email',
  'phone',
  'website',
  'linkedin_url',
  'company_domain',
])

/** The last of these rows has several cells, or the name of such a column. */
function isTableBegun(rows: readonly FileRecord[]): boolean {
  const cells = rows.at(-1)?.cells
  if (!Array.isArray(cells)) return false
  const [first = '', ...others] = cells.filter((cell) => cell.trim() !== '')
  return others.length > 0 || LIST_COLUMNS.has(recognizeColumn(first).column)
}

async function* readFileSheet(
  path: string,
  sheet: number,
  { signal, onBytes }: XlsxOptions,
): AsyncGenerator<FileRecord> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024, ...(signal && { signal }) })
  let bytes = 0
  file.on('data', (chunk) => {
    bytes += chunk.length
    onBytes?.(bytes)
    if (bytes > WORKBOOK_BYTES_MAX)
      file.destroy(
        new Problem('invalid_request', 'Workbooks of more than 200 MB cannot be read. Save the sheet as CSV.'),
      )
  })
  try {
    yield* readSheet(Readable.toWeb(file) as unknown as ReadableStream<Uint8Array>, sheet)
  } finally {
    file.destroy()
  }
}

async function* readSheet(source: Uint8Array | ReadableStream<Uint8Array>, sheet: number): AsyncGenerator<FileRecord> {
  // The reader is 46 KB of code that other files do not need.
  const { streamXlsxRows } = await import('./xlsx-reader.ts')
  try {
    for await (const { index, values } of streamXlsxRows(source, { sheet })) {
      const cells = values.slice(0, CELLS_MAX).map(toText)
      if (cells.every((cell) => cell.trim() === '')) continue
      const record: FileRecord = { line_number: index + 1, cells }
      // Cells may share one long text: the file can be much smaller than what its rows hold.
      if (countCharacters(record) > RECORD_CHARACTERS_MAX)
        yield { ...record, cells: [cells.find((cell) => cell !== '')?.slice(0, 1000) ?? ''], problem: TOO_LONG }
      else yield record
    }
  } catch (error) {
    if (error instanceof Problem || (error as Error).name === 'AbortError') throw error
    throw new Problem('invalid_request', `The Excel workbook cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

/** Numbers without an exponent, dates as ISO dates. */
function toText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace(/T00:00:00\.000Z$/, '')
  if (typeof value === 'number')
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? BigInt(value).toString() : String(value)
  if (typeof value === 'boolean') return String(value)
  return JSON.stringify(value) ?? ''
}
