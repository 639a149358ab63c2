import { BYTE_ORDER_MARK, type CsvDelimiter, formatCsvLine } from '../csv-text.ts'
import type { Db } from '../database/engine.ts'
import { leadDetailColumns } from '../leads/lead-views.ts'
import { leadListDefinition } from '../leads/list-leads.ts'
import type { CursorPosition } from '../lists/cursor.ts'
import { parseFilters, type RawFilters } from '../lists/filter.ts'
import { listPage } from '../lists/list-page.ts'
import { parseSort } from '../lists/page-statement.ts'
import { parseSearchWords } from '../lists/search-words.ts'
import { exportColumns } from '../model/lead-columns.ts'
import { Problem } from '../problem.ts'
import { stringifyJson } from '../stringify-json.ts'

export const exportFormats = ['csv', 'ndjson'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportRequest {
  format: ExportFormat
  /** Columns in this order; {@link exportColumns} by default. */
  columns?: readonly string[] | undefined
  filters?: RawFilters | undefined
  q?: string | undefined
  include_deleted?: boolean | undefined
  /** Of a CSV export; comma by default. Excel expects a semicolon where commas separate decimals. */
  delimiter?: CsvDelimiter | undefined
  /** Begins a CSV export with a byte order mark, by which Excel recognizes UTF-8. */
  has_bom?: boolean | undefined
}

/** Rows per page: 1,000 rows with raw_data are a few MB. */
const PAGE_ROWS = 1000

export interface ExportChunk {
  text: string
  rows: number
}

/** @throws Problem invalid_request for unknown columns */
export function resolveExportColumns(columns: readonly string[] = exportColumns): readonly string[] {
  const known: readonly string[] = leadDetailColumns
  const unknown = columns.filter((column) => !known.includes(column))
  if (unknown.length > 0)
    throw new Problem('invalid_request', `A lead has no ${unknown.join(', ')}. Choose from: ${known.join(', ')}.`)
  if (columns.length === 0) throw new Problem('invalid_request', 'Name at least one column.')
  return [...new Set(columns)]
}

/**
 * Yields leads as text in pages, ordered by id: memory and time per page do not grow with the table. The first chunk of
 * a CSV export is the header, even if there are no leads.
 * @throws Problem invalid_request before the first chunk
 */
export async function* streamLeads(db: Db, request: ExportRequest): AsyncGenerator<ExportChunk> {
  const columns = resolveExportColumns(request.columns)
  const words = request.q === undefined ? [] : parseSearchWords(request.q)
  const query = {
    definition: leadListDefinition,
    columns,
    filters: await parseFilters(leadListDefinition, request.filters ?? {}),
    conditions: words.length === 0 ? [] : [db.engine.searchCondition(words, 'sales_leads')],
    include_deleted: request.include_deleted ?? false,
    sort: parseSort(leadListDefinition, 'id'),
    limit: PAGE_ROWS,
  }
  const line = request.format === 'csv' ? csvRow(columns, request.delimiter) : (row: Row) => `${stringifyJson(row)}\n`
  if (request.format === 'csv')
    yield { text: `${request.has_bom ? BYTE_ORDER_MARK : ''}${formatCsvLine(columns, request.delimiter)}`, rows: 0 }
  let after: CursorPosition | null = null
  do {
    const page: { rows: Row[]; next: CursorPosition | null } = await listPage<Row>(db, { ...query, after })
    after = page.next
    if (page.rows.length > 0) yield { text: page.rows.map(line).join(''), rows: page.rows.length }
  } while (after !== null)
}

type Row = Record<string, unknown>

const csvRow =
  (columns: readonly string[], delimiter?: CsvDelimiter) =>
  (row: Row): string =>
    formatCsvLine(
      columns.map((column) => row[column]),
      delimiter,
    )
