import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { type RawBuilder, sql } from 'kysely'
import type { SearchWord } from '../engine.ts'

/** Words as the full-text tables contain them: see lead_words in migration 002, company_words in migration 007. */
export function searchCondition(words: readonly SearchWord[], table: string): RawBuilder<unknown> {
  const tokens = words.flatMap(toTokens)
  if (tokens.length === 0) return sql`1 = 0`
  const query = tokens.map(({ text, is_prefix }) => `"${text}"${is_prefix ? '*' : ''}`).join(' AND ')
  const index = sql.table(table === 'companies' ? 'company_words' : 'lead_words')
  return sql`id in (select rowid from ${index} where ${index} match ${query})`
}

/**
 * Splits a word where the tokenizer does, e.g. at the vowel signs of Devanagari: a word of several tokens is a phrase,
 * which an index with `detail=none` refuses.
 */
function toTokens({ text, is_prefix }: SearchWord): SearchWord[] {
  const tokens = [...text].map((character) => (isSeparator(character) ? ' ' : character)).join('')
  const texts = tokens.split(' ').filter((token) => token !== '')
  return texts.map((token, index) => ({ text: token, is_prefix: is_prefix && index === texts.length - 1 }))
}

let probe: StatementSync | undefined
const separators = new Map<string, boolean>()

/** Asks the tokenizer itself: its tables of characters are older than those of JavaScript. */
function isSeparator(character: string): boolean {
  if (/[a-z0-9]/i.test(character)) return false
  const known = separators.get(character)
  if (known !== undefined) return known
  let is_separator = false
  try {
    probe ??= openProbe()
    probe.all(`"a${character}b"`)
  } catch {
    is_separator = true
  }
  separators.set(character, is_separator)
  return is_separator
}

function openProbe(): StatementSync {
  const database = new DatabaseSync(':memory:')
  database.exec(
    `create virtual table probe using fts5 (words, content = '', detail = none, tokenize = 'unicode61 remove_diacritics 0')`,
  )
  return database.prepare('select rowid from probe where probe match ?')
}

export const tagCondition = (tag: string): RawBuilder<unknown> =>
  sql`exists (select 1 from json_each(tags) as tag where tag.value = ${tag})`

export const prefixCondition = (column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> =>
  sql`(${column} >= ${prefix} and ${column} < ${`${prefix}\u{10ffff}`})`
