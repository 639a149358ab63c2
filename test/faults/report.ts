import type { Result } from './run.ts'

const columns = ['scenario', 'engine', 'consumer', 'rounds', 'kills', 'lost', 'duplicated', 'seconds'] as const
const widths: Record<(typeof columns)[number], number> = {
  scenario: 38,
  engine: 9,
  consumer: 9,
  rounds: 7,
  kills: 6,
  lost: 7,
  duplicated: 11,
  seconds: 8,
}

const line = (cells: readonly (string | number)[]): string =>
  cells
    .map((cell, index) => {
      const width = widths[columns[index] ?? 'scenario']
      return typeof cell === 'number'
        ? String(cell)
            .padStart(width - 1)
            .padEnd(width)
        : cell.padEnd(width)
    })
    .join('')
    .trimEnd()

export const tableHead = (): string => line(columns)

export function tableRow(result: Result): string {
  const cells = columns.map((column) => (column === 'seconds' ? Math.round(result.seconds) : result[column]))
  const isWrong = result.consumer === 'product' && result.complaint !== null
  return line(cells) + (isWrong ? `\n  ${result.complaint}` : '')
}

/** Sums by consumer. */
export function summary(results: readonly Result[]): string[] {
  return (['product', 'naive'] as const).map((consumer) => {
    const rows = results.filter((result) => result.consumer === consumer)
    const sum = (column: 'rounds' | 'kills' | 'lost' | 'duplicated') =>
      rows.reduce((total, result) => total + result[column], 0)
    return `${consumer}: ${sum('rounds')} rounds, ${sum('kills')} processes killed, lost ${sum('lost')}, duplicated ${sum('duplicated')}`
  })
}
