import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** Words as the full-text tables contain them: see lead_words in migration 002, company_words in migration 007. */
export function searchCondition(words: readonly SearchWord[], table: string): RawBuilder<unknown> {
  const query = words.map(({ text, is_prefix }) => `"${text}"${is_prefix ? '*' : ''}`).join(' AND ')
  const index = sql.table(table === 'companies' ? 'company_words' : 'lead_words')
  return sql`id in (select rowid from ${index} where ${index} match ${query})`
}

export const tagCondition = (tag: string): RawBuilder<unknown> =>
  sql`exists (select 1 from json_each(tags) as tag where tag.value = ${tag})`

export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`
