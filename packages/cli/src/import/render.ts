import type { DryRunReport } from '@leads/core/file-imports/dry-run'
import type { FilePreview } from '@leads/core/file-imports/import-file'
import type { ShownImport } from '../backend/backend.ts'
import { getColors } from '../output/colors.ts'
import { formatNumber } from '../output/format.ts'
import { renderFields, renderTable } from '../output/table.ts'

const delimiterNames: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' }

/** Renders how a file is read: format, and each column with its lead column and an example. */
export function renderColumnMatches({ facts, format, columns, samples, is_export }: FilePreview, file: string): string {
  const { dim } = getColors()
  const written =
    format.kind === 'ndjson'
      ? 'one JSON object per line'
      : `separated by ${delimiterNames[format.delimiter] ?? format.delimiter}`
  const head = `${file === '-' ? 'standard input' : file}: ${written}, ${facts.encoding}`
  if (is_export)
    return `${head}\nAn export of this product: leads are found by their external id, values are imported as is.`
  const rows = columns.map(({ header, column, is_override }, index) => [
    header,
    column === null ? (is_override ? '(excluded)' : '(kept, not read)') : `${column}${is_override ? ' (--map)' : ''}`,
    samples[index]?.[0] ?? '',
  ])
  return `${dim(head)}\n\n${renderTable([{ head: 'column' }, { head: 'read as' }, { head: 'example', shrinks: true }], rows)}`
}

export function renderImportBatch(batch: ShownImport, rejects_file: string | null): string {
  const rejected = rejects_file === null ? '' : `, with reasons in ${rejects_file}`
  return renderFields([
    ['import', batch.import_batch_id],
    ['status', batch.batch_status],
    ['read', formatNumber(batch.total_records)],
    ['new', formatNumber(batch.synced_records)],
    ['existing', `${formatNumber(batch.duplicate_records)} (${formatNumber(batch.updated_records)} changed)`],
    ['rejected', `${formatNumber(batch.failed_records)}${rejected}`],
    ...misreadFields(
      (batch.column_matches ?? []).flatMap(({ header, misread }) => (misread ? [{ header, ...misread }] : [])),
    ),
  ])
}

/** Cells that could not be read: their rows were imported without them. */
const misreadFields = (columns: readonly { header: string; count: number; example: string }[]): [string, string][] =>
  columns.map(({ header, count, example }) => [
    'not read',
    `${formatNumber(count)} in ${header}, e.g. "${example}" (kept in raw_data)`,
  ])

export function renderDryRun({
  total_records,
  new_records,
  duplicate_records,
  failed_records,
  reasons,
  misread,
}: DryRunReport): string {
  const lines = renderFields([
    ['would read', formatNumber(total_records)],
    ['new', formatNumber(new_records)],
    ['existing', formatNumber(duplicate_records)],
    ['rejected', formatNumber(failed_records)],
    ...misreadFields(misread),
  ])
  if (reasons.length === 0) return lines
  const table = renderTable(
    [
      { head: 'rows', align: 'right' },
      { head: 'reason', shrinks: true },
      { head: 'first line', align: 'right' },
    ],
    reasons.map(({ reason, count, line_number }) => [formatNumber(count), reason, line_number]),
  )
  return `${lines}\n\n${table}`
}
