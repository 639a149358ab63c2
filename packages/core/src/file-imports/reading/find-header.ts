import { recognizeKey } from '../../mapping/recognize-key.ts'
import { isPlaceholder } from '../../normalize/text.ts'
import { recognizeColumn } from '../columns/recognize-column.ts'
import { matchCrmField } from '../crm-fields.ts'

/** Finds the header below notices, titles and report parameters. */

/** Records in which the header is looked for. */
export const HEADER_RECORDS_MAX = 60
const HEADER_CELL_CHARACTERS_MAX = 80

export interface HeaderScore {
  known: number
  filled: number
}

/** Counts the cells of a record that are names of columns; null where a cell is a value. */
export function scoreHeader(cells: readonly string[]): HeaderScore | null {
  let known = 0
  let filled = 0
  for (const raw of cells.slice(0, 500)) {
    const cell = raw.trim()
    if (cell === '') continue
    filled += 1
    if (isValue(cell)) return null
    if (isColumnName(cell)) known += 1
  }
  return { known, filled }
}

/** An address, a page, a number or a sentence is no name of a column. */
const isValue = (cell: string): boolean =>
  cell.length > HEADER_CELL_CHARACTERS_MAX ||
  /\S@\S+\.\S/.test(cell) ||
  /^https?:|^www\./i.test(cell) ||
  /^[+(]?\d[\d\s()./-]{5,}$/.test(cell) ||
  /^\d+(?:[.,]\d+)?$/.test(cell)

function isColumnName(cell: string): boolean {
  if (isPlaceholder(cell)) return false
  const { column, is_denied } = recognizeColumn(cell)
  return column !== null || is_denied || recognizeKey(cell).field !== null || matchCrmField(cell) !== null
}

/**
 * Returns the position of the header among the first records of a table: the first record that names columns, unless a
 * later one names at least two more and is wider, as a header below a notice does. -1: no record names a column.
 */
export function findHeader(records: readonly (readonly string[])[], named: ReadonlySet<string> = new Set()): number {
  let best = -1
  let bestScore = 0
  for (const [index, cells] of records.slice(0, HEADER_RECORDS_MAX).entries()) {
    // A header that --map names by its columns is one, regardless of its other cells.
    if (named.size > 0 && cells.some((cell) => named.has(cell.replace(/\s+/g, ' ').trim()))) return index
    const score = scoreHeader(cells)
    if (score === null || score.known === 0) continue
    const share = score.known / score.filled
    if (share < 0.25 && score.known < 3) continue
    const isBelowNotice = best >= 0 && score.known >= bestScore + 2
    const isFirst = best < 0
    // A single word with a colon or in a wide table is a title: "Notes:", "Contacts".
    if (!isFirst && !isBelowNotice && !(bestScore === 1 && score.known > 1)) continue
    best = index
    bestScore = score.known
  }
  return best
}
