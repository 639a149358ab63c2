import { type RawBuilder, sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
import type { Db, SearchWord } from '../database/engine.ts'
import { executeSentRows, type SentRows } from '../database/sent-rows.ts'
import type { Filter } from './filter.ts'
import { findFrequentWords } from './frequent-words.ts'
import { orderAndLimit, type PageQuery, pageStatement, wordsOf } from './page-statement.ts'

/** Words in at most this many rows count as rare. Finding and sorting these takes about 20 ms. */
const FOUND_ROWS_MAX = 5000

/** Rows of rare words whose other words are looked for in the rows themselves, which takes up to 35 us each. */
const CHECKED_ROWS_MAX = 1000

/** Rows of the list that are looked at for each row of the page, before the words are searched for. */
const WALKED_ROWS = 20

/**
 * Reads the rows of a page, which may be a search. Rare words are searched for first and their rows sorted, in one
 * statement. Frequent ones take a second: the list, which soon comes to a row with them.
 */
export function readRows(db: Db, query: PageQuery, rows_max: number): Promise<Record<string, unknown>[]> {
  const run = async (statement: RawBuilder<Record<string, unknown>>) => (await statement.execute(db.kysely)).rows
  return search(db, query, rows_max, { run, isRefused: ([first]) => first?.id === null })
}

/** The same, not decoded. The first column must be the id. */
export function readSentRows(db: Db, query: PageQuery, rows_max: number): Promise<SentRows> {
  const run = (statement: RawBuilder<unknown>) => executeSentRows(db, statement)
  return search(db, query, rows_max, { run, isRefused: ({ isNull }) => isNull })
}

interface Reader<Rows> {
  run(statement: RawBuilder<Record<string, unknown>>): Promise<Rows>
  /** Too many rows have the words that were searched for. */
  isRefused(rows: Rows): boolean
}

/**
 * The index of words reads all rows of a word, so the words that statistics know as frequent are not looked for in it where
 * that can be avoided. The rows are the same however they are found: statistics may be old, or missing.
 */
async function search<Rows extends { length: number }>(
  db: Db,
  query: PageQuery,
  rows_max: number,
  { run, isRefused }: Reader<Rows>,
): Promise<Rows> {
  const words = wordsOf(query)
  const frequent = await findFrequentWords(db, query.definition.table, words)
  const rare = words.filter((word) => !frequent.words.includes(word))
  if (frequent.words.length > 0 && rare.length > 0) {
    const rows = await run(listStatement(db, query, rows_max, { rare, checked: frequent.words }))
    if (!isRefused(rows)) return rows
  } else if (frequent.words.length > 0 && frequent.share * WALKED_ROWS >= 2) {
    const rows = await run(walkStatement(db, query, rows_max))
    if (rows.length >= rows_max) return rows
  }
  const rows = await run(listStatement(db, query, rows_max))
  return isRefused(rows) ? run(pageStatement(db, query, rows_max)) : rows
}

/** Reads the beginning of the list without the words, which is as cheap in any table, and keeps the rows that have them. */
function walkStatement(db: Db, query: PageQuery, rows_max: number): RawBuilder<Record<string, unknown>> {
  const { definition, columns, filters } = query
  const isTag = ({ operator }: Filter): boolean => operator === 'has'
  const needed = [...new Set([...columns, ...(db.engine.wordStatistics?.columns(definition.table) ?? [])])]
  const walked = { ...query, columns: needed, words: [], filters: filters.filter((filter) => !isTag(filter)) }
  const conditions = [
    db.engine.searchCondition(wordsOf(query), definition.table, true),
    ...filters.filter(isTag).map(({ values }) => db.engine.tagCondition(String(values[0]))),
  ]
  return sql`select * from (
      select ${columnList(db, columns)} from (${pageStatement(db, walked, WALKED_ROWS * rows_max)}) as walked
      where ${sql.join(conditions, sql` and `)} limit ${sql.lit(rows_max)}
    ) as page ${orderAndLimit(db, query, rows_max)}`
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
  { rare, checked }: { rare: readonly SearchWord[]; checked: readonly SearchWord[] } = {
    rare: wordsOf(query),
    checked: [],
  },
): RawBuilder<Record<string, unknown>> {
  if (rare.length === 0 || !db.engine.has_optimization_fence) return pageStatement(db, query, rows_max)
  const found_max = checked.length === 0 ? FOUND_ROWS_MAX : CHECKED_ROWS_MAX
  const isChecked = checked.length === 0 ? [] : [db.engine.searchCondition(checked, query.definition.table, true)]
  const conditions = [...(query.conditions ?? []), ...isChecked]
  const found_first = { ...query, conditions, is_search_first: true, are_rows_found: true }
  const nulls = sql.join(query.columns.map(() => sql.lit(null)))
  // Only one of the branches is run: neither condition depends on a row.
  return sql`with found as materialized (${findRows(db, query, rare, sql`ctid as place`, found_max)}),
    frequent as materialized (select 1 as one from found offset ${sql.lit(found_max)})
    select * from (
      select * from (${pageStatement(db, found_first, rows_max)}) as found_first
      where not exists (select 1 from frequent)
      union all
      select ${nulls} from frequent
    ) as page ${orderAndLimit(db, query, rows_max)}`
}

/** One row more than there may be, if the words are too frequent to search first. */
function findRows(
  db: Db,
  { definition }: PageQuery,
  words: readonly SearchWord[],
  columns: RawBuilder<unknown>,
  rows_max = FOUND_ROWS_MAX,
): RawBuilder<unknown> {
  return sql`select ${columns} from ${sql.table(definition.table)}
    where ${db.engine.searchCondition(words, definition.table, true)} limit ${sql.lit(rows_max + 1)}`
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
