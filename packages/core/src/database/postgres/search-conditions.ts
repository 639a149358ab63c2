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

/** The columns that {@link searchCondition} needs. */
export const wordColumns = (table: string): readonly string[] => indexedColumns[table]?.split(', ') ?? []

export const tagCondition = (tag: string): RawBuilder<unknown> => sql`tags @> ${JSON.stringify([tag])}::jsonb`

/** Compares bytes, as the indexes with text_pattern_ops do, regardless of the database's collation. */
export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} ~>=~ ${prefix} and ${column} ~<~ ${`${prefix}\u{10ffff}`})`
