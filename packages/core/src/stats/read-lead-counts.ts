import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { type CountedColumn, DAY_S, perDimension, QUARTER_S, QUARTERS_PER_DAY } from './lead-counts.ts'

/** The time in which leads were created. */
export interface CountedPeriod {
  since?: Date | undefined
  /** Exclusive. */
  until?: Date | undefined
}

const QUARTER_MS = QUARTER_S * 1000

/**
 * Returns a relation (dimension, value, quarter, leads_count) of the active leads created in a period: whole days and
 * quarters of an hour from the counts, what writers have added since from the changes, and the rest of the first and last
 * quarter from the leads. A whole day has its first quarter, unless `keeps_quarters`. Undefined if the period contains no
 * whole quarter. It is one statement, so one snapshot: exact while imports run.
 */
export function selectCounts(
  db: Db,
  { since, until }: CountedPeriod,
  columns: readonly CountedColumn[],
  keeps_quarters = false,
): RawBuilder<unknown> | undefined {
  const first = since && Math.ceil(since.getTime() / QUARTER_MS)
  const end = until && Math.floor(until.getTime() / QUARTER_MS)
  if (first !== undefined && end !== undefined && first >= end) return undefined
  const parts = keeps_quarters ? [ofQuarters(columns, first, end)] : ofDaysAndQuarters(columns, first, end)
  const first_at = first === undefined ? undefined : new Date(first * QUARTER_MS)
  const end_at = end === undefined ? undefined : new Date(end * QUARTER_MS)
  parts.push(fromRows(db, columns, 'lead_count_changes', sql.ref('leads_count'), [first_at, end_at]))
  if (since && first_at && since < first_at) parts.push(fromLeads(db, columns, [since, first_at]))
  if (until && end_at && end_at < until) parts.push(fromLeads(db, columns, [end_at, until]))
  return sql.join(parts, sql` union all `)
}

/** Whole days, and the quarters before the first and after the last of them. */
function ofDaysAndQuarters(
  columns: readonly CountedColumn[],
  first: number | undefined,
  end: number | undefined,
): RawBuilder<unknown>[] {
  const first_day = first === undefined ? undefined : Math.ceil(first / QUARTERS_PER_DAY)
  const end_day = end === undefined ? undefined : Math.floor(end / QUARTERS_PER_DAY)
  if (first_day !== undefined && end_day !== undefined && first_day >= end_day) return [ofQuarters(columns, first, end)]
  const parts = [ofPeriods(columns, DAY_S, first_day, end_day)]
  if (first_day !== undefined) parts.push(ofQuarters(columns, first, first_day * QUARTERS_PER_DAY))
  if (end_day !== undefined) parts.push(ofQuarters(columns, end_day * QUARTERS_PER_DAY, end))
  return parts
}

const ofQuarters = (
  columns: readonly CountedColumn[],
  from: number | undefined,
  to: number | undefined,
): RawBuilder<unknown> => ofPeriods(columns, QUARTER_S, from, to)

function ofPeriods(
  columns: readonly CountedColumn[],
  grain_s: number,
  from: number | undefined,
  to: number | undefined,
): RawBuilder<unknown> {
  const names = sql.join(columns.map((column) => sql.lit(column)))
  return sql`
    select dimension, value, period * ${sql.lit(grain_s / QUARTER_S)} as quarter, leads_count from lead_counts
    where grain_s = ${sql.lit(grain_s)} and dimension in (${names}) and ${between(sql.ref('period'), from, to)}`
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
