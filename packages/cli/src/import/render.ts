import type { ColumnDescription } from '@leads/core/file-imports/describe-columns'
import type { DryRunReport, MisreadColumn } from '@leads/core/file-imports/dry-run'
import type { FilePreview } from '@leads/core/file-imports/import-file'
import type { CandidateCount, ShownImport } from '../backend/backend.ts'
import { getColors } from '../output/colors.ts'
import { formatNumber } from '../output/format.ts'
import { renderCandidates, renderMatchCounts } from '../output/match-lines.ts'
import { renderFields, renderTable } from '../output/table.ts'

const delimiterNames: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'pipe' }

/** Renders how a file is read: format, and each column with what it fills, by an example. */
export function renderColumnMatches(
  preview: FilePreview,
  described: readonly ColumnDescription[],
  file: string,
): string {
  const { dim } = getColors()
  const head = describeFormat(preview, file)
  if (preview.is_export)
    return `${head}\nAn export of this product: leads are found by their external id, values are imported as is.`
  const hasUnread = described.some(({ unread }) => unread > 0)
  const rows = described.map(({ header, column, is_override, example, becomes, cells, unread }) => [
    header,
    column === null ? (is_override ? '(excluded)' : '(kept, not read)') : `${column}${is_override ? ' (--map)' : ''}`,
    example,
    becomes === example ? '' : becomes,
    ...(hasUnread ? [unread === 0 ? '' : `${formatNumber(unread)} of ${formatNumber(cells)}`] : []),
  ])
  const table = renderTable(
    [
      { head: 'column' },
      { head: 'read as' },
      { head: 'example', shrinks: true },
      { head: 'becomes', shrinks: true },
      ...(hasUnread ? [{ head: 'not readable' }] : []),
    ],
    rows,
  )
  return [dim(head), '', table, ...findHints(preview, described)].join('\n')
}

function describeFormat({ facts, format, header_line }: FilePreview, file: string): string {
  const kinds = {
    ndjson: 'one JSON object per line',
    json: 'a JSON array',
    xlsx: 'Excel workbook',
    csv: '',
  }
  const parts = [
    kinds[format.kind] || `separated by ${delimiterNames[format.delimiter] ?? format.delimiter}`,
    ...(format.kind === 'xlsx' ? [] : [facts.encoding]),
    ...(facts.container === 'gzip' ? ['gzip'] : []),
    ...(header_line !== null && header_line > 1 + format.skip_lines ? [`header in line ${header_line}`] : []),
  ]
  return `${file === '-' ? 'standard input' : file}: ${parts.join(', ')}`
}

/** What a user should check before the import. */
function findHints({ facts }: FilePreview, described: readonly ColumnDescription[]): string[] {
  const hints = described.flatMap(({ header, column, is_decided_by_values }) =>
    is_decided_by_values
      ? [
          column === 'full_name'
            ? `"${header}" is read as people. If it contains companies: --map "${header}=company_name"`
            : `"${header}" is read as companies. If it contains people: --map "${header}=full_name"`,
        ]
      : [],
  )
  if (facts.foreign_bytes > 0)
    hints.push(`${formatNumber(facts.foreign_bytes)} bytes are not UTF-8 and are read as Windows-1252.`)
  if (!/^utf-/.test(facts.encoding))
    hints.push(`If names look wrong, set the encoding: --encoding (now ${facts.encoding})`)
  return hints.length === 0 ? [] : ['', ...hints]
}

export function renderImportBatch(batch: ShownImport & Partial<CandidateCount>, rejects_file: string | null): string {
  const rejected = rejects_file === null ? '' : `, with reasons in ${rejects_file}`
  return renderFields([
    ['import', batch.import_batch_id],
    ['status', batch.batch_status],
    ['read', formatNumber(batch.total_records)],
    ['new', formatNumber(batch.synced_records)],
    ['existing', `${formatNumber(batch.duplicate_records)} (${formatNumber(batch.updated_records)} changed)`],
    ['rejected', `${formatNumber(batch.failed_records)}${rejected}`],
    ...renderMatchCounts(batch.match_counts),
    ...renderCandidates(batch.candidate_pairs ?? 0),
    ...misreadFields(
      (batch.column_matches ?? []).flatMap(({ header, misread }) => (misread ? [{ header, ...misread }] : [])),
    ),
  ])
}

/** Cells that could not be read: their rows were imported without them. */
const misreadFields = (columns: readonly MisreadColumn[]): [string, string][] =>
  columns.map(({ header, count, example, examples = [example] }) => [
    'not read',
    `${formatNumber(count)} in ${header}, e.g. ${examples.map((one) => `"${one}"`).join(', ')} (kept in raw_data)`,
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
