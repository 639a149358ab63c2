import { stat } from 'node:fs/promises'
import { Problem } from '../../problem.ts'
import { recognizeColumn } from '../columns/recognize-column.ts'
import { HEADER_RECORDS_MAX } from './find-header.ts'
import type { FileRecord } from './types.ts'
import type { Workbook } from './xlsx/workbook.ts'

/**
 * Reads a sheet of an Excel workbook as a table, row by row: the first one that people see, unless it is empty or a cover
 * with nothing but texts in one column.
 */

const SHEETS_MAX = 10

interface XlsxOptions {
  signal?: AbortSignal | undefined
  onBytes?: ((bytes: number) => void) | undefined
}

/** @throws Problem invalid_request for a workbook that cannot be read */
export async function* parseXlsx(path: string, options: XlsxOptions = {}): AsyncGenerator<FileRecord> {
  yield* readWorkbook(path, options)
  options.onBytes?.((await stat(path)).size)
}

/** Reads a workbook that is in memory. @throws Problem invalid_request for a workbook that cannot be read */
export const parseXlsxBytes = (bytes: Uint8Array): AsyncGenerator<FileRecord> => readWorkbook(bytes, {})

async function* readWorkbook(source: string | Uint8Array, options: XlsxOptions): AsyncGenerator<FileRecord> {
  // Readers of archives and XML are code that other files do not need.
  const { Workbook } = await import('./xlsx/workbook.ts')
  let workbook: Workbook | undefined
  try {
    workbook = await Workbook.open(source, options)
    yield* readTable(workbook)
  } catch (error) {
    if (error instanceof Problem || options.signal?.aborted) throw error
    throw new Problem('invalid_request', `The Excel workbook cannot be read: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    workbook?.close()
  }
}

async function* readTable(workbook: Workbook): AsyncGenerator<FileRecord> {
  const [sheet = '', ...others] = workbook.sheets.slice(0, SHEETS_MAX)
  const first: FileRecord[] = []
  const rows = workbook.readRows(sheet)
  for await (const row of rows) {
    first.push(row)
    if (!isTableBegun(first) && first.length < HEADER_RECORDS_MAX) continue
    yield* first
    yield* rows
    return
  }
  for (const other of others)
    if (await hasTable(workbook.readRows(other))) {
      yield* workbook.readRows(other)
      return
    }
  yield* first
}

async function hasTable(rows: AsyncIterable<FileRecord>): Promise<boolean> {
  const first: FileRecord[] = []
  for await (const row of rows) {
    first.push(row)
    if (isTableBegun(first)) return true
    if (first.length >= HEADER_RECORDS_MAX) break
  }
  return false
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
