import { Problem } from '../problem.ts'
import type { BatchOptions } from './batch-state.ts'
import { isTable } from './detect-format.ts'
import { isExportedFile } from './exported-rows.ts'
import { type FileColumn, headerNames, matchColumns, matchItemKeys, toVisible } from './match-columns.ts'
import { findHeader, HEADER_RECORDS_MAX } from './reading/find-header.ts'
import type { FileFormat, FileRecord } from './reading/types.ts'

/** The columns of a file, and where its data begins. */
export interface FileLayout {
  columns: FileColumn[]
  /** Values of the first records, by column. */
  samples: string[][]
  /** The first records, to show what they become. */
  sample_records: FileRecord[]
  /** The product exported the file: values are imported as is, leads are found by their external id. */
  is_export: boolean
  /** Records before the first one with data: notices and the header. */
  header_records: number
  /** Line of the header; null for JSON. */
  header_line: number | null
}

const SAMPLE_RECORDS_MAX = 100
const SHOWN_SAMPLES_MAX = 3

/**
 * Reads header, columns and some values from the first records.
 * @throws Problem invalid_request if there is no record, no header, or no column is of use
 */
export async function readLayout(
  source: AsyncIterable<FileRecord>,
  format: Pick<FileFormat, 'kind'>,
  options: BatchOptions,
): Promise<FileLayout> {
  const records = await firstRecords(source)
  if (records.length === 0) throw new Problem('invalid_request', 'The file has no records.')
  return isTable(format) ? readTable(records, options) : readItems(records, options)
}

async function firstRecords(source: AsyncIterable<FileRecord>): Promise<FileRecord[]> {
  const records: FileRecord[] = []
  for await (const record of source) {
    records.push(record)
    if (records.length >= HEADER_RECORDS_MAX + SAMPLE_RECORDS_MAX) break
  }
  return records
}

const cellsOf = ({ cells }: FileRecord): string[] => (Array.isArray(cells) ? cells : [])

function readTable(records: readonly FileRecord[], options: BatchOptions): FileLayout {
  const rows = records.map((record) => (record.problem === undefined ? cellsOf(record) : []))
  const { at, header } = locateHeader(records, rows, options)
  const data = records.slice(at + 1).filter(({ problem }) => problem === undefined)
  const cells = data.slice(0, SAMPLE_RECORDS_MAX).map(cellsOf)
  const headers = headerNames(widen(header, cells))
  const values = headers.map((_, index) => cells.flatMap((row) => (row[index]?.trim() ? [row[index]] : [])))
  const columns = matchColumns(headers, options.map, values)
  const is_export = isExportedFile(headers)
  if (!is_export && columns.every(({ column }) => column === null)) throw toHeaderProblem(records[at], headers)
  return {
    columns,
    samples: values.map((each) => each.slice(0, SHOWN_SAMPLES_MAX)),
    sample_records: data.slice(0, SAMPLE_RECORDS_MAX),
    is_export,
    header_records: at + 1,
    header_line: records[at]?.line_number ?? null,
  }
}

function locateHeader(records: readonly FileRecord[], rows: readonly string[][], { map, header_line }: BatchOptions) {
  if (header_line !== undefined) {
    const at = records.findIndex(({ line_number }) => line_number >= header_line)
    if (at < 0) throw new Problem('invalid_request', `Line ${header_line} is not among the first records of the file.`)
    return { at, header: rows[at] ?? [] }
  }
  const named = new Set(Object.keys(map ?? {}))
  const at = findHeader(rows, named)
  if (at >= 0) return { at, header: rows[at] ?? [] }
  // No header: the columns have numbers, and --map names their fields.
  const width = Math.max(...rows.map(({ length }) => length), 1)
  const numbered = headerNames(Array.from({ length: width }, () => ''))
  if (numbered.some((name) => named.has(name))) return { at: -1, header: numbered }
  throw records[0]?.problem === undefined
    ? toHeaderProblem(records[0], headerNames(rows[0] ?? []))
    : new Problem('invalid_request', `Line ${records[0].line_number} cannot be read: ${records[0].problem}.`)
}

/** A header that most rows exceed by the same number of cells gets numbered columns. */
function widen(header: readonly string[], rows: readonly string[][]): string[] {
  const widths = new Map<number, number>()
  for (const { length } of rows) widths.set(length, (widths.get(length) ?? 0) + 1)
  const usual = [...widths].find(([, count]) => count > rows.length / 2)?.[0] ?? 0
  const isAlways = rows.length > 1 && usual > header.length && !widths.has(header.length)
  return isAlways ? [...header, ...Array.from({ length: usual - header.length }, () => '')] : [...header]
}

function toHeaderProblem(record: FileRecord | undefined, headers: readonly string[]): Problem {
  const names = headers.join(', ').slice(0, 500)
  return new Problem(
    'invalid_request',
    `No column name is recognized in line ${record?.line_number ?? 1}: ${names}. If the header is in another line, use --header-line. Otherwise map columns with --map "NAME=email", or --map "column 1=email" if there is no header.`,
  )
}

function readItems(records: readonly FileRecord[], options: BatchOptions): FileLayout {
  const items = records.flatMap(({ cells, problem }) => (problem === undefined && !Array.isArray(cells) ? [cells] : []))
  const [first] = records
  if (items.length === 0)
    throw new Problem(
      'invalid_request',
      `Line ${first?.line_number ?? 1} cannot be read: ${first?.problem ?? 'it is not a JSON object'}. If an object takes several lines, write each on one: jq -c . FILE.`,
    )
  const sampled = items.slice(0, SAMPLE_RECORDS_MAX)
  const headers = [...new Set(sampled.flatMap((item) => Object.keys(item)))]
  const columns = matchItemKeys(headers, options.map)
  if (columns.every(({ column }) => column === null)) assertNoWrapper(items)
  const samples = headers.map((header) =>
    sampled
      .map((item) => sampleText(item[header]))
      .filter((text) => text !== '')
      .slice(0, SHOWN_SAMPLES_MAX),
  )
  return {
    columns,
    samples,
    sample_records: records.filter(({ problem }) => problem === undefined).slice(0, SAMPLE_RECORDS_MAX),
    is_export: isExportedFile(headers),
    header_records: 0,
    header_line: null,
  }
}

/** `{"total": 2, "items": […]}` is the answer of an API: its one object is no lead. @throws Problem invalid_request */
function assertNoWrapper(items: readonly Record<string, unknown>[]): void {
  const [wrapper = {}, ...others] = items
  const list = Object.keys(wrapper).find((key) => {
    const value = wrapper[key]
    return Array.isArray(value) && value.length > 1 && value.every((each) => typeof each === 'object' && each !== null)
  })
  if (others.length === 0 && list !== undefined)
    throw new Problem(
      'invalid_request',
      `The file is one JSON object whose records are in the list "${list.slice(0, 60)}". Import the list alone: jq -c '.${list.slice(0, 60)}[]' FILE.`,
    )
}

const sampleText = (value: unknown): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value)

/**
 * Yields the records with data, numbered from 1: without notices, the header and its repetitions. A row with more cells
 * than the header has columns gets a problem, because its values cannot be told apart.
 */
export async function* readData(
  source: AsyncIterable<FileRecord>,
  { columns, header_records }: Pick<FileLayout, 'columns' | 'header_records'>,
): AsyncGenerator<{ record: FileRecord; record_number: number }> {
  let before = header_records
  let record_number = 0
  for await (const record of source) {
    if (before > 0) {
      before -= 1
      continue
    }
    const { cells } = record
    if (Array.isArray(cells) && record.problem === undefined) {
      if (isHeader(cells, columns)) continue
      const count = countCells(cells, columns.length)
      if (count > columns.length) record.problem = tooWide(count, columns.length)
    }
    record_number += 1
    yield { record, record_number }
  }
}

const tooWide = (count: number, columns: number): string =>
  `the row has ${count} cells, but the header has ${columns} ${columns === 1 ? 'column' : 'columns'}: put cells that contain the delimiter in quotes`

/** Cells up to the last one with text; those that are only blank do not count. */
function countCells(cells: readonly string[], columns: number): number {
  let count = cells.length
  while (count > columns && (cells[count - 1] ?? '').trim() === '') count -= 1
  return count
}

/** The header again, as in files that were put together from several. */
function isHeader(cells: readonly string[], columns: readonly FileColumn[]): boolean {
  if (cells.length < 2 || toVisible(cells[0] ?? '') !== columns[0]?.header) return false
  return columns.every(
    ({ header }, index) => (cells[index] ?? '').trim() === header || header === `column ${index + 1}`,
  )
}
