import { type RawBuilder, sql } from 'kysely'
import type { Db, SearchWord } from '../database/engine.ts'
import { Problem } from '../problem.ts'
import type { CursorPosition } from './cursor.ts'
import type { ListDefinition, OrderedIndex, SortColumn } from './definition.ts'
import type { Filter } from './filter.ts'
import { toTagWords } from './search-words.ts'

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
  /** Words that must be found: see searchWords. */
  words?: readonly SearchWord[]
  include_deleted?: boolean
  sort: Sort
  limit: number
  /** Where the page before ended. */
  after: CursorPosition | null
  /** No narrower index has the rows in this order: see sortExpression. */
  is_unfiltered?: boolean
  /** The words are rare: find their rows first, and sort them after. */
  is_search_first?: boolean
}

export interface Page<Row> {
  rows: Row[]
  /** Where to go on; null at the end. */
  next: CursorPosition | null
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

function filterCondition(db: Db, query: WhereQuery, filter: Filter): RawBuilder<unknown> {
  const { definition, is_unfiltered } = query
  const { operator, values } = filter
  const column = sql.ref(filter.column)
  if (operator === 'is_null') return sql`${column} is null`
  if (operator === 'is_not_null') return sql`${column} is not null`
  if (operator === 'has') return db.engine.tagCondition(String(values[0]))
  // Written out where all values are known, so that the planner can tell whether a partial index has them.
  if (typeof definition.filters[filter.column] === 'object')
    return sql`${column} in (${sql.join(values.map((value) => sql.lit(value)))})`
  if (operator === 'in') return sql`${column} in (${sql.join(values)})`
  const [value] = values
  if (!(value instanceof Date)) return sql`${column} ${sql.raw(operators[operator])} ${value}`
  const name = sortExpression(db, definition, { column: filter.column, is_descending: false }, is_unfiltered)
  const time = timeExpression(db, definition, filter.column, value, is_unfiltered)
  return sql`${name} ${sql.raw(operators[operator])} ${time}`
}

/** A condition that is always true, and lets an index serve that begins with another column. */
function leadingColumnConditions(
  { needs_leading_column = {} }: ListDefinition,
  filters: readonly Filter[],
): RawBuilder<unknown>[] {
  const has = (column: string): boolean => filters.some((filter) => filter.column === column)
  return Object.entries(needs_leading_column)
    .filter(([column, first]) => has(column) && !has(first.column))
    .map(([, { column, values }]) => sql`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`)
}

/** The words that rows must have: those of the search, and of the tags (the tags themselves are compared after). */
function wordsOf({ definition, filters, words = [] }: WhereQuery): readonly SearchWord[] {
  if (!definition.has_search) return []
  const tags = filters.filter(({ operator }) => operator === 'has')
  return [...words, ...tags.flatMap(({ values }) => toTagWords(String(values[0])))]
}

/** Rows after `after`. Engines that cannot seek by a pair get the same said so that they can seek by its first half. */
function seekCondition(
  db: Db,
  query: WhereQuery,
  kind: SortColumn['kind'],
  after: CursorPosition,
): RawBuilder<unknown> {
  const { definition, sort, is_unfiltered } = query
  const compare = sql.raw(sort.is_descending ? '<' : '>')
  if (sort.column === 'id') return sql`id ${compare} ${after[0]}`
  const [first, id] = after
  const name = sortExpression(db, definition, sort, is_unfiltered)
  const time = kind === 'time' ? new Date(String(first)) : null
  const value = time ? timeExpression(db, definition, sort.column, time, is_unfiltered) : first
  if (db.engine.has_row_comparison) return sql`(${name}, id) ${compare} (${value}, ${id})`
  return sql`(${name} ${compare}= ${value} and (${name} ${compare} ${value} or id ${compare} ${id}))`
}

type WhereQuery = Omit<PageQuery, 'columns' | 'limit'>

export function whereClause(db: Db, query: WhereQuery): RawBuilder<unknown> {
  const { definition, sort, after } = query
  const conditions = [
    ...(query.conditions ?? []),
    ...query.filters.map((filter) => filterCondition(db, query, filter)),
    ...leadingColumnConditions(definition, query.filters),
  ]
  const words = wordsOf(query)
  if (words.length > 0 && !query.is_search_first) conditions.push(db.engine.searchCondition(words))
  // Written out, not bound: only so does the planner know that a partial index serves it.
  if (definition.has_soft_delete && !query.include_deleted) conditions.push(sql`not is_deleted`)
  const sorted = definition.sorts[sort.column]
  if (sorted?.is_nullable) conditions.push(sql`${sql.ref(sort.column)} is not null`)
  if (after !== null && sorted) conditions.push(seekCondition(db, query, sorted.kind, after))
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
}

/** Branches of a merge, at most: each is a look-up in an index. */
const BRANCHES_MAX = 24

/**
 * The filters of each branch, where an index holds the rows of each branch in the order that is asked for: a country's
 * leads are in the order of their age within each status, so its list is read as one list a status, and merged. Null
 * where no index does, or too many look-ups would be needed.
 */
function planBranches({ definition, filters, sort, include_deleted }: PageQuery): Filter[][] | null {
  if (sort.column !== 'created_at') return null
  for (const index of definition.ordered_indexes ?? []) {
    if (index.is_active_only && include_deleted) continue
    const branches = branchesBy(index, filters)
    if (branches !== null) return branches
  }
  return null
}

function branchesBy(
  { columns, merged_values, excluded_value }: OrderedIndex,
  filters: readonly Filter[],
): Filter[][] | null {
  let branches: Filter[][] = [filters.filter(({ column }) => !columns.includes(column))]
  for (const column of columns) {
    const [filter, ...more] = filters.filter((candidate) => candidate.column === column)
    const values = filter ? filter.values : merged_values?.[column]
    const is_list = !filter || filter.operator === 'eq' || filter.operator === 'in'
    if (!values || !is_list || more.length > 0 || values.includes(excluded_value ?? '')) return null
    branches = [...new Set(values)].flatMap((value) =>
      branches.map((branch): Filter[] => [{ column, operator: 'eq', values: [value] }, ...branch]),
    )
  }
  return branches.length <= BRANCHES_MAX ? branches : null
}

/** The statement of a page; a test prints and explains it. */
export function pageStatement(db: Db, query: PageQuery, rows: number): RawBuilder<Record<string, unknown>> {
  const columns = sql.join(query.columns.map((column) => sql.ref(column)))
  const select = (part: PageQuery): RawBuilder<Record<string, unknown>> =>
    sql`select ${columns} from ${source(db, part)} ${whereClause(db, part)} ${orderAndLimit(db, part, rows)}`
  if (query.is_search_first) return select(query)
  const branches = planBranches(query)
  if (branches === null) return select({ ...query, is_unfiltered: true })
  const [only] = branches
  if (only && branches.length === 1) return select({ ...query, filters: only })
  const parts = branches.map((filters, index) => {
    const part = select({ ...query, filters })
    return sql`select * from (${part}) as ${sql.ref(`part_${index}`)}`
  })
  return sql`select * from (${sql.join(parts, sql` union all `)}) as parts ${orderAndLimit(db, query, rows)}`
}

/**
 * Where the rows come from. Found first, they are set apart (`offset 0`) so that the planner cannot turn the query round:
 * it takes 2% of all rows to have any word that it has not met, and would read the whole list for them.
 */
function source(db: Db, query: PageQuery): RawBuilder<unknown> {
  const table = sql.table(query.definition.table)
  if (!query.is_search_first) return table
  return sql`(select * from ${table} where ${db.engine.searchCondition(wordsOf(query))} offset 0) as found`
}

/** Rows up to which words count as rare: these are found and sorted in some 20 ms. */
const FOUND_ROWS_MAX = 5000

/** Looks whether the rows that have the words are few enough to be found first; words that many have are met soon. */
export async function planSearch(db: Db, query: PageQuery): Promise<PageQuery> {
  const words = wordsOf(query)
  if (words.length === 0 || !db.engine.has_optimization_fence) return query
  const table = sql.table(query.definition.table)
  const { rows } = await sql`select 1 as one from ${table} where ${db.engine.searchCondition(words)}
    offset ${sql.lit(FOUND_ROWS_MAX)} limit 1`.execute(db.kysely)
  return { ...query, is_search_first: rows.length === 0 }
}

function orderAndLimit(db: Db, { definition, sort, is_unfiltered }: PageQuery, rows: number): RawBuilder<unknown> {
  const direction = sql.raw(sort.is_descending ? 'desc' : 'asc')
  const first =
    sort.column === 'id' ? sql`` : sql`${sortExpression(db, definition, sort, is_unfiltered)} ${direction}, `
  return sql`order by ${first}id ${direction} limit ${sql.lit(rows)}`
}

/**
 * The whole list by age has an index of its own, and the rows of a run, a city or a status have theirs. A planner that
 * could use the former for the latter would: it takes the rows it looks for to be spread evenly, and reads the whole list
 * from its new end to find those of an old run (1,490 blocks instead of 60 for a page of 50 from 60,000 leads, and a
 * second from a million). So the whole list's index is on another spelling of the time, where the engine has one.
 */
function sortExpression(
  db: Db,
  { default_order_time }: ListDefinition,
  { column }: Sort,
  is_unfiltered = false,
): RawBuilder<unknown> {
  return is_unfiltered && column === default_order_time ? db.engine.defaultOrderTime.column(column) : sql.ref(column)
}

function timeExpression(
  db: Db,
  { default_order_time }: ListDefinition,
  column: string,
  time: Date,
  is_unfiltered = false,
): RawBuilder<unknown> {
  return is_unfiltered && column === default_order_time ? db.engine.defaultOrderTime.value(time) : sql`${time}`
}

/** One page by key: the page at any depth costs what the first costs, and rows that come meanwhile shift nothing. */
export async function listPage<Row>(db: Db, query: PageQuery): Promise<Page<Row>> {
  const { sort, limit } = query
  // Sort column and id are always read: the next page starts from them.
  const columns = [...new Set([...query.columns, sort.column, 'id'])]
  const statement = pageStatement(db, await planSearch(db, { ...query, columns }), limit + 1)
  const { rows } = await statement.execute(db.kysely)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  const next = rows.length > limit && last ? toPosition(last, sort) : null
  const extra = columns.filter((column) => !query.columns.includes(column))
  if (extra.length > 0) for (const row of page) for (const column of extra) delete row[column]
  return { rows: page as Row[], next }
}

export function toPosition(row: Record<string, unknown>, { column }: Sort): CursorPosition {
  return column === 'id' ? [row.id as number] : [row[column] as string | number, row.id as number]
}
