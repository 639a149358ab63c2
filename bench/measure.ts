/** The middle value; of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** The value below which `share` of the values lie. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** Rows with aligned columns: texts to the left, figures to the right. */
export function printTable(rows: readonly (readonly (string | number)[])[]): void {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)))
  const widths = (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)))
  for (const row of texts) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
    console.log(cells.join('  '))
  }
}

const BAR_WIDTH = 40

/** Bars from 0 to `full`, one a line: a name, its bar, its value. */
export function printBars(rows: readonly (readonly [name: string, value: number])[], full = 1): void {
  const width = Math.max(...rows.map(([name]) => name.length))
  for (const [name, value] of rows) {
    // A value near nothing still shows that it is there, and one beyond all bounds does not break the chart.
    const length = Math.min(2 * BAR_WIDTH, Math.max(1, Math.round((value / full) * BAR_WIDTH)))
    console.log(`${name.padEnd(width)}  ${'█'.repeat(length)} ${value.toFixed(2)}`)
  }
}
