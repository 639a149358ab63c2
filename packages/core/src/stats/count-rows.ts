import { type RawBuilder, sql } from 'kysely'

/** The form of the counts of leads: see docs/decisions/020-lead-counts.md. */

export const countedColumns = ['lead_status', 'enrichment_status', 'source', 'actor_id', 'country'] as const
export type CountedColumn = (typeof countedColumns)[number]

export const QUARTER_S = 900
export const DAY_S = 86_400
export const QUARTERS_PER_DAY = DAY_S / QUARTER_S

/** Counted by a trigger, which adds to them what is added to days: a day's number without so many last bits is theirs. */
const longerGrains = [
  { grain_s: 8 * DAY_S, bits: 3 },
  { grain_s: 64 * DAY_S, bits: 6 },
  { grain_s: 512 * DAY_S, bits: 9 },
] as const

/**
 * No length, but the mark of what is counted of a quarter so far: see count-batch.ts. The database
 * has it in a trigger.
 */
export const UNFINISHED_S = -QUARTER_S

/** Lengths of the periods that are counted, longest first. Each consists of whole ones of the next length. */
export const GRAINS_S: readonly number[] = [...longerGrains.map(({ grain_s }) => grain_s).reverse(), DAY_S, QUARTER_S]

/** A row per counted column, with its name as `dimension` and its `value`: empty for null, otherwise `=` and the text. */
export function perDimension(columns: readonly CountedColumn[]): RawBuilder<unknown> {
  const rows = columns.map((column) => sql`(${sql.lit(column)}, coalesce('=' || ${sql.ref(column)}, ''))`)
  return sql`cross join lateral (values ${sql.join(rows)}) as dimensions (dimension, value)`
}

export const toLeadValue = (value: string): string | null => (value === '' ? null : value.slice(1))

export const columnNames = sql.join(countedColumns.map((column) => sql.ref(column)))

/** The rows of `lead_counts` that a relation with these columns amounts to. */
export const toCounts = (relation: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select grain_s, dimension, floor(quarter / quarters)::integer as period, value, sum(leads_count) as leads_count
  from (
    select dimension, quarter, value, sum(leads_count) as leads_count
    from (
      select floor(extract(epoch from created_at) / 900)::float8 as quarter, leads_count, ${columnNames}
      from (${relation}) as leads
    ) as changes ${perDimension(countedColumns)}
    group by dimension, quarter, value
  ) as quarters
  cross join (values (${sql.lit(QUARTER_S)}, 1), (${sql.lit(DAY_S)}, ${sql.lit(QUARTERS_PER_DAY)})) as grains (grain_s, quarters)
  group by 1, 2, 3, 4`

/** Adds differences, in the order of the key. */
export const addToCounts = (differences: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into lead_counts (grain_s, dimension, period, value, leads_count)
  select grain_s, dimension, period, value, sum(leads_count) from (${differences}) as differences
  group by grain_s, dimension, period, value having sum(leads_count) <> 0
  order by grain_s, dimension, period, value
  on conflict (grain_s, dimension, period, value)
  do update set leads_count = lead_counts.leads_count + excluded.leads_count`

/** What the days have and the longer periods have not: rows that add up to zero for each, unless one is wrong. */
export const longerDifferences = sql`
  select longer.grain_s, dimension, period >> bits as period, value, leads_count
  from lead_counts
  cross join (values ${sql.join(longerGrains.map(({ grain_s, bits }) => sql`(${sql.lit(grain_s)}, ${sql.lit(bits)})`))})
    as longer (grain_s, bits)
  where lead_counts.grain_s = ${sql.lit(DAY_S)}
  union all
  select grain_s, dimension, period, value, -leads_count from lead_counts where grain_s > ${sql.lit(DAY_S)}`
