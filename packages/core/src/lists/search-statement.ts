import { type RawBuilder, sql } from 'kysely'
import type { Db, SearchWord } from '../database/engine.ts'
import { executeSentRows, type SentRows } from '../database/sent-rows.ts'
import { orderAndLimit, type PageQuery, pageStatement, wordsOf } from './page-statement.ts'

/** Words in at most this many rows count as rare. Finding and sorting these takes about 20 ms. */
const FOUND_ROWS_MAX = 5000

/**
 * Reads the rows of a page, which may be a search. Rare words are searched for first and their rows sorted, in one
 * statement. Frequent ones take a second: the list, which soon comes to a row with them.
 */
export async function readRows(db: Db, query: PageQuery, rows_max: number): Promise<Record<string, unknown>[]> {
  const { rows } = await listStatement(db, query, rows_max).execute(db.kysely)
  if (rows[0]?.id !== null) return rows
  return (await pageStatement(db, query, rows_max).execute(db.kysely)).rows
}

/** The same, not decoded. The first column must be the id. */
export async function readSentRows(db: Db, query: PageQuery, rows_max: number): Promise<SentRows> {
  const sent = await executeSentRows(db, listStatement(db, query, rows_max))
  return sent.isNull ? executeSentRows(db, pageStatement(db, query, rows_max)) : sent
}

/**
 * The statement of a page; tests explain it. Of a search for frequent words the answer is one row of nulls.
 *
 * The planner does not see the words, so it plans the statement once for all of them. With the list of frequent words in
 * the same statement, whose plan does depend on them, each search was planned anew, which took four times as long as the
 * search for a rare word itself (1 ms of 1.2).
 */
export function listStatement(db: Db, query: PageQuery, rows_max: number): RawBuilder<Record<string, unknown>> {
  const words = wordsOf(query)
  if (words.length === 0 || !db.engine.has_optimization_fence) return pageStatement(db, query, rows_max)
  const nulls = sql.join(query.columns.map(() => sql.lit(null)))
  // Only one of the branches is run: neither condition depends on a row.
  return sql`with found as materialized (${findRows(db, query, words, sql`ctid as place`)}),
    frequent as materialized (select 1 as one from found offset ${sql.lit(FOUND_ROWS_MAX)})
    select * from (
      select * from (${pageStatement(db, { ...query, is_search_first: true, are_rows_found: true }, rows_max)}) as found_first
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
): RawBuilder<unknown> {
  return sql`select ${columns} from ${sql.table(definition.table)}
    where ${db.engine.searchCondition(words, definition.table, true)} limit ${sql.lit(FOUND_ROWS_MAX + 1)}`
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
