import { BYTE_ORDER_MARK, type CsvDelimiter, formatCsvLine } from '../csv-text.ts'
import type { Db } from '../database/engine.ts'
import { leadViewColumns } from '../leads/lead-views.ts'
import { type ListedLead, listLeads } from '../leads/list-leads.ts'
import type { ListInput } from '../lists/list-page.ts'
import { stringifyJson } from '../stringify-json.ts'

export type ExportFormat = 'ndjson' | 'csv'

/** Rows per page: about 2 MB of leads, a third of the maximum response of a function. */
export const EXPORT_ROWS_MAX = 2000

/** How a page of CSV is written; see `ExportRequest`. */
export interface CsvOptions {
  delimiter?: CsvDelimiter | undefined
  has_bom?: boolean | undefined
}

export interface ExportPage {
  text: string
  next_cursor: string | null
  rows_count: number
}

/** Returns a page of leads as NDJSON, or as CSV with a header line on the first page. */
export async function exportLeadPage(
  db: Db,
  format: ExportFormat,
  input: ListInput,
  { delimiter, has_bom }: CsvOptions = {},
): Promise<ExportPage> {
  const columns = input.fields ?? leadViewColumns
  const page = await listLeads(db, { ...input, fields: columns })
  const lines =
    format === 'ndjson'
      ? page.data.map((lead) => `${stringifyJson(inOrder(lead, columns))}\n`)
      : page.data.map((lead) =>
          formatCsvLine(
            columns.map((column) => lead[column as keyof ListedLead]),
            delimiter,
          ),
        )
  if (format === 'csv' && input.cursor === undefined)
    lines.unshift(`${has_bom ? BYTE_ORDER_MARK : ''}${formatCsvLine(columns, delimiter)}`)
  return { text: lines.join(''), next_cursor: page.next_cursor, rows_count: page.data.length }
}

/** The fields in the order of the request, as the export from a database has them. */
function inOrder(lead: ListedLead, columns: readonly string[]): Record<string, unknown> {
  const { omitted_fields } = lead as { omitted_fields?: string[] }
  const ordered = Object.fromEntries(columns.map((column) => [column, lead[column as keyof ListedLead]]))
  return omitted_fields ? { ...ordered, omitted_fields } : ordered
}
