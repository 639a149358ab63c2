import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { Problem } from '../errors.ts'
import type { Position } from './cursor.ts'
import type { ListDefinition, SortColumn } from './definition.ts'
import type { Filter } from './filter.ts'
import { tagWords } from './search.ts'

export interface Sort {
  column: string
  is_descending: boolean
}

export interface PageQuery {
  definition: ListDefinition
  columns: readonly string[]
  filters: readonly Filter[]
  /** Conditions that the caller adds, e.g. `lead_id = 7`. */
  conditions?: readonly RawBuilder<unknown>[]
  include_deleted?: boolean
  sort: Sort
  limit: number
  /** Where the page before ended. */
  after: Position | null
}

export interface Page<Row> {
  rows: Row[]
  /** Where to go on; null at the end. */
  next: Position | null
}

/** Reads `created_at`, `-created_at` (descending). @throws Problem invalid_request for a column that no index serves */
export function parseSort(definition: ListDefinition, text: string = definition.default_sort): Sort {
  const is_descending = text.startsWith('-')
  const column = is_descending ? text.slice(1) : text
  if (Object.hasOwn(definition.sorts, column)) return { column, is_descending }
  const known = Object.keys(definition.sorts).join(', ')
  const detail = `Sort by one of ${known}; with a - before it for descending order.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'sort', detail }] })
}

const operators = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function filterCondition(db: Db, definition: ListDefinition, filter: Filter): RawBuilder<unknown> {
  const { operator, values } = filter
  const column = sql.ref(filter.column)
  if (operator === 'is_null') return sql`${column} is null`
  if (operator === 'is_not_null') return sql`${column} is not null`
  if (operator === 'in') return sql`${column} in (${sql.join(values)})`
  if (operator === 'has') return tagCondition(db, definition, String(values[0]))
  return sql`${column} ${sql.raw(operators[operator])} ${values[0]}`
}

/** The index of words finds the candidates, where the table has one; the tag itself decides. */
function tagCondition(db: Db, definition: ListDefinition, tag: string): RawBuilder<unknown> {
  const words = definition.has_search ? tagWords(tag) : []
  const is_tagged = db.engine.hasTag(tag)
  return words.length === 0 ? is_tagged : sql`${db.engine.matchWords(words)} and ${is_tagged}`
}

/** Rows after `after`. Engines that cannot seek by a pair get the same said so that they can seek by its first half. */
function seekCondition(db: Db, { column, is_descending }: Sort, kind: SortColumn['kind'], after: Position) {
  const compare = sql.raw(is_descending ? '<' : '>')
  if (column === 'id') return sql`id ${compare} ${after[0]}`
  const [first, id] = after
  const value = kind === 'time' ? new Date(String(first)) : first
  const name = sql.ref(column)
  if (db.engine.has_row_comparison) return sql`(${name}, id) ${compare} (${value}, ${id})`
  return sql`(${name} ${compare}= ${value} and (${name} ${compare} ${value} or id ${compare} ${id}))`
}

export function whereClause(db: Db, query: Omit<PageQuery, 'columns' | 'limit'>): RawBuilder<unknown> {
  const { definition, sort, after } = query
  const conditions = [
    ...(query.conditions ?? []),
    ...query.filters.map((filter) => filterCondition(db, definition, filter)),
  ]
  // Written out, not bound: only so does the planner know that a partial index serves it.
  if (definition.has_soft_delete && !query.include_deleted) conditions.push(sql`not is_deleted`)
  const sorted = definition.sorts[sort.column]
  if (sorted?.is_nullable) conditions.push(sql`${sql.ref(sort.column)} is not null`)
  if (after !== null && sorted) conditions.push(seekCondition(db, sort, sorted.kind, after))
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
}

/** The statement of a page; a test prints and explains it. */
export function pageStatement(db: Db, query: PageQuery, rows: number): RawBuilder<Record<string, unknown>> {
  const { definition, sort } = query
  const direction = sql.raw(sort.is_descending ? 'desc' : 'asc')
  const order = sort.column === 'id' ? sql`id ${direction}` : sql`${sql.ref(sort.column)} ${direction}, id ${direction}`
  return sql`select ${sql.join(query.columns.map((column) => sql.ref(column)))} from ${sql.table(definition.table)} ${whereClause(db, query)} order by ${order} limit ${sql.lit(rows)}`
}

/** One page by key: the page at any depth costs what the first costs, and rows that come meanwhile shift nothing. */
export async function listPage<Row>(db: Db, query: PageQuery): Promise<Page<Row>> {
  const { sort, limit } = query
  // Sort column and id are always read: the next page starts from them.
  const columns = [...new Set([...query.columns, sort.column, 'id'])]
  const { rows } = await pageStatement(db, { ...query, columns }, limit + 1).execute(db.kysely)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? positionOf(last, sort) : null
  const extra = columns.filter((column) => !query.columns.includes(column))
  if (extra.length > 0) for (const row of page) for (const column of extra) delete row[column]
  return { rows: page as Row[], next }
}

export function positionOf(row: Record<string, unknown>, { column }: Sort): Position {
  return column === 'id' ? [row.id as number] : [row[column] as string | number, row.id as number]
}
