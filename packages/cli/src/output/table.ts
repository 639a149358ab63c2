import stringWidth from 'string-width'
import { colours } from './colours.ts'
import { plain } from './format.ts'

export interface TableColumn {
  head: string
  align?: 'right'
  /** Gives up width first when the terminal is too narrow. */
  shrinks?: boolean
  /** Never cut: a name that people copy into the next command. */
  is_whole?: boolean
}

const GAP = '  '
const WIDTH_MIN = 6
const PIPE_WIDTH_MAX = 60

/**
 * Rows as aligned columns. On a terminal the lines fit its width: the longest cells are cut with an ellipsis. In a pipe
 * nothing depends on a terminal; cells are cut at 60 characters (--json has them whole).
 */
export function renderTable(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): string {
  const { bold, dim } = colours()
  const cells = rows.map((row) => columns.map((_, index) => plain(row[index])))
  const widths = columns.map(({ head }, index) =>
    Math.max(stringWidth(head), ...cells.map((row) => Math.min(PIPE_WIDTH_MAX, stringWidth(row[index] ?? '')))),
  )
  if (process.stdout.isTTY) fit(widths, columns, process.stdout.columns)
  const line = (texts: readonly string[], style: (text: string) => string) =>
    texts
      .map((text, index) => style(pad(text, widths[index] ?? 0, columns[index]?.align)))
      .join(GAP)
      .trimEnd()
  return [
    line(
      columns.map(({ head }) => head),
      bold,
    ),
    dim(widths.map((width) => '─'.repeat(width)).join(GAP)),
    ...cells.map((row) => line(row, (text) => text)),
  ].join('\n')
}

/** Takes width from the widest column again and again; from those that may shrink first. */
function fit(widths: number[], columns: readonly TableColumn[], terminal: number): void {
  let excess = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - terminal
  for (const isWilling of [true, false]) {
    while (excess > 0) {
      let widest = -1
      widths.forEach((width, index) => {
        if (columns[index]?.is_whole || (isWilling && !columns[index]?.shrinks)) return
        if (width > WIDTH_MIN && width > (widths[widest] ?? 0)) widest = index
      })
      if (widest < 0) break
      widths[widest] = (widths[widest] ?? 0) - 1
      excess -= 1
    }
  }
}

function pad(text: string, width: number, align: 'right' | undefined): string {
  const cut = shorten(text, width)
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(cut)))
  return align === 'right' ? blanks + cut : cut + blanks
}

const segments = new Intl.Segmenter()

export function shorten(text: string, width: number): string {
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

/** Names and values below each other, for one thing. */
export function renderFields(fields: readonly (readonly [string, unknown])[]): string {
  const { bold } = colours()
  const width = Math.max(...fields.map(([name]) => name.length))
  return fields.map(([name, value]) => `${bold(name.padEnd(width))}  ${plain(value)}`.trimEnd()).join('\n')
}
