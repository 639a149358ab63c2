import { type RawBuilder, sql } from 'kysely'
import type { Db, SearchWord } from '../database/engine.ts'
import { plannedEachTime } from '../database/planned-each-time.ts'
import { executeSentRows, type SentRows } from '../database/sent-rows.ts'
import { withTransaction } from '../database/transaction.ts'
import { estimateWords, splitByFrequency, type WordParts } from './frequent-words.ts'
import { orderAndLimit, type PageQuery, pageStatement, whereClause, wordsOf } from './page-statement.ts'
import { checkConditions, chooseWay, FOUND_ROWS_MAX, findWindow, walkStatement } from './search-ways.ts'

/**
 * Rows of the list that are looked at for words that nothing was known of and that are in very many rows: the planner would
 * take them for rare, and read all of these.
 */
const UNKNOWN_WALKED_ROWS = 10_000

/** Rows of the rare words in which the others are looked for; if all have these, 17 ms. With more, other ways are cheaper. */
const CHECKED_ROWS_EXPECTED_MAX = 1000

/** With 4 MB the places of a million rows are kept as blocks only, and the words of all rows in these are made: 18 s, not 3. */
const MANY_ROWS_MEMORY = '64MB'

/**
 * Reads the rows of a page, which may be a search. Rare words are searched for first and their rows sorted, in one
 * statement. Frequent ones are found in the list itself, which soon comes to a row with them, or in both at once.
 */
export function readRows(db: Db, query: PageQuery, rows_max: number): Promise<Record<string, unknown>[]> {
  return search(db, query, rows_max, {
    run: async ({ kysely }, statement) => (await statement.execute(kysely)).rows,
    isRefused: ([first]) => first?.id === null,
  })
}

/** The same, not decoded. The first column must be the id. */
export function readSentRows(db: Db, query: PageQuery, rows_max: number): Promise<SentRows> {
  return search(db, query, rows_max, { run: executeSentRows, isRefused: ({ isNull }) => isNull })
}

interface Reader<Rows> {
  run(db: Db, statement: RawBuilder<Record<string, unknown>>): Promise<Rows>
  /** The statement is not the way to these rows. */
  isRefused(rows: Rows): boolean
}

/**
 * The index of words reads all rows of a word, so words that statistics know as frequent are found in other ways. The rows
 * are the same however they are found: statistics may be old, or missing.
 */
async function search<Rows extends { length: number }>(
  db: Db,
  query: PageQuery,
  rows_max: number,
  { run, isRefused }: Reader<Rows>,
): Promise<Rows> {
  const estimated = await estimateWords(db, query.definition.table, wordsOf(query))
  const parts = splitByFrequency(estimated)
  if (parts.checked.length > 0 && parts.rare_rows <= CHECKED_ROWS_EXPECTED_MAX) {
    const rows = await run(db, listStatement(db, query, rows_max, parts))
    if (!isRefused(rows)) return rows
  }
  const { rows_count } = estimated
  const way = chooseWay(query, rows_max, { rows_count, parts })
  if (way.name === 'walk') {
    const rows = await run(db, walkStatement(db, query, rows_max, way.list_rows))
    if (!isRefused(rows)) return rows
  } else if (way.name === 'window') {
    const statement = await findWindow(db, query, rows_max, { list_rows: way.list_rows, rows_count, parts })
    const rows = statement && (await run(db, statement))
    if (rows && rows.length >= rows_max) return rows
  }
  const found = await run(db, listStatement(db, query, rows_max))
  if (!isRefused(found)) return found
  if (parts.share === 0 && rows_count > 0) {
    const rows = await run(db, walkStatement(db, query, rows_max, UNKNOWN_WALKED_ROWS))
    if (!isRefused(rows)) return rows
  }
  const statement = plannedEachTime(pageStatement(db, query, rows_max))
  if (db.isInTransaction) return run(db, statement)
  return withTransaction(db, async (trx) => {
    await sql`select set_config('work_mem', ${MANY_ROWS_MEMORY}, true)`.execute(trx.kysely)
    return run(trx, statement)
  })
}

/**
 * The statement of a page; tests explain it. Of a search for frequent words the answer is one row of nulls.
 *
 * The planner does not see the words, so it plans the statement once for all of them. With the list of frequent words in
 * the same statement, whose plan does depend on them, each search was planned again, which took four times as long as the
 * search for a rare word itself (1 ms of 1.2).
 */
export function listStatement(
  db: Db,
  query: PageQuery,
  rows_max: number,
  parts?: WordParts,
): RawBuilder<Record<string, unknown>> {
  const { rare, checked, checked_max } = parts ?? { rare: wordsOf(query), checked: [], checked_max: FOUND_ROWS_MAX }
  if (rare.length === 0 || !db.engine.has_optimization_fence) return pageStatement(db, query, rows_max)
  const conditions = [...(query.conditions ?? []), ...checkConditions(db, checked, query.definition.table)]
  const nulls = sql.join(query.columns.map(() => sql.lit(null)))
  // The rows are fetched once more for conditions on other columns.
  const known = conditions.length === 0 ? columnsInQuestion(query) : []
  const found = findRows(
    db,
    query,
    rare,
    sql.join([sql`ctid as place`, ...known.map((name) => sql.ref(name))]),
    checked_max,
  )
  const first = sql`, first as (select place from found
    ${whereClause(db, { ...query, is_search_first: true })} ${orderAndLimit(db, query, rows_max)})`
  const places = known.length === 0 ? 'found' : 'first'
  const found_first = { ...query, conditions, is_search_first: true, places } as const
  // Only one of the branches is run: neither condition depends on a row.
  return sql`with found as materialized (${found}),
    frequent as materialized (select 1 as one from found offset ${sql.lit(checked_max)})${known.length === 0 ? sql`` : first}
    select * from (
      select * from (${pageStatement(db, found_first, rows_max)}) as found_first
      where not exists (select 1 from frequent)
      union all
      select ${nulls} from frequent
    ) as page ${orderAndLimit(db, query, rows_max)}`
}

/** What tells whether a row of the words is in the list, and where. */
function columnsInQuestion({ definition, filters, sort, include_deleted }: PageQuery): string[] {
  const { relations = {}, needs_leading_column = {}, has_soft_delete } = definition
  const filtered = filters.map(({ column }) => column).filter((column) => !Object.hasOwn(relations, column))
  const leading = filtered.flatMap((column) => needs_leading_column[column]?.column ?? [])
  const deleted = has_soft_delete && !include_deleted ? ['is_deleted'] : []
  return [...new Set([sort.column, 'id', ...filtered, ...leading, ...deleted])]
}

/**
 * True of each row. The planner takes hidden words for those of 0.5% of the rows, and would have workers read these where
 * ten million rows are: starting them takes 20 ms. No worker may call this function.
 */
const isInOneProcess = sql`id > -pg_backend_pid()`

/** One row more than there may be, if the words are too frequent to search first. */
function findRows(
  db: Db,
  { definition }: PageQuery,
  words: readonly SearchWord[],
  columns: RawBuilder<unknown>,
  rows_max = FOUND_ROWS_MAX,
): RawBuilder<unknown> {
  return sql`select ${columns} from ${sql.table(definition.table)}
    where ${db.engine.searchCondition(words, definition.table, true)} and ${isInOneProcess}
    limit ${sql.lit(rows_max + 1)}`
}

/** Checks whether the words are rare enough to search first. A list finds frequent words quickly. */
export async function planSearch(db: Db, query: PageQuery): Promise<PageQuery> {
  const words = wordsOf(query)
  if (words.length === 0 || !db.engine.has_optimization_fence) return query
  const found = findRows(db, query, words, sql`1 as one`)
  const { rows } = await sql`select 1 as one from (${found}) as found offset ${sql.lit(FOUND_ROWS_MAX)}`.execute(
    db.kysely,
  )
  return { ...query, is_search_first: rows.length === 0 }
}
