import type { Db } from '../database/engine.ts'
import type { ListInput } from '../lists/list.ts'
import { type ListedLead, listLeads } from './list.ts'
import { leadViewColumns } from './view.ts'

export type ExportFormat = 'ndjson' | 'csv'

/** Rows a page: some 2 MB of leads, a third of what a function may answer with. */
export const export_rows_max = 2000

export interface ExportPage {
  text: string
  next_cursor: string | null
  rows_count: number
}

/** A page of leads as NDJSON, or as CSV with a header line on the first page. */
export async function exportLeads(db: Db, format: ExportFormat, input: ListInput): Promise<ExportPage> {
  const columns = input.fields ?? leadViewColumns
  const page = await listLeads(db, { ...input, fields: columns })
  const lines =
    format === 'ndjson'
      ? page.data.map((lead) => `${JSON.stringify(lead)}\n`)
      : page.data.map((lead) => csvLine(columns.map((column) => csvValue(lead[column as keyof ListedLead]))))
  if (format === 'csv' && input.cursor === undefined) lines.unshift(csvLine(columns))
  return { text: lines.join(''), next_cursor: page.next_cursor, rows_count: page.data.length }
}

/** RFC 4180: CRLF, quotes where needed. */
const csvLine = (cells: readonly string[]): string => `${cells.map(quoted).join(',')}\r\n`

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/**
 * A spreadsheet runs a cell that begins with one of these as a formula, and scraped text is a stranger's: an apostrophe
 * before it makes it text. Numbers and phone numbers (`+49 30 …`, `-12.5`) are no formulas and stay as they are.
 */
function csvValue(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? (isTexts(value) ? value.join('; ') : JSON.stringify(value)) : String(value)
  if (typeof value === 'number' || /^[+-]?[\d ().-]+$/.test(text)) return text
  return /^[=+\-@\t\r\n|%＝＋－＠]/.test(text) ? `'${text}` : text
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')
