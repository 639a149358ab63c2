import { type RawBuilder, sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
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

/** Conditions whose text depends on `name` alone: the statement of a page with them is compiled once. */
export interface ConstantConditions {
  name: string
  /** What they are bound to, in their order. */
  values: readonly unknown[]
  build: () => RawBuilder<unknown>[]
}

export interface PageQuery {
  definition: ListDefinition
  columns: readonly string[]
  filters: readonly Filter[]
  /** Additional conditions of the caller, e.g. `lead_id = 7`. */
  conditions?: readonly RawBuilder<unknown>[]
  /** In place of `conditions`, where there are neither filters nor words nor a page before this one. */
  constant?: ConstantConditions | undefined
  /** Words that rows must contain; see parseSearchWords. */
  words?: readonly SearchWord[]
  include_deleted?: boolean
  sort: Sort
  limit: number
  /** The end of the previous page. */
  after: CursorPosition | null
  /** No narrower index has the rows in this order; see sortExpression. */
  is_unfiltered?: boolean
  /** The words are rare: find their rows first, then sort them. */
  is_search_first?: boolean
  /** A query of the statement that has the places of these rows already. */
  places?: 'found' | 'first'
}

/** Parses `created_at` or `-created_at` (descending). @throws Problem invalid_request for a column without an index */
export function parseSort(definition: ListDefinition, text: string = definition.default_sort): Sort {
  const is_descending = text.startsWith('-')
  const column = is_descending ? text.slice(1) : text
  if (Object.hasOwn(definition.sorts, column)) return { column, is_descending }
  const known = Object.keys(definition.sorts).join(', ')
  const detail = `Sort by one of ${known}; prefix it with - for descending order.`
  throw new Problem('invalid_request', detail, { errors: [{ parameter: 'sort', detail }] })
}

const operators = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const

function filterCondition(db: Db, query: WhereQuery, filter: Filter): RawBuilder<unknown> {
  const { definition, is_unfiltered } = query
  const { operator, values } = filter
  const column = sql.ref(filter.column)
  const relation = definition.relations?.[filter.column]
  if (relation) return relation(values)
  if (operator === 'is_null') return sql`${column} is null`
  if (operator === 'is_not_null') return sql`${column} is not null`
  if (operator === 'has') return db.engine.tagCondition(String(values[0]))
  if (operator === 'not') return sql`(${column} not in (${sql.join(values)}) or ${column} is null)`
  if (operator === 'prefix') return db.engine.prefixCondition(column, String(values[0]))
  if (typeof values[0] === 'boolean') return booleanCondition(filter)
  // Literals if all values are known, so that the planner can tell whether a partial index contains them.
  if (typeof definition.filters[filter.column] === 'object')
    return sql`${column} in (${sql.join(values.map((value) => sql.lit(value)))})`
  if (operator === 'in') return sql`(${column} in (${sql.join(values)})${impliedConditions(definition, filter)})`
  const [value] = values
  if (!(value instanceof Date))
    return sql`${column} ${sql.raw(operators[operator])} ${value}${impliedConditions(definition, filter)}`
  const name = sortExpression(db, definition, { column: filter.column, is_descending: false }, is_unfiltered)
  const time = timeExpression(db, definition, filter.column, value, is_unfiltered)
  return sql`${name} ${sql.raw(operators[operator])} ${time}`
}

/** Conditions that follow from the filter. With them the planner finds the index: see the definition of a list. */
function impliedConditions(definition: ListDefinition, filter: Filter): RawBuilder<unknown> {
  const characters = definition.indexed_characters?.[filter.column]
  if (characters === undefined) return notExcluded(definition, filter)
  // The normal form of a text can be longer than the text.
  if (filter.values.some((value) => String(value).length > characters)) return sql``
  return sql` and substr(${sql.ref(filter.column)}, 1, ${sql.lit(characters)}) in (${sql.join(filter.values)})`
}

/** Repeats the condition of a partial index as a literal: the planner does not derive it from a bound value. */
function notExcluded({ ordered_indexes = [] }: ListDefinition, { column, values }: Filter): RawBuilder<unknown> {
  const { excluded_value } = ordered_indexes.find(({ columns }) => columns[0] === column) ?? {}
  if (excluded_value === undefined || values.includes(excluded_value)) return sql``
  return sql` and ${sql.ref(column)} <> ${sql.lit(excluded_value)}`
}

/** A literal in both forms: PostgreSQL and SQLite match the bare column with a partial index, MySQL seeks by the value. */
const booleanCondition = ({ column, values }: Filter): RawBuilder<unknown> =>
  values[0] === true ? sql`(${sql.ref(column)} and ${sql.ref(column)} = true)` : sql`not ${sql.ref(column)}`

/** A condition that is always true. It allows an index that begins with another column. */
function leadingColumnConditions(
  { needs_leading_column = {} }: ListDefinition,
  filters: readonly Filter[],
): RawBuilder<unknown>[] {
  const has = (column: string): boolean => filters.some((filter) => filter.column === column)
  return Object.entries(needs_leading_column)
    .filter(([column, first]) => has(column) && !has(first.column))
    .map(([, { column, values }]) => sql`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`)
}

/** The words that rows must contain: those of the search and of the tags. The tags themselves are compared later. */
export function wordsOf({ definition, filters, words = [] }: WhereQuery): readonly SearchWord[] {
  if (!definition.has_search) return []
  const tags = filters.filter(({ operator }) => operator === 'has')
  return [...words, ...tags.flatMap(({ values }) => toTagWords(String(values[0])))]
}

/** Selects rows after `after`. For engines that cannot seek by a pair, the condition lets them seek by the first column. */
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
  if (words.length > 0 && !query.is_search_first) conditions.push(db.engine.searchCondition(words, definition.table))
  // A literal, not a bound value: otherwise the planner does not use partial indexes.
  if (definition.has_soft_delete && !query.include_deleted) conditions.push(sql`not is_deleted`)
  const sorted = definition.sorts[sort.column]
  if (sorted?.is_nullable) conditions.push(sql`${sql.ref(sort.column)} is not null`)
  if (after !== null && sorted) conditions.push(seekCondition(db, query, sorted.kind, after))
  return conditions.length === 0 ? sql`` : sql`where ${sql.join(conditions, sql` and `)}`
}

/** Maximum number of branches of a merge. Each is a lookup in an index. */
const BRANCHES_MAX = 24

/**
 * Returns the filters of each branch if an index stores the rows of each branch in the requested order. The leads of a
 * country are ordered by age within each status, so the list of a country is read per status and merged. Null if no index
 * fits, or if it would take too many lookups.
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

/** The statement of a page that is not a search, or of which `planSearch` has told how to search. */
export function pageStatement(db: Db, query: PageQuery, rows: number): RawBuilder<Record<string, unknown>> {
  const columns = columnList(db, query.columns)
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
 * Returns the source of the rows. A search that runs first is isolated (`offset 0`), so that the planner cannot reorder
 * the query: it assumes that 2% of all rows contain an unknown word, and would read the whole list to find them.
 */
function source(db: Db, query: PageQuery): RawBuilder<unknown> {
  const table = sql.table(query.definition.table)
  if (!query.is_search_first) return table
  const isFound = query.places
    ? sql`ctid = any (array(select place from ${sql.table(query.places)}))`
    : db.engine.searchCondition(wordsOf(query), query.definition.table)
  return sql`(select * from ${table} where ${isFound} offset 0) as found_rows`
}

export function orderAndLimit(
  db: Db,
  { definition, sort, is_unfiltered }: PageQuery,
  rows: number,
): RawBuilder<unknown> {
  const direction = sql.raw(sort.is_descending ? 'desc' : 'asc')
  const first =
    sort.column === 'id' ? sql`` : sql`${sortExpression(db, definition, sort, is_unfiltered)} ${direction}, `
  return sql`order by ${first}id ${direction} limit ${sql.lit(rows)}`
}

/**
 * The unfiltered list by age has a dedicated index, and so have the rows of a run, a city or a status. The planner would
 * use the former for the latter: it assumes that matching rows are spread evenly, and reads the whole list from its new
 * end to find those of an old run (1,490 blocks instead of 60 for a page of 50 from 60,000 leads; one second from a
 * million). Therefore the index of the unfiltered list uses another expression of the time, if the engine has one.
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
