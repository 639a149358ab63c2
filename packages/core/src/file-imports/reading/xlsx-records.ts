import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { Problem } from '../../problem.ts'
import { CELLS_MAX, RECORD_CHARACTERS_MAX, TOO_LONG } from './csv-records.ts'
import { countCharacters, type FileRecord } from './types.ts'

/** Reads the first sheet of an Excel workbook as a table, row by row. */

/** Bytes of a workbook at most: texts that its cells share are held in memory. */
const WORKBOOK_BYTES_MAX = 200 * 1024 * 1024

/** @throws Problem invalid_request for a workbook that cannot be read */
export async function* parseXlsx(
  path: string,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: ((bytes: number) => void) | undefined } = {},
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
    yield* readRows(Readable.toWeb(file) as unknown as ReadableStream<Uint8Array>)
  } finally {
    file.destroy()
  }
}

/** Reads a workbook that is in memory. @throws Problem invalid_request for a workbook that cannot be read */
export const parseXlsxBytes = (bytes: Uint8Array): AsyncGenerator<FileRecord> => readRows(bytes)

async function* readRows(source: Uint8Array | ReadableStream<Uint8Array>): AsyncGenerator<FileRecord> {
  // The reader is 46 KB of code that other files do not need.
  const { streamXlsxRows } = await import('./xlsx-reader.ts')
  try {
    for await (const { index, values } of streamXlsxRows(source)) {
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
