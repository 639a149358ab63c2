import { type RawBuilder, sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
import type { Db, SearchWord } from '../database/engine.ts'
import { plannedEachTime } from '../database/planned-each-time.ts'
import type { Filter } from './filter.ts'
import type { WordParts } from './frequent-words.ts'
import { orderAndLimit, type PageQuery, pageStatement, whereClause, wordsOf } from './page-statement.ts'

/** Words in at most this many rows count as rare. Finding and sorting these takes about 15 ms. */
export const FOUND_ROWS_MAX = 10_000

/** Rows of a word whose places the server keeps one by one in 4 MB; of more it keeps blocks, all of whose rows it checks. */
const PLACED_ROWS_MAX = 50_000

/** What the ways cost the server, in us. */
const costs = {
  /** A row of a word, found in the index of words. */
  placed_row: 0.25,
  /** The same, fetched. Up to 300 us if it has to come from a disk. */
  found_row: 1.65,
  /** An entry of the index of the list. */
  window_row: 0.06,
  /** A row of the list that is looked at. */
  walked_row: 2.1,
  /** A row of the page whose words are compared. */
  checked_row: 17,
  window: 1500,
} as const

/** Rows of the list that are looked at, or its entries, for each that the words are expected in. */
const MARGIN = 2
/** As many at least for each row of the page: these words are frequent, and may be so in other parts of the list only. */
const WALKED_ROWS_MIN = 10
/** Where more are expected, walking is no way: 0.1 s. */
const WALKED_ROWS_MAX = 50_000

/** `found`: the rows of the words, sorted. `walk`: the list. `window`: those rows of the words that begin the list. */
export type Way = { name: 'found' } | { name: 'walk' | 'window'; list_rows: number }

type Statement = RawBuilder<Record<string, unknown>>

interface Expected {
  rows_count: number
  parts: WordParts
}

/** Tells which way to the first rows of a search costs least. */
export function chooseWay(query: PageQuery, rows_max: number, { rows_count, parts }: Expected): Way {
  const { share, rare_rows, index_rows } = parts
  const rows = share * rows_count
  if (rows < 1) return { name: 'found' }
  const expected = rows_max / share
  const found =
    rows > FOUND_ROWS_MAX ? Number.POSITIVE_INFINITY : index_rows * costs.placed_row + rows * costs.found_row
  const walk =
    expected > WALKED_ROWS_MAX ? Number.POSITIVE_INFINITY : expected * costs.walked_row + rows_max * costs.checked_row
  const window = costs.window + rare_rows * costs.placed_row + MARGIN * expected * costs.window_row
  if (rare_rows <= PLACED_ROWS_MAX && canWindow(query) && window < found && window < walk)
    return { name: 'window', list_rows: Math.ceil(MARGIN * expected) }
  return walk < found ? { name: 'walk', list_rows: walkedRows(rows_max, expected) } : { name: 'found' }
}

/** In few different numbers, as each makes a statement of its own. */
const walkedRows = (rows_max: number, expected: number): number =>
  rows_max * 2 ** Math.ceil(Math.log2((MARGIN * expected) / rows_max + WALKED_ROWS_MIN))

/** Conditions of the rows that have the words, the cheap one first. */
export function checkConditions(db: Db, words: readonly SearchWord[], table: string): RawBuilder<unknown>[] {
  if (words.length === 0) return []
  const { wordStatistics } = db.engine
  const likely = wordStatistics ? [wordStatistics.likelyCondition(words, table)] : []
  return [...likely, db.engine.searchCondition(words, table, true)]
}

const isTag = ({ operator }: Filter): boolean => operator === 'has'

/**
 * Reads the beginning of the list without the words, which is as cheap in any table, and keeps the rows that have them. The
 * answer is one row of nulls where these are too few and the list has more rows.
 */
export function walkStatement(db: Db, query: PageQuery, rows_max: number, list_rows: number): Statement {
  const { definition, columns, filters } = query
  const { wordStatistics } = db.engine
  const words = wordsOf(query)
  const needed = [...new Set([...columns, ...(wordStatistics?.columns(definition.table) ?? [])])]
  const walked = { ...query, words: [], filters: filters.filter((filter) => !isTag(filter)) }
  const conditions = [
    ...checkConditions(db, words, definition.table),
    ...filters.filter(isTag).map(({ values }) => db.engine.tagCondition(String(values[0]))),
  ]
  const nulls = sql.join(columns.map(() => sql.lit(null)))
  const keys = [...new Set([query.sort.column, 'id'])]
  // In a `case`, as the server may look for them first otherwise.
  const rest = pageStatement(db, { ...walked, columns: keys }, list_rows + 1)
  return sql`with kept as materialized (
      select ${columnList(db, columns)} from (${pageStatement(db, { ...walked, columns: needed }, list_rows)}) as walked
      where ${sql.join(conditions, sql` and `)} limit ${sql.lit(rows_max)}
    ), missed as materialized (
      select 1 as one where case when (select count(*) from kept) < ${sql.lit(rows_max)} then exists (
        select 1 from (${rest}) as list offset ${sql.lit(list_rows)}) end
    )
    select * from (
      select * from kept where not exists (select 1 from missed)
      union all
      select ${nulls} from missed
    ) as page ${orderAndLimit(db, query, rows_max)}`
}

/** The list has no other condition, and is in the order in which leads come. */
const canWindow = ({ filters, conditions = [], sort }: PageQuery): boolean =>
  filters.every(isTag) && conditions.length === 0 && ['created_at', 'id'].includes(sort.column)

/**
 * Reads the rows of the words in the part of the list where enough of them are expected. If there are as many rows as a
 * page has, they are the first. Null if the list has no row behind that part.
 *
 * Both indexes give places of rows, and only rows in both are fetched. The part ends at a time, found by an id, as an index
 * does not count its entries; ids that no row has any more are taken to be spread evenly.
 */
export async function findWindow(
  db: Db,
  query: PageQuery,
  rows_max: number,
  { list_rows, rows_count, parts }: Expected & { list_rows: number },
): Promise<Statement | null> {
  const { definition, columns, sort, after } = query
  const table = sql.table(definition.table)
  const { is_descending } = sort
  const first =
    after === null ? sql`(select ${sql.raw(is_descending ? 'max' : 'min')}(id) from ${table})` : after.at(-1)
  const ids = sql`${list_rows}::float8 * greatest(1, (select max(id) from ${table}) / ${rows_count}::float8)`
  const { rows } = await sql<Record<string, string | number>>`
    select ${sql.ref(sort.column)} from ${table}
    where id ${sql.raw(is_descending ? '<=' : '>=')} (select (${first}::float8 ${sql.raw(is_descending ? '-' : '+')} ${ids})::integer)
    order by id ${sql.raw(is_descending ? 'desc' : 'asc')} limit 1`.execute(db.kysely)
  const value = rows[0]?.[sort.column]
  if (value === undefined) return null
  const end: Filter = {
    column: sort.column,
    operator: is_descending ? 'gte' : 'lte',
    values: [sort.column === 'id' ? value : new Date(value)],
  }
  const conditions = [db.engine.searchCondition(parts.rare, definition.table)]
  const part = { ...query, filters: [...query.filters, end], conditions, is_search_first: true, is_unfiltered: true }
  // Outside: the index of words would serve these conditions too.
  const checks = [sql`true`, ...checkConditions(db, parts.checked, definition.table)]
  return plannedEachTime(sql`select ${columnList(db, columns)}
    from (select * from ${table} ${whereClause(db, part)} offset 0) as part
    where ${sql.join(checks, sql` and `)} ${orderAndLimit(db, part, rows_max)}`)
}
