import type { RawBuilder } from 'kysely'
import { executeCompiled } from '../database/compile-once.ts'
import type { Db } from '../database/engine.ts'
import { lazily } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { type CountMode, countRows, type RowCount } from './count.ts'
import { type CursorPosition, decodeCursor, encodeCursor, listFingerprint } from './cursor.ts'
import { type ListDefinition, PAGE_ROWS_DEFAULT } from './definition.ts'
import { type Filter, parseFilters, type RawFilters } from './filter.ts'
import { LARGE_COLUMNS, MEASURED_COLUMNS, type PageRow, readLargeValues, readSizes, takeRows } from './page-bytes.ts'
import { type ConstantConditions, type PageQuery, pageStatement, parseSort, type Sort } from './page-statement.ts'
import { readRows } from './search-statement.ts'
import { parseSearchWords } from './search-words.ts'

/** The input of every list, as texts, for the API and the command line. */
export interface ListInput {
  filters?: RawFilters
  q?: string | undefined
  sort?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
  /** Columns to return. Default: all of the list. */
  fields?: readonly string[] | undefined
  include_deleted?: boolean | undefined
  count?: CountMode | undefined
  cursor_secret: string
}

export interface ListResult<Row> {
  data: Row[]
  /** Pass it as `cursor` to get the next page; null at the end. */
  next_cursor: string | null
  count?: RowCount
}

/**
 * Reads a page of a list.
 * @throws Problem invalid_request, invalid_cursor
 */
export async function listRows<Row>(
  db: Db,
  definition: ListDefinition,
  columns: readonly string[],
  input: ListInput,
  given: readonly RawBuilder<unknown>[] | ConstantConditions = [],
  scope: readonly (string | number)[] = [],
  attach?: RelatedValues<Row>,
): Promise<ListResult<Row>> {
  const { limit = PAGE_ROWS_DEFAULT } = input
  const filters = await parseFilters(definition, input.filters ?? {})
  const include_deleted = input.include_deleted || selectsDeleted(filters)
  const sort = parseSort(definition, input.sort)
  const words = input.q === undefined ? [] : parseSearchWords(input.q)
  // Not of a list that is one page: hashing takes 2% of its time.
  const fingerprint = lazily(() => listFingerprint([definition.table, scope, filters, words, sort, include_deleted]))
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor_secret, fingerprint(), input.cursor)
  const isPlain = filters.length + words.length === 0 && after === null && input.count === undefined
  const constant = 'build' in given && isPlain ? given : undefined
  const conditions = !('build' in given) ? given : constant ? [] : given.build()
  const query = { definition, filters, conditions, constant, words, include_deleted, sort, after }
  const page = await listBoundedPage<Row>(db, { ...query, columns: input.fields ?? columns, limit }, attach)
  const next_cursor = page.next === null ? null : encodeCursor(input.cursor_secret, fingerprint(), page.next)
  const answer: ListResult<Row> = { data: page.rows, next_cursor }
  if (input.count !== undefined) answer.count = await countRows(db, { ...query, after: null }, input.count)
  return answer
}

/** `is_deleted=true` includes deleted rows without `include_deleted`. */
export const selectsDeleted = (filters: readonly Filter[]): boolean =>
  filters.some(({ column, values }) => column === 'is_deleted' && values[0] === true)

/** Parses `fields=a,b`. @throws Problem invalid_request that names unknown fields */
export function parseFields(known: readonly string[], text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined
  const fields = [...new Set(text.split(',').map((field) => field.trim()))].filter((field) => field !== '')
  const unknown = fields.filter((field) => !known.includes(field))
  if (unknown.length === 0 && fields.length > 0) return fields
  const detail =
    fields.length === 0
      ? 'Name at least one field.'
      : `Unknown fields: ${unknown.map((f) => f.slice(0, 60)).join(', ')}.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'fields', detail }] })
}

export interface Page<Row> {
  rows: Row[]
  /** The start of the next page; null at the end. */
  next: CursorPosition | null
}

/** Values of other tables that are added to the rows of a page. Their bytes count. */
export interface RelatedValues<Row> {
  columns: readonly string[]
  read: (rows: Row[]) => Promise<void>
}

/**
 * Reads one page that has at most `PAGE_BYTES_MAX` bytes; it may have fewer rows than its limit. A value that is
 * larger alone is null, and `omitted_fields` names it, so that no row can stop a reader.
 */
export async function listBoundedPage<Result>(
  db: Db,
  query: PageQuery,
  attach?: RelatedValues<Result>,
): Promise<Page<Result>> {
  const large = query.columns.filter((column) => LARGE_COLUMNS.has(column))
  const measured = query.columns.filter((column) => MEASURED_COLUMNS.has(column))
  if (large.length === 0 && measured.length === 0 && !attach) return listPage<Result>(db, query)
  const { sort } = query
  const small = large.length === 0 ? query.columns : query.columns.filter((column) => !LARGE_COLUMNS.has(column))
  const columns = withColumns(small, [sort.column, 'id'])
  const page = await listPage<PageRow>(db, { ...query, columns })
  const sizes = await readSizes(db, query.definition.table, large, page.rows)
  let rows = takeRows(page.rows, measured, sizes)
  if (attach) {
    await attach.read(rows as Result[])
    rows = takeRows(rows, [...measured, ...attach.columns], sizes)
  }
  await readLargeValues(db, query.definition.table, large, rows)
  const last = rows.at(-1)
  const next = rows.length < page.rows.length && last ? toPosition(last, sort) : page.next
  const extra = columns.filter((column) => !query.columns.includes(column))
  for (const row of rows) for (const column of extra) delete row[column]
  return { rows: rows as Result[], next }
}

/** Reads one page by key. All pages cost the same, and concurrent inserts do not shift rows between pages. */
export async function listPage<Row>(db: Db, query: PageQuery): Promise<Page<Row>> {
  const { sort, limit } = query
  // Always read the sort column and the id: the next page starts from them.
  const columns = withColumns(query.columns, [sort.column, 'id'])
  const rows = await executePage(db, { ...query, columns })
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? toPosition(last, sort) : null
  const extra = columns.filter((column) => !query.columns.includes(column))
  if (extra.length > 0) for (const row of page) for (const column of extra) delete row[column]
  return { rows: page as Row[], next }
}

async function executePage(db: Db, query: PageQuery): Promise<Record<string, unknown>[]> {
  const { constant, definition, columns, sort, include_deleted, limit } = query
  if (!constant) return readRows(db, query, limit + 1)
  const parts = [constant.name, definition.table, columns, sort.column, sort.is_descending, include_deleted, limit]
  const build = () => pageStatement(db, { ...query, conditions: constant.build() }, limit + 1)
  const { rows } = await executeCompiled(db, parts.join(' '), constant.values, build)
  return rows
}

/** The same list where nothing has to be added: what depends on a constant list is computed once. */
const withColumns = (columns: readonly string[], needed: readonly string[]): readonly string[] =>
  needed.every((column) => columns.includes(column)) ? columns : [...new Set([...columns, ...needed])]

function toPosition(row: Record<string, unknown>, { column }: Sort): CursorPosition {
  return column === 'id' ? [row.id as number] : [row[column] as string | number, row.id as number]
}
