import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** Words of a lead as the index holds them: see lead_words in migration 002. */
export function searchCondition(words: readonly SearchWord[]): RawBuilder<unknown> {
  const query = words.map(({ text, is_prefix }) => `'${text}'${is_prefix ? ':*' : ''}`).join(' & ')
  return sql`lead_words(full_name, email, company_name, title, tags) @@ to_tsquery('simple', ${query})`
}

export const tagCondition = (tag: string): RawBuilder<unknown> => sql`tags @> ${JSON.stringify([tag])}::jsonb`

/** Compares bytes, as the indexes with text_pattern_ops do, whatever the collation of the database. */
export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} ~>=~ ${prefix} and ${column} ~<~ ${`${prefix}\u{10ffff}`})`
