import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** Words of a lead as the full-text table holds them: see lead_words in migration 002. */
export function searchCondition(words: readonly SearchWord[]): RawBuilder<unknown> {
  const query = words.map(({ text, is_prefix }) => `"${text}"${is_prefix ? '*' : ''}`).join(' AND ')
  return sql`id in (select rowid from lead_words where lead_words match ${query})`
}

export const tagCondition = (tag: string): RawBuilder<unknown> =>
  sql`exists (select 1 from json_each(tags) as tag where tag.value = ${tag})`

export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`
