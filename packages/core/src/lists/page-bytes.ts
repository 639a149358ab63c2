import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { findById } from '../database/find-by-id.ts'
import { findSourceText } from '../json-source.ts'
import { stringifyJson } from '../stringify-json.ts'

/** Pages that end by bytes: a Lambda function cannot return more than 6 MB. */

export const PAGE_BYTES_MAX = 4_000_000
/** Columns whose values may have megabytes. They are measured in the database before they are read. */
export const LARGE_COLUMNS = new Set(['raw_data', 'input_params'])
/** Columns that are measured after they are read. */
export const MEASURED_COLUMNS = new Set([
  'enrichment_data',
  'notes',
  'description',
  'event_description',
  'event_data',
  'changed_fields',
  'scrape_params',
  'metadata',
  'dataset_offsets',
  'error_message',
  'error_details',
  'failures',
  'query',
  'columns',
  'patch',
  'import_options',
  'column_matches',
])
/** The other columns of a row. */
const ROW_BYTES = 3000

/** A row of a page; `omitted_fields` names values that were too large. */
export type PageRow = Record<string, unknown> & { id: number; omitted_fields?: string[] }

/** Bytes of each large value, by row and column. */
type Sizes = ReadonlyMap<number, Readonly<Record<string, number>>>

export async function readSizes(
  db: Db,
  table: string,
  columns: readonly string[],
  rows: readonly PageRow[],
): Promise<Sizes> {
  if (columns.length === 0 || rows.length === 0) return new Map()
  const type = sql.raw(db.engine.text_type)
  const lengths = columns.map(
    (column) => sql`octet_length(cast(${sql.ref(column)} as ${type})) as ${sql.ref(`${column}_size`)}`,
  )
  const ids = rows.map(({ id }) => id)
  const lookup = { table, key: 'id', columns: ['id', ...lengths] }
  const found = await findById<Record<string, number | null> & { id: number }>(db, lookup, ids)
  return new Map(
    found.map((row) => [
      row.id,
      Object.fromEntries(columns.map((column) => [column, Number(row[`${column}_size`] ?? 0)])),
    ]),
  )
}

/** Takes rows while the page has room, at least one. What a single row has above the limit is replaced by null. */
export function takeRows(rows: readonly PageRow[], measured: readonly string[], sizes: Sizes): PageRow[] {
  if (sizes.size === 0 && surelyFit(rows, measured, PAGE_BYTES_MAX - rows.length * ROW_BYTES)) return [...rows]
  const taken: PageRow[] = []
  let bytes = 0
  for (const row of rows) {
    const size = ROW_BYTES + omitColumns(row, { ...sizes.get(row.id), ...measureValues(row, measured) })
    if (taken.length > 0 && bytes + size > PAGE_BYTES_MAX) break
    bytes += size
    taken.push(row)
  }
  return taken
}

/** Whether {@link takeRows} takes all rows as they are, whichever of their bytes are those of a measured column. */
export const surelyFitBytes = ({ length, bytes }: { length: number; bytes: number }): boolean =>
  length * ROW_BYTES + bytes <= PAGE_BYTES_MAX

/** Replaces the largest values by null until the others have room. Returns the bytes of those. */
function omitColumns(
  row: Record<string, unknown>,
  sizes: Readonly<Record<string, number>>,
  bytes_max: number = PAGE_BYTES_MAX,
): number {
  let bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0)
  if (bytes <= bytes_max) return bytes
  const omitted: string[] = []
  for (const [column, size] of Object.entries(sizes).sort(([, a], [, b]) => b - a)) {
    if (bytes <= bytes_max) break
    row[column] = null
    omitted.push(column)
    bytes -= size
  }
  row.omitted_fields = [...new Set([...((row as PageRow).omitted_fields ?? []), ...omitted])]
  return bytes
}

/** The values of a single row that may be large. */
const LARGE_VALUES = [...LARGE_COLUMNS, ...MEASURED_COLUMNS, 'company', 'lead_source']

/** Replaces values of a single row that are too large for a response, and names them in `omitted_fields`. */
export function omitLargeValues<Row extends object>(row: Row, bytes_max: number = PAGE_BYTES_MAX): Row {
  const values = row as unknown as PageRow
  if (!surelyFit([values], LARGE_VALUES, bytes_max)) omitColumns(values, measureValues(values, LARGE_VALUES), bytes_max)
  return row
}

/**
 * Whether the values of the columns have room, by an upper bound that is quicker than writing them as JSON: nearly all
 * pages are far below the limit.
 */
function surelyFit(rows: readonly PageRow[], columns: readonly string[], bytes_max: number): boolean {
  let room = bytes_max
  for (const row of rows)
    for (const column of columns) {
      room = leaveRoom(row[column], room)
      if (room < 0) return false
    }
  return room >= 0
}

/** The most bytes of JSON that a UTF-16 unit becomes: an escape such as `\u0007`. */
const UNIT_BYTES = 6
/** Numbers, times, and the brackets of a list or an object. */
const PART_BYTES = 40
/** What is nested deeper is measured exactly, without the stack. */
const DEPTH_MAX = 20

/** Returns what is left of the room after a value; negative if that is not sure. */
function leaveRoom(value: unknown, room: number, depth = 0): number {
  if (value === null || value === undefined) return room
  if (typeof value === 'string') return room - UNIT_BYTES * value.length
  let left = room - PART_BYTES
  if (typeof value !== 'object') return left
  const source = depth === 0 ? findSourceText(value) : undefined
  if (source !== undefined) return left - UNIT_BYTES * source.length
  if (depth === DEPTH_MAX) return -1
  for (const key in value) {
    left = leaveRoom((value as Record<string, unknown>)[key], left - UNIT_BYTES * key.length - PART_BYTES, depth + 1)
    if (left < 0) return left
  }
  return left
}

function measureValues(row: PageRow, columns: readonly string[]): Record<string, number> {
  const sizes: Record<string, number> = {}
  for (const column of columns) {
    const value = row[column]
    if (value === null || value === undefined) continue
    sizes[column] = Buffer.byteLength(typeof value === 'string' ? value : stringifyJson(value))
  }
  return sizes
}

export async function readLargeValues(
  db: Db,
  table: string,
  columns: readonly string[],
  rows: readonly PageRow[],
): Promise<void> {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const column of columns) {
    for (const row of rows) row[column] = null
    const ids = rows.filter(({ omitted_fields = [] }) => !omitted_fields.includes(column)).map(({ id }) => id)
    if (ids.length === 0) continue
    const found = await findById<PageRow>(db, { table, key: 'id', columns: ['id', column] }, ids)
    for (const { id, [column]: value } of found) {
      const row = byId.get(id)
      if (row) row[column] = value
    }
  }
}
