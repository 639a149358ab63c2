import { sql } from 'kysely'
import type { Db, WordFrequencies } from '../engine.ts'

/** The index of words whose statistics tell how frequent they are. */
const wordIndexes: Readonly<Record<string, string>> = {
  sales_leads: 'ix_sales_leads_words',
  companies: 'ix_companies_words',
}

/**
 * Reads what PostgreSQL knows of the words of a table since it last analyzed it: the thousand most frequent ones, with the
 * share of the rows that have each. Without statistics, or if they are not this user's to read, no word is known.
 */
export async function readWordFrequencies(db: Db, table: string): Promise<WordFrequencies> {
  const { rows } = await sql<{ rows_count: number; words: string[] | null; shares: number[] | null }>`
    select reltuples::float8 as rows_count, to_json(most_common_elems::text::text[]) as words,
      to_json(most_common_elem_freqs) as shares
    from pg_class left join pg_stats
      on schemaname = current_schema() and tablename = ${wordIndexes[table]} and attname = 'lead_words'
    where pg_class.oid = to_regclass(${table})`.execute(db.kysely)
  const { rows_count = 0, words, shares } = rows[0] ?? {}
  // The shares end with their least and their greatest.
  const known = new Map((words ?? []).map((word, index) => [word, shares?.[index] ?? 0]))
  return { rows_count: Math.max(0, rows_count), shares: known }
}
