import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { type CountedColumn, DAY_S, GRAINS_S, perDimension, QUARTER_S } from './count-rows.ts'

/** The time in which leads were created. */
export interface CountedPeriod {
  since?: Date | undefined
  /** Exclusive. */
  until?: Date | undefined
}

export interface CountsQuery extends CountedPeriod {
  columns: readonly CountedColumn[]
  /** Whole periods of this length or less are read from the counts of one row. Default: the longest. */
  longest_s?: number
  /** An expression: counts of days before it are left out, none if it is null. */
  first_day?: RawBuilder<unknown>
}

const QUARTER_MS = QUARTER_S * 1000

/**
 * Returns a relation (dimension, value, quarter, leads_count) of the active leads created in a period: whole days, longer
 * periods and quarters of an hour from the counts, what writers have added since from the changes, and the rest of the
 * first and last quarter from the leads. Each count has the first quarter of what it counts. Undefined if the period
 * contains no whole quarter. It is one statement, so one snapshot: exact while imports run.
 */
export function selectCounts(db: Db, query: CountsQuery): RawBuilder<unknown> | undefined {
  const { since, until, columns } = query
  const { first, end } = wholeQuarters(query)
  if (first !== undefined && end !== undefined && first >= end) return undefined
  const parts = [fromCounts(columns, cover(first, end, query.longest_s), query.first_day)]
  const first_at = first === undefined ? undefined : new Date(first * QUARTER_MS)
  const end_at = end === undefined ? undefined : new Date(end * QUARTER_MS)
  parts.push(fromRows(db, columns, 'lead_count_changes', sql.ref('leads_count'), [first_at, end_at]))
  if (since && first_at && since < first_at) parts.push(fromLeads(db, columns, [since, first_at]))
  if (until && end_at && end_at < until) parts.push(fromLeads(db, columns, [end_at, until]))
  return sql.join(parts, sql` union all `)
}

const wholeQuarters = ({ since, until }: CountedPeriod): { first?: number; end?: number } => ({
  ...(since && { first: Math.ceil(since.getTime() / QUARTER_MS) }),
  ...(until && { end: Math.floor(until.getTime() / QUARTER_MS) }),
})

/** Whole periods of one length, by their numbers. */
interface Stretch {
  grain_s: number
  from: number | undefined
  /** Exclusive. */
  to: number | undefined
}

/** Divides quarters into the longest periods: a stretch of those, and shorter ones before and after it. */
function cover(first: number | undefined, end: number | undefined, longest_s = Number.POSITIVE_INFINITY): Stretch[] {
  if (first !== undefined && first === end) return []
  const [grain_s = QUARTER_S, shorter_s] = GRAINS_S.filter((candidate) => candidate <= longest_s)
  const quarters = grain_s / QUARTER_S
  const from = first === undefined ? undefined : Math.ceil(first / quarters)
  const to = end === undefined ? undefined : Math.floor(end / quarters)
  if (shorter_s === undefined) return [{ grain_s, from, to }]
  if (from !== undefined && to !== undefined && from >= to) return cover(first, end, shorter_s)
  return [
    { grain_s, from, to },
    ...(from === undefined ? [] : cover(first, from * quarters, shorter_s)),
    ...(to === undefined ? [] : cover(to * quarters, end, shorter_s)),
  ]
}

const INTEGER_MIN = sql.lit(-2_147_483_647)
const INTEGER_MAX = sql.lit(2_147_483_647)

/** `offset 0` keeps it a lookup in the index for each stretch, and the statement is planned alike for all periods. */
function fromCounts(
  columns: readonly CountedColumn[],
  stretches: readonly Stretch[],
  first_day: RawBuilder<unknown> | undefined,
): RawBuilder<unknown> {
  const names = sql.join(columns.map((column) => sql.lit(column)))
  const rows = stretches.map(({ grain_s, from, to }) => {
    const known = first_day && grain_s === DAY_S ? sql`greatest(${from ?? INTEGER_MIN}, ${first_day})` : from
    return sql`(${sql.lit(grain_s)}, ${known ?? INTEGER_MIN}::integer, ${to ?? INTEGER_MAX}::integer)`
  })
  return sql`
    select dimension, value, period * (grain_s / ${sql.lit(QUARTER_S)}) as quarter, leads_count
    from (values ${sql.join(rows)}) as stretches (grain_s, first_period, end_period)
    cross join lateral (
      select dimension, value, period, leads_count from lead_counts
      where lead_counts.grain_s = stretches.grain_s and dimension in (${names})
        and period >= first_period and period < end_period
      offset 0
    ) as counts`
}

/**
 * Returns the day with which the last so many days with leads of a period begin, as an expression; null if there are fewer.
 * It looks further back by as many days as have changes, since these may empty a day.
 */
export function selectFirstDay(
  db: Db,
  period: CountedPeriod,
  column: CountedColumn,
  days: number,
): RawBuilder<unknown> {
  const { first, end } = wholeQuarters(period)
  const whole = cover(first, end, DAY_S).find(({ grain_s }) => grain_s === DAY_S)
  return sql`(
    select period from lead_counts
    where grain_s = ${sql.lit(DAY_S)} and dimension = ${sql.lit(column)}
      and ${between(sql.ref('period'), whole?.from, whole?.to)}
    group by period having sum(leads_count) <> 0
    order by period desc limit 1
    offset ${sql.lit(days - 1)} + (
      select count(distinct ${db.engine.periodNumber('created_at', DAY_S)}) from lead_count_changes
    )
  )`
}

type Bounds = readonly [from: Date | undefined, to: Date | undefined]

function between<Bound extends number | Date>(
  column: RawBuilder<unknown>,
  from: Bound | undefined,
  to: Bound | undefined,
  toValue: (bound: Bound) => RawBuilder<unknown> = (bound) => sql`${bound}`,
): RawBuilder<unknown> {
  const bounds = [sql`true`]
  if (from !== undefined) bounds.push(sql`${column} >= ${toValue(from)}`)
  if (to !== undefined) bounds.push(sql`${column} < ${toValue(to)}`)
  return sql.join(bounds, sql` and `)
}

const fromLeads = (db: Db, columns: readonly CountedColumn[], bounds: Bounds): RawBuilder<unknown> =>
  fromRows(db, columns, 'sales_leads', sql`1`, bounds, sql`not is_deleted and`)

function fromRows(
  db: Db,
  columns: readonly CountedColumn[],
  table: string,
  count: RawBuilder<unknown>,
  [from, to]: Bounds,
  condition: RawBuilder<unknown> = sql``,
): RawBuilder<unknown> {
  // The spelling of the index on created_at.
  const { column, value } = db.engine.defaultOrderTime
  return sql`
    select dimension, value, ${db.engine.periodNumber('created_at', QUARTER_S)} as quarter, ${count} as leads_count
    from ${sql.table(table)} ${perDimension(columns)}
    where ${condition} ${between(column('created_at'), from, to, value)}`
}
