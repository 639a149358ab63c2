import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** The columns of the index of words: see lead_words in migration 002, and migration 007. */
const indexedColumns: Readonly<Record<string, string>> = {
  sales_leads: 'full_name, email, company_name, title, tags',
  companies: 'name, domain, city, industry, tags',
}

export function searchCondition(words: readonly SearchWord[], table: string, are_hidden = false): RawBuilder<unknown> {
  const query = words.map(({ text, is_prefix }) => `'${text}'${is_prefix ? ':*' : ''}`).join(' & ')
  const bound = are_hidden ? sql`(select ${query}::text)` : sql`${query}`
  return sql`lead_words(${sql.raw(indexedColumns[table] ?? '')}) @@ to_tsquery('simple', ${bound})`
}

/** The parser of words takes these for one word, in the row as in the search. */
const ONE_WORD = /^(?:[a-z]+[0-9]*|[0-9]+)$/i

/**
 * A condition that is true of all rows with the words, and costs 1.3 us a row instead of 17. Case is folded alike in
 * ASCII only, so a row with any other character is left to {@link searchCondition}.
 */
export function likelyCondition(words: readonly SearchWord[], table: string): RawBuilder<unknown> {
  const plain = words.filter(({ text }) => ONE_WORD.test(text))
  if (plain.length === 0) return sql`true`
  const texts = wordColumns(table).map((column) => sql`coalesce(${sql.ref(column)}::text, '')`)
  const text = sql.join(texts, sql` || ' ' || `)
  // Hidden from the planner, which would plan for each word.
  const isLike = plain.map((word) => sql`${text} ilike (select ${`%${word.text}%`}::text)`)
  return sql`(${sql.join(isLike, sql` and `)} or octet_length(${text}) <> char_length(${text}))`
}

/** The columns that {@link searchCondition} needs. */
export const wordColumns = (table: string): readonly string[] => indexedColumns[table]?.split(', ') ?? []

export const tagCondition = (tag: string): RawBuilder<unknown> => sql`tags @> ${JSON.stringify([tag])}::jsonb`

/** Compares bytes, as the indexes with text_pattern_ops do, regardless of the database's collation. */
export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} ~>=~ ${prefix} and ${column} ~<~ ${`${prefix}\u{10ffff}`})`
