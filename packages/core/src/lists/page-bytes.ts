import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { stringifyJson } from '../stringify-json.ts'

/** Pages that end by bytes: a Lambda function cannot return more than 6 MB. */

export const PAGE_BYTES_MAX = 4_000_000
/** Columns whose values may have megabytes. They are measured in the database before they are read. */
export const LARGE_COLUMNS = new Set(['raw_data', 'input_params'])
/** Columns that are measured after they are read. */
export const MEASURED_COLUMNS = new Set([
  'enrichment_data',
  'notes',
  'event_data',
  'changed_fields',
  'metadata',
  'error_details',
  'failures',
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
    (column) => sql`length(cast(${sql.ref(column)} as ${type})) as ${sql.ref(`${column}_size`)}`,
  )
  const ids = sql.join(rows.map(({ id }) => id))
  const { rows: found } = await sql<Record<string, number | null> & { id: number }>`
    select id, ${sql.join(lengths)} from ${sql.table(table)} where id in (${ids})`.execute(db.kysely)
  return new Map(
    found.map((row) => [
      row.id,
      Object.fromEntries(columns.map((column) => [column, Number(row[`${column}_size`] ?? 0)])),
    ]),
  )
}

/** Takes rows while the page has room, at least one. Values above the limit are replaced by null. */
export function takeRows(rows: readonly PageRow[], measured: readonly string[], sizes: Sizes): PageRow[] {
  const taken: PageRow[] = []
  let bytes = 0
  for (const row of rows) {
    const own = { ...sizes.get(row.id), ...measureValues(row, measured) }
    const omitted = omitColumns(row, own)
    const size = Object.entries(own).reduce(
      (sum, [column, value]) => sum + (omitted.includes(column) ? 0 : value),
      ROW_BYTES,
    )
    if (taken.length > 0 && bytes + size > PAGE_BYTES_MAX) break
    bytes += size
    taken.push(row)
  }
  return taken
}

/** Replaces values above the limit by null. */
function omitColumns(row: Record<string, unknown>, sizes: Readonly<Record<string, number>>): string[] {
  const omitted = Object.keys(sizes).filter((column) => (sizes[column] ?? 0) > PAGE_BYTES_MAX)
  for (const column of omitted) row[column] = null
  if (omitted.length > 0) row.omitted_fields = omitted
  return omitted
}

/** Replaces values of a single row that are too large for a response, and names them in `omitted_fields`. */
export function omitLargeValues(row: object, columns: readonly string[]): void {
  omitColumns(row as Record<string, unknown>, measureValues(row as PageRow, columns))
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
  sizes: Sizes,
): Promise<void> {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const column of columns) {
    for (const row of rows) row[column] = null
    const ids = rows.filter(({ id }) => (sizes.get(id)?.[column] ?? 0) <= PAGE_BYTES_MAX).map(({ id }) => id)
    if (ids.length === 0) continue
    const name = sql.ref(column)
    const { rows: found } = await sql<PageRow>`
      select id, ${name} from ${sql.table(table)} where id in (${sql.join(ids)})`.execute(db.kysely)
    for (const { id, [column]: value } of found) {
      const row = byId.get(id)
      if (row) row[column] = value
    }
  }
}
