import stringWidth from 'string-width'
import { getColors } from './colors.ts'
import { formatValue } from './format.ts'

export interface TableColumn {
  head: string
  align?: 'right'
  /** Shrinks first if the terminal is too narrow. */
  shrinks?: boolean
  /** Never cut, e.g. an id that people copy into the next command. */
  is_never_cut?: boolean
  /** Hidden on a terminal too narrow for the columns that shrink. */
  is_optional?: boolean
}

const GAP = '  '
const WIDTH_MIN = 6
const PIPE_WIDTH_MAX = 60
/** A column that shrinks below this is not readable. */
const READABLE_WIDTH = 12

/**
 * Renders rows as aligned columns. On a terminal the lines fit its width: optional columns are hidden and the longest
 * cells cut with an ellipsis. In a pipe all cells except the last of a line are cut at 60 characters; --json prints them
 * in full.
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): string {
  const shown = process.stdout.isTTY ? selectColumns(columns, rows, process.stdout.columns) : columns
  const chosen = rows.map((row) => shown.map((column) => row[columns.indexOf(column)]))
  return renderColumns(shown, chosen)
}

function renderColumns(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): string {
  const { bold, dim } = getColors()
  const cells = rows.map((row) => columns.map((_, index) => formatValue(row[index])))
  const widths = naturalWidths(columns, cells)
  if (process.stdout.isTTY) shrinkToWidth(widths, columns, process.stdout.columns)
  const isCut = (index: number) => process.stdout.isTTY || index < columns.length - 1
  const line = (texts: readonly string[], style: (text: string) => string) =>
    texts
      .map((text, index) =>
        style(isCut(index) ? pad(text, widths[index] ?? 0, columns[index]?.align) : text.padStart(getPadding(index))),
      )
      .join(GAP)
      .trimEnd()
  const getPadding = (index: number) => (columns[index]?.align === 'right' ? (widths[index] ?? 0) : 0)
  return [
    line(
      columns.map(({ head }) => head),
      bold,
    ),
    dim(widths.map((width) => '─'.repeat(width)).join(GAP)),
    ...cells.map((row) => line(row, (text) => text)),
  ].join('\n')
}

const naturalWidths = (columns: readonly TableColumn[], cells: readonly (readonly string[])[]): number[] =>
  columns.map(({ head }, index) =>
    Math.max(stringWidth(head), ...cells.map((row) => Math.min(PIPE_WIDTH_MAX, stringWidth(row[index] ?? '')))),
  )

/** Drops optional columns, from the right, until the others are readable. */
function selectColumns(
  columns: readonly TableColumn[],
  rows: readonly (readonly unknown[])[],
  terminal: number,
): readonly TableColumn[] {
  const widths = naturalWidths(
    columns,
    rows.map((row) => columns.map((_, index) => formatValue(row[index]))),
  )
  let shown = columns
  const getWidthMin = () =>
    shown.reduce(
      (sum, column) => {
        const width = widths[columns.indexOf(column)] ?? 0
        return sum + (column.shrinks ? Math.min(width, READABLE_WIDTH) : width)
      },
      GAP.length * (shown.length - 1),
    )
  for (const column of [...columns].reverse())
    if (column.is_optional && getWidthMin() > terminal) shown = shown.filter((other) => other !== column)
  return shown
}

/** Repeatedly narrows the widest column; columns that shrink come first. */
function shrinkToWidth(widths: number[], columns: readonly TableColumn[], terminal: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - terminal
  for (const isShrinkable of [true, false]) {
    while (excess > 0) {
      let widest = -1
      widths.forEach((width, index) => {
        if (columns[index]?.is_never_cut || (isShrinkable && !columns[index]?.shrinks)) return
        if (width > WIDTH_MIN && width > (widths[widest] ?? 0)) widest = index
      })
      if (widest < 0) break
      widths[widest] = (widths[widest] ?? 0) - 1
      excess -= 1
    }
  }
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const cut = truncate(text, width)
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return align === 'right' ? blanks + cut : cut + blanks
}

const segments = new Intl.Segmenter()

export function truncate(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let cut = ''
  let taken = 0
  for (const { segment } of segments.segment(text)) {
    const own = stringWidth(segment)
    if (taken + own > width - 1) break
    cut += segment
    taken += own
  }
  return `${cut}…`
}

/** Renders names and values of one object, one per line. */
export function renderFields(fields: readonly (readonly [string, unknown])[]): string {
  const { bold } = getColors()
  const width = Math.max(...fields.map(([name]) => name.length))
  return fields.map(([name, value]) => `${bold(name.padEnd(width))}  ${formatValue(value)}`.trimEnd()).join('\n')
}
