import { BYTE_ORDER_MARK } from '@leads/core/csv-text'
import { type ExportChunk, type ExportRequest, resolveExportColumns } from '@leads/core/exports/stream-leads'
import type { paths } from '@leads/functions/openapi/paths'
import { type ApiClient, unwrap } from './api-client.ts'

const delimiterNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const

/** Yields an export of the API page by page, with the text that an export of the database has. */
export async function* streamLeadsFromApi(client: ApiClient, request: ExportRequest): AsyncGenerator<ExportChunk> {
  const { format, columns, filters, q, include_deleted, delimiter, has_bom } = request
  let cursor: string | undefined
  do {
    const query = {
      ...filters,
      format,
      sort: 'id',
      fields: resolveExportColumns(columns).join(','),
      ...(q !== undefined && { q }),
      ...(include_deleted && { include_deleted: 'true' }),
      ...(format === 'csv' && delimiter !== undefined && { delimiter: delimiterNames[delimiter] }),
      ...(cursor !== undefined && { cursor }),
    } as NonNullable<paths['/leads/export']['get']['parameters']['query']>
    const answer = await client.GET('/leads/export', { params: { query }, parseAs: 'text' })
    const text = await unwrap<string>(Promise.resolve(answer as { data?: string; response: Response }))
    const hasHeader = format === 'csv' && cursor === undefined
    // Reading a response as text drops a byte order mark, therefore it is added here.
    const mark = hasHeader && has_bom ? BYTE_ORDER_MARK : ''
    yield { text: mark + text, rows: countRecords(text, format) - (hasHeader ? 1 : 0) }
    cursor = answer.response.headers.get('next-cursor') ?? undefined
  } while (cursor !== undefined)
}

/** Counts records: lines of NDJSON, or lines of CSV that do not end within quotes. */
function countRecords(text: string, format: ExportRequest['format']): number {
  let count = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index += 1) {
    if (format === 'csv' && text[index] === '"') isQuoted = !isQuoted
    else if (text[index] === '\n' && !isQuoted) count += 1
  }
  return count
}
