import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import {
  addToCounts,
  columnNames,
  countedColumns,
  DAY_S,
  perDimension,
  QUARTER_S,
  QUARTERS_PER_DAY,
  UNFINISHED_S,
} from './count-rows.ts'

/** A place in the order of creation. A batch ends at one and the next begins there. */
export interface CountPosition {
  created_at: Date
  /** Leads of one time have an order by blocks of ids: see {@link ID_BLOCK_BITS}. */
  id_block: number
}

export interface CountedBatch {
  /** Counts that were wrong. */
  corrected: number
  /** Where the next batch begins; null after the last. */
  next: CountPosition | null
}

/** A change does not tell its lead, but the ids of its leads without so many last bits: the trigger divides by them. */
const ID_BLOCK_BITS = 16

const ofPeriods = (periods: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`dimension in (${sql.join(countedColumns.map((column) => sql.lit(column)))}) and ${periods}`

/**
 * Adds to the counts of some leads what these are and the counts are not, beginning at a position; null is before all
 * leads. It reads about `leads_per_batch` leads, and one block of ids more where so many were created at one time.
 *
 * What the leads of a range amount to without their changes that are not folded is what the counts have to be of them.
 * One statement reads both, so from one snapshot, in which a writer's lead and its change are both present or both absent:
 * it needs no lock against writers. Only folding alters it, and the caller's lock keeps that out. Quarters that end in the
 * batch are compared with their counts. What it has of a quarter that continues is kept, where the trigger on changes adds
 * those that are folded before the next batch.
 */
export async function countBatch(trx: Db, from: CountPosition | null, leads_per_batch: number): Promise<CountedBatch> {
  await sql`select read_by_index()`.execute(trx.kysely)
  const next = await findNext(trx, from, leads_per_batch)
  const first = from === null ? null : quarterOf(from.created_at)
  const end = next === null ? null : quarterOf(next.created_at)
  // What was kept of a quarter from whose beginning it is counted now is of a count that was abandoned.
  if (from === null || isStartOfQuarter(from)) await deleteUnfinished(trx, sql`true`)
  const period = sql.ref('period')
  const isFinished = end === null ? sql`true` : sql`period < ${sql.lit(end)}`
  const { numAffectedRows } = await sql`
    with batch as materialized (
      select dimension, period, value, sum(leads_count) as leads_count
      from (
        select floor(extract(epoch from created_at) / ${sql.lit(QUARTER_S)})::integer as period, leads_count, ${columnNames}
        from (
          select created_at, 1 as leads_count, ${columnNames} from sales_leads
          where not is_deleted and ${within([from, next], (position) => toLeadOrder(trx, position))}
          union all
          select created_at, -leads_count, ${columnNames} from lead_count_changes
          where ${within([from, next], (position) => toChangeOrder(trx, position))}
        ) as leads
      ) as leads ${perDimension(countedColumns)}
      group by dimension, period, value
    ), kept as (
      ${addToCounts(sql`
        select ${sql.lit(UNFINISHED_S)} as grain_s, dimension, period, value, leads_count from batch
        where not (${isFinished})`)}
    )
    ${addToCounts(sql`
      select ${sql.lit(QUARTER_S)} as grain_s, dimension, period, value, leads_count from batch where ${isFinished}
      union all
      select ${sql.lit(QUARTER_S)}, dimension, period, value, leads_count from lead_counts
      where grain_s = ${sql.lit(UNFINISHED_S)} and ${isFinished}
      union all
      select grain_s, dimension, period, value, -leads_count from lead_counts
      where grain_s = ${sql.lit(QUARTER_S)} and ${ofPeriods(within([first, end], toSides(period)))}`)}`.execute(
    trx.kysely,
  )
  if (first === null || first !== end) await deleteUnfinished(trx, isFinished)
  const corrected = Number(numAffectedRows ?? 0) + (await sumUpDays(trx, toDay(first), toDay(end)))
  return { corrected, next }
}

const quarterOf = (time: Date): number => Math.floor(time.getTime() / 1000 / QUARTER_S)
const isStartOfQuarter = ({ created_at, id_block }: CountPosition): boolean =>
  id_block === 0 && created_at.getTime() % (QUARTER_S * 1000) === 0
const toDay = (quarter: number | null): number | null =>
  quarter === null ? null : Math.floor(quarter / QUARTERS_PER_DAY)

const deleteUnfinished = (trx: Db, condition: RawBuilder<unknown>): Promise<unknown> =>
  sql`delete from lead_counts where grain_s = ${sql.lit(UNFINISHED_S)} and ${condition}`.execute(trx.kysely)

/** Makes the counts of days from `first` to before `end` the sums of their quarters. Returns how many were not. */
async function sumUpDays(trx: Db, first: number | null, end: number | null): Promise<number> {
  if (first !== null && first === end) return 0
  const toQuarter = (day: number | null): number | null => day && day * QUARTERS_PER_DAY
  const period = sql.ref('period')
  const { numAffectedRows } = await addToCounts(sql`
    select ${sql.lit(DAY_S)} as grain_s, dimension,
      floor(period / ${sql.lit(QUARTERS_PER_DAY)}::float8)::integer as period, value, leads_count
    from lead_counts
    where grain_s = ${sql.lit(QUARTER_S)} and ${ofPeriods(within([toQuarter(first), toQuarter(end)], toSides(period)))}
    union all
    select grain_s, dimension, period, value, -leads_count from lead_counts
    where grain_s = ${sql.lit(DAY_S)} and ${ofPeriods(within([first, end], toSides(period)))}`).execute(trx.kysely)
  return Number(numAffectedRows ?? 0)
}

/** The two sides of a comparison with a bound. */
type Sides = readonly [row: RawBuilder<unknown>, bound: RawBuilder<unknown>]

/** From the first bound to before the second; null is no bound. */
function within<Bound>(
  [from, to]: readonly [from: Bound | null, to: Bound | null],
  compare: (bound: Bound) => Sides,
): RawBuilder<unknown> {
  const bounds = [sql`true`]
  if (from !== null) bounds.push(sql.join(compare(from), sql` >= `))
  if (to !== null) bounds.push(sql.join(compare(to), sql` < `))
  return sql.join(bounds, sql` and `)
}

const toSides =
  (column: RawBuilder<unknown>) =>
  (bound: number): Sides => [column, sql.lit(bound)]

/** In the spelling of the index on the time of creation and the id. */
const toLeadOrder = ({ engine }: Db, { created_at, id_block }: CountPosition): Sides => {
  const { column, value } = engine.defaultOrderTime
  return [sql`(${column('created_at')}, id)`, sql`(${value(created_at)}, ${sql.lit(id_block * 2 ** ID_BLOCK_BITS)})`]
}

const toChangeOrder = ({ engine }: Db, { created_at, id_block }: CountPosition): Sides => {
  const { column, value } = engine.defaultOrderTime
  return [sql`(${column('created_at')}, coalesce(id_block, 0))`, sql`(${value(created_at)}, ${sql.lit(id_block)})`]
}

/**
 * Returns where a batch ends that begins at a position: at the start of a quarter of an hour if it has one, so that little
 * is kept, or else between two times, or else between two blocks of ids of one time. Null if fewer leads are left.
 */
async function findNext(trx: Db, from: CountPosition | null, leads_per_batch: number): Promise<CountPosition | null> {
  const nth = (offset: number): RawBuilder<unknown> => sql`
    (select (extract(epoch from created_at) * 1000)::float8 as created_ms, id from sales_leads
    where ${within([from, null], (position) => toLeadOrder(trx, position))}
    order by ${trx.engine.defaultOrderTime.column('created_at')}, id limit 1 offset ${sql.lit(offset)})`
  const { rows } = await sql<{ created_ms: number; id: number }>`
    ${nth(0)} union all ${nth(leads_per_batch)}`.execute(trx.kysely)
  const [first, last] = rows.map(({ created_ms, id }) => ({ created_at: new Date(Math.round(created_ms)), id }))
  if (!first || !last) return null
  if (quarterOf(last.created_at) > quarterOf(first.created_at))
    return { created_at: new Date(quarterOf(last.created_at) * QUARTER_S * 1000), id_block: 0 }
  if (last.created_at > first.created_at) return { created_at: last.created_at, id_block: 0 }
  const first_block = first.id >> ID_BLOCK_BITS
  return { created_at: last.created_at, id_block: Math.max(last.id >> ID_BLOCK_BITS, first_block + 1) }
}
