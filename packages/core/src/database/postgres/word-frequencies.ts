import { sql } from 'kysely'
import type { ColumnSample, Db, WordFrequencies } from '../engine.ts'
import { wordColumns } from './search-conditions.ts'

/** The index of words whose statistics tell how frequent they are. */
const wordIndexes: Readonly<Record<string, string>> = {
  sales_leads: 'ix_sales_leads_words',
  companies: 'ix_companies_words',
}

/** What the server knows of a column. Values between the bounds, which the common ones are not among, are as many each. */
interface ColumnStatistics {
  null_share: number
  common: string[] | null
  common_shares: number[] | null
  bounds: string[] | null
}

interface Statistics {
  rows_count: number
  words: string[] | null
  shares: number[] | null
  columns: ColumnStatistics[] | null
}

/**
 * Reads what PostgreSQL knows of the words of a table since it last analyzed it: the thousand most frequent ones, with the
 * share of the rows that have each, and some hundred values of each column. Without statistics, or if they are not this
 * user's to read, no word is known.
 */
export async function readWordFrequencies(db: Db, table: string): Promise<WordFrequencies> {
  const { rows } = await sql<Statistics>`
    select reltuples::float8 as rows_count, to_json(most_common_elems::text::text[]) as words,
      to_json(most_common_elem_freqs) as shares,
      (select json_agg(json_build_object('null_share', null_frac, 'common', most_common_vals::text::text[],
          'common_shares', most_common_freqs, 'bounds', histogram_bounds::text::text[]))
        from pg_stats where schemaname = current_schema() and tablename = ${table}
          and attname in (${sql.join(wordColumns(table))})) as columns
    from pg_class left join pg_stats
      on schemaname = current_schema() and tablename = ${wordIndexes[table]} and attname = 'lead_words'
    where pg_class.oid = to_regclass(${table})`.execute(db.kysely)
  const { rows_count = 0, words, shares, columns } = rows[0] ?? {}
  // The shares end with their least and their greatest.
  const known = new Map((words ?? []).map((word, index) => [word, shares?.[index] ?? 0]))
  return { rows_count: Math.max(0, rows_count), shares: known, samples: (columns ?? []).map(toSample) }
}

function toSample({ null_share, common, common_shares, bounds }: ColumnStatistics): ColumnSample {
  const known = (common ?? []).map((text, index) => ({ text, share: common_shares?.[index] ?? 0, is_common: true }))
  const rest = known.reduce((left, { share }) => left - share, 1 - null_share)
  const share = Math.max(0, rest) / (bounds?.length ?? 1)
  return [...known, ...(bounds ?? []).map((text) => ({ text, share, is_common: false }))]
}
