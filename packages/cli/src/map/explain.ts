import { previewFile } from '@leads/core/file-imports/import-file'
import type { FileColumn } from '@leads/core/file-imports/match-columns'
import { prepareRow } from '@leads/core/file-imports/prepare-row'
import { readData } from '@leads/core/file-imports/read-layout'
import { readRecords } from '@leads/core/file-imports/read-records'
import { type Explanation, explainItem } from '@leads/core/mapping/explain-item'
import { createMapper, type MapperOptions } from '@leads/core/mapping/map-item'
import type { MapContext } from '@leads/core/model/mapped-item'
import { escapeControls } from '../output/escape.ts'

/** An explanation with the place of its item: the index in a list of items, or the line in a file of rows. */
export type PlacedExplanation = ({ index: number } | { line_number: number }) & Explanation

/** Explains dataset items. */
export function explainItems(
  items: readonly unknown[],
  context: MapContext,
  options: MapperOptions,
): PlacedExplanation[] {
  return items.map((item, index) => ({ index, ...explainItem(item, context, options) }))
}

/**
 * Explains the rows of a CSV file or workbook by the names of its columns, as an import reads them.
 * @throws Problem invalid_request for a file that an import refuses
 */
export async function explainRows(path: string, options: MapperOptions): Promise<PlacedExplanation[]> {
  const mapItem = createMapper(options)
  const preview = await previewFile(path, { on_duplicate: 'merge' })
  const { facts, format, columns } = preview
  const explanations: PlacedExplanation[] = []
  const records = readRecords({ path, container: facts.container, encoding: facts.encoding, format })
  for await (const { record, record_number } of readData(records, preview)) {
    let item: unknown
    const row = prepareRow(
      {
        columns,
        is_export: false,
        // The import turns the row into an item. It is caught here on its way to the mapping.
        map: (value, context) => {
          item = value
          return mapItem(value, context)
        },
      },
      record,
      record_number,
    )
    const explanation = explainItem(item, undefined, options)
    explanations.push({
      line_number: record.line_number,
      ...useHeaders(explanation, columns),
      ...('reason' in row && { outcome: 'rejected' as const, reason: row.reason }),
    })
  }
  return explanations
}

/** Replaces the keys of the item that an import builds by the headers of the file. */
function useHeaders(explanation: Explanation, columns: readonly FileColumn[]): Explanation {
  const toHeader = (key: string): string =>
    columns.find((column) => column.key === key)?.header ?? key.replace(/^#other_columns\./, '')
  return {
    ...explanation,
    reason_keys: explanation.reason_keys.map(toHeader),
    columns: explanation.columns.map((column) => ({ ...column, keys: column.keys.map(toHeader) })),
    unused: explanation.unused.map((unused) => ({ ...unused, key: toHeader(unused.key) })),
  }
}

/** Renders an explanation as text for a terminal. */
export function renderExplanation(explanation: PlacedExplanation): string {
  const { outcome, reason, reason_keys, mapping, kind, columns, unused, unread } = explanation
  const place = 'index' in explanation ? `item ${explanation.index}` : `line ${explanation.line_number}`
  const known = unused.filter(({ read_as }) => read_as !== null)
  const unknown = unused.filter(({ read_as }) => read_as === null)
  const lines = [
    outcome === 'lead'
      ? `${place}: lead (${kind}, mapping: ${mapping})`
      : `${place}: rejected: ${reason}${reason_keys.length > 0 ? ` (because of ${reason_keys.join(', ')})` : ''}`,
    ...section(
      outcome === 'lead' ? 'columns' : 'columns that were understood',
      columns.map(({ column, value, keys }) => [
        column,
        value,
        keys.length > 0 ? keys.join(', ') : 'several keys together',
      ]),
    ),
    ...section(
      'read, but not used',
      known.map(({ key, value, read_as }) => [key, value, `read as ${read_as}`]),
    ),
    ...section(
      'not understood',
      unknown.map(({ key, value }) => [key, value]),
    ),
    ...section(
      'not readable',
      unread.map(({ column, value }) => [column, value]),
    ),
  ]
  return `${lines.map(escapeControls).join('\n')}\n`
}

const COLUMN_WIDTH = 28

/** The last cell of a line names the keys. */
function section(title: string, rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  return [
    `  ${title}:`,
    ...rows.map(([name = '', value = '', source]) => {
      const left = `    ${name.padEnd(COLUMN_WIDTH)} ${value}`
      return source === undefined ? left : `${left}  ← ${source}`
    }),
  ]
}
