import type { RawBuilder } from 'kysely'
import { executeCompiled, executeCompiledSent } from '../database/compile-once.ts'
import type { Db } from '../database/engine.ts'
import type { SentRows } from '../database/sent-rows.ts'
import { lazily } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { stringifyJson } from '../stringify-json.ts'
import { type CountMode, countRows, type RowCount } from './count.ts'
import { type CursorPosition, decodeCursor, encodeCursor, listFingerprint } from './cursor.ts'
import { type ListDefinition, PAGE_ROWS_DEFAULT } from './definition.ts'
import { type Filter, parseFilters, type RawFilters } from './filter.ts'
import {
  LARGE_COLUMNS,
  MEASURED_COLUMNS,
  type PageRow,
  readLargeValues,
  readSizes,
  surelyFitBytes,
  takeRows,
} from './page-bytes.ts'
import { type ConstantConditions, type PageQuery, pageStatement, parseSort, type Sort } from './page-statement.ts'
import { readRows, readSentRows } from './search-statement.ts'
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

/** What a list asks for. */
interface ParsedList {
  query: PageQuery
  /** Binds cursors to the list. Not of a list that is one page: hashing takes 2% of its time. */
  fingerprint: () => string
}

/** Conditions of a list that do not come from its input, and what its cursors are bound to for them. */
type Given = readonly RawBuilder<unknown>[] | ConstantConditions
type Scope = readonly (string | number)[]

/**
 * Reads a page of a list.
 * @throws Problem invalid_request, invalid_cursor
 */
export async function listRows<Row>(
  db: Db,
  definition: ListDefinition,
  columns: readonly string[],
  input: ListInput,
  given: Given = [],
  scope: Scope = [],
  attach?: RelatedValues<Row>,
): Promise<ListResult<Row>> {
  const list = await parseList(definition, columns, input, given, scope)
  const { rows, next } = await listBoundedPage<Row>(db, list.query, attach)
  return { data: rows, ...(await describePage(db, list, input, next)) }
}

/** JSON of what {@link listRows} returns, without the rows in between where the engine can. @throws as it */
export async function listRowsJson(
  db: Db,
  definition: ListDefinition,
  columns: readonly string[],
  input: ListInput,
  given: Given = [],
  scope: Scope = [],
): Promise<string> {
  const list = await parseList(definition, columns, input, given, scope)
  const { data, next } = (await readPageJson(db, list.query)) ?? (await stringifyPage(db, list.query))
  return `{"data":${data},${JSON.stringify(await describePage(db, list, input, next)).slice(1)}`
}

async function parseList(
  definition: ListDefinition,
  columns: readonly string[],
  input: ListInput,
  given: Given,
  scope: Scope,
): Promise<ParsedList> {
  const { limit = PAGE_ROWS_DEFAULT } = input
  const filters = await parseFilters(definition, input.filters ?? {})
  const include_deleted = input.include_deleted || selectsDeleted(filters)
  const sort = parseSort(definition, input.sort)
  const words = input.q === undefined ? [] : parseSearchWords(input.q)
  const fingerprint = lazily(() => listFingerprint([definition.table, scope, filters, words, sort, include_deleted]))
  const after = input.cursor === undefined ? null : decodeCursor(input.cursor_secret, fingerprint(), input.cursor)
  const isPlain = filters.length + words.length === 0 && after === null && input.count === undefined
  const constant = 'build' in given && isPlain ? given : undefined
  const conditions = !('build' in given) ? given : constant ? [] : given.build()
  const selected = { columns: input.fields ?? columns, limit, include_deleted, sort, after }
  return { query: { definition, filters, conditions, constant, words, ...selected }, fingerprint }
}

/** Everything of a list's answer but its rows. */
async function describePage(
  db: Db,
  { query, fingerprint }: ParsedList,
  { cursor_secret, count }: ListInput,
  next: CursorPosition | null,
): Promise<Omit<ListResult<never>, 'data'>> {
  const next_cursor = next === null ? null : encodeCursor(cursor_secret, fingerprint(), next)
  return count === undefined
    ? { next_cursor }
    : { next_cursor, count: await countRows(db, { ...query, after: null }, count) }
}

interface PageJson {
  data: string
  next: CursorPosition | null
}

async function stringifyPage(db: Db, query: PageQuery): Promise<PageJson> {
  const { rows, next } = await listBoundedPage(db, query)
  return { data: stringifyJson(rows), next }
}

/** Undefined where the rows have to be looked at: other engines, large values, a page that may be too large. */
async function readPageJson(db: Db, query: PageQuery): Promise<PageJson | undefined> {
  const { columns, sort, limit } = query
  const canWrite = db.engine.has_sent_rows && columns[0] === 'id'
  if (!canWrite || columns.some((column) => LARGE_COLUMNS.has(column))) return undefined
  const sent = await executeSentPage(db, { ...query, columns: withColumns(columns, [sort.column]) })
  if (!surelyFitBytes(sent)) return undefined
  const data = sent.toJson(limit, columns.length)
  if (sent.length <= limit) return { data, next: null }
  const last = { [sort.column]: sent.read(limit - 1, sort.column), id: sent.read(limit - 1, 'id') }
  return { data, next: toPosition(last, sort) }
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
  const { constant, limit } = query
  if (!constant) return readRows(db, query, limit + 1)
  const { rows } = await executeCompiled(db, ...constantStatement(db, query, constant))
  return rows
}

async function executeSentPage(db: Db, query: PageQuery): Promise<SentRows> {
  const { constant, limit } = query
  return constant
    ? executeCompiledSent(db, ...constantStatement(db, query, constant))
    : readSentRows(db, query, limit + 1)
}

type ConstantStatement = [key: string, values: readonly unknown[], build: () => RawBuilder<Record<string, unknown>>]

function constantStatement(db: Db, query: PageQuery, { name, values, build }: ConstantConditions): ConstantStatement {
  const { definition, columns, sort, include_deleted, limit } = query
  const parts = [name, definition.table, columns, sort.column, sort.is_descending, include_deleted, limit]
  return [parts.join(' '), values, () => pageStatement(db, { ...query, conditions: build() }, limit + 1)]
}

/** The same list where nothing has to be added: what depends on a constant list is computed once. */
const withColumns = (columns: readonly string[], needed: readonly string[]): readonly string[] =>
  needed.every((column) => columns.includes(column)) ? columns : [...new Set([...columns, ...needed])]

function toPosition(row: Record<string, unknown>, { column }: Sort): CursorPosition {
  return column === 'id' ? [row.id as number] : [row[column] as string | number, row.id as number]
}
