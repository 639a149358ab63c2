import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** InnoDB indexes words of 3 to 84 characters. */
const isIndexed = ({ text }: SearchWord): boolean => text.length >= 3 && text.length <= 84

/**
 * Searches the full-text index of search_text (migration 002). A word that the index does not contain is then searched
 * in the text, so that a search means the same as on the other engines. `lcase` folds the words as it folds the column.
 */
export function searchCondition(words: readonly SearchWord[]): RawBuilder<unknown> {
  const query = words.filter(isIndexed).map(({ text, is_prefix }) => `+${text}${is_prefix ? '*' : ''}`)
  const conditions = words
    .filter((word) => !isIndexed(word))
    .map(({ text, is_prefix }) => `(^|[^[:alnum:]])${text}${is_prefix ? '' : '([^[:alnum:]]|$)'}`)
    .map((pattern) => sql`search_text regexp lcase(${pattern})`)
  if (query.length > 0)
    conditions.unshift(sql`match (search_text) against (lcase(${query.join(' ')}) in boolean mode)` as never)
  return sql`(${sql.join(conditions, sql` and `)})`
}

export const tagCondition = (tag: string): RawBuilder<unknown> => sql`json_contains(tags, ${JSON.stringify(tag)})`

export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`
