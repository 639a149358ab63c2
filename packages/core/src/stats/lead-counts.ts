import { type RawBuilder, sql } from 'kysely'
import { type Db, withTransaction } from '../database/engine.ts'
import { readTaskState, writeTaskState } from '../database/task-state.ts'
import type { RunQuery } from '../database/time-limit.ts'

/**
 * Counts of active leads that triggers keep: see docs/decisions/020-lead-counts.md. Writers append changes, and
 * {@link foldLeadCounts} adds them to the counts. Counts and changes together are exact at any time.
 */

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

/** Lengths of the periods that are counted, longest first. Each consists of whole ones of the next length. */
export const GRAINS_S: readonly number[] = [...longerGrains.map(({ grain_s }) => grain_s).reverse(), DAY_S, QUARTER_S]

/** Row of `task_states`: how far the leads are counted. Its lock keeps folding and counting apart. */
const STATE = 'lead-counts'
/** A page of an import leaves one change per country. A batch takes about 50 ms. */
const CHANGES_PER_BATCH = 5_000
/** A batch has whole days, so it is larger where more leads were created in one day. */
const LEADS_PER_BATCH = 50_000
const RESERVE_MS = 5_000

interface CountState {
  is_complete: boolean
  /** The first day that is not counted yet; null before the first batch. */
  next_day: number | null
}

/** Whether statistics can be read from the counts. */
export async function hasLeadCounts(db: Db): Promise<boolean> {
  if (!db.engine.has_lead_counts) return false
  const state = (await readTaskState(db, STATE)) as CountState | undefined
  return state?.is_complete ?? false
}

/** A row per counted column, with its name as `dimension` and its `value`: empty for null, otherwise `=` and the text. */
export function perDimension(columns: readonly CountedColumn[]): RawBuilder<unknown> {
  const rows = columns.map((column) => sql`(${sql.lit(column)}, coalesce('=' || ${sql.ref(column)}, ''))`)
  return sql`cross join lateral (values ${sql.join(rows)}) as dimensions (dimension, value)`
}

export const toLeadValue = (value: string): string | null => (value === '' ? null : value.slice(1))

/** The rows of `lead_counts` that a relation with these columns amounts to. */
const toCounts = (relation: RawBuilder<unknown>): RawBuilder<unknown> => sql`
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

const columnNames = sql.join(countedColumns.map((column) => sql.ref(column)))

/** Adds differences, in the order of the key. */
const addToCounts = (differences: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into lead_counts (grain_s, dimension, period, value, leads_count)
  select grain_s, dimension, period, value, sum(leads_count) from (${differences}) as differences
  group by grain_s, dimension, period, value having sum(leads_count) <> 0
  order by grain_s, dimension, period, value
  on conflict (grain_s, dimension, period, value)
  do update set leads_count = lead_counts.leads_count + excluded.leads_count`

/**
 * Adds a batch of changes to the counts. Returns how many; 0 also while another process does it.
 */
async function foldBatch(db: Db): Promise<number> {
  return withTransaction(db, async (trx) => {
    const { rows: locked } = await sql`
      select name from task_states where name = ${STATE} for update skip locked`.execute(trx.kysely)
    if (locked.length === 0) return 0
    const { rows } = await sql<{ changes_count: number }>`
      with taken as (
        delete from lead_count_changes
        where id in (select id from lead_count_changes order by id limit ${sql.lit(CHANGES_PER_BATCH)})
        returning created_at, ${columnNames}, leads_count
      ), folded as (${addToCounts(toCounts(sql`select * from taken`))})
      select count(*) as changes_count from taken`.execute(trx.kysely)
    return Number(rows[0]?.changes_count ?? 0)
  })
}

/** Adds the changes to the counts, batch by batch, until few are left or `isStopped`. */
export async function foldLeadCounts(db: Db, isStopped: () => boolean = () => false): Promise<void> {
  if (!db.engine.has_lead_counts) return
  while (!isStopped() && (await foldBatch(db)) === CHANGES_PER_BATCH);
}

export interface CountOptions {
  db: Db
  now: () => Date
  /** Milliseconds left. It stops between batches before they run out, and the next call continues. */
  remaining_ms: () => number
  leads_per_batch?: number
}

/** Adds the changes to the counts and counts leads from before the triggers. Returns false when it was stopped. */
export async function completeLeadCounts({
  db,
  now,
  remaining_ms,
  leads_per_batch = LEADS_PER_BATCH,
}: CountOptions): Promise<boolean> {
  if (!db.engine.has_lead_counts) return true
  const isStopped = (): boolean => remaining_ms() < RESERVE_MS
  await foldLeadCounts(db, isStopped)
  for (let is_complete = await hasLeadCounts(db); !is_complete; ) {
    if (isStopped()) return false
    is_complete = await withTransaction(db, async (trx) => {
      const state = await lockState(trx)
      if (state.is_complete) return true
      const { next_day } = await countBatch(trx, state.next_day, leads_per_batch)
      const after: CountState = { is_complete: next_day === null, next_day }
      await writeTaskState(trx, STATE, { ...after }, now())
      return after.is_complete
    })
  }
  return true
}

/**
 * Compares all counts with the leads and corrects them. Returns how many were wrong: none, unless triggers were disabled
 * or data was restored into a database with a schema. Imports may run.
 */
export async function recountLeads(
  { db, now }: Pick<CountOptions, 'db' | 'now'>,
  onBatch: () => void = () => {},
): Promise<number> {
  let corrected = 0
  for (let from_day: number | null = null; ; ) {
    const batch: Batch = await withTransaction(db, async (trx) => {
      await lockState(trx)
      return countBatch(trx, from_day, LEADS_PER_BATCH)
    })
    corrected += batch.corrected
    onBatch()
    if (batch.next_day === null) break
    from_day = batch.next_day
  }
  await withTransaction(db, async (trx) => {
    await lockState(trx)
    corrected += Number((await addToCounts(longerDifferences).execute(trx.kysely)).numAffectedRows ?? 0)
    await writeTaskState(trx, STATE, { is_complete: true, next_day: null }, now())
  })
  return corrected
}

/** What the days have and the longer periods have not: rows that add up to zero for each, unless one is wrong. */
const longerDifferences = sql`
  select longer.grain_s, dimension, period >> bits as period, value, leads_count
  from lead_counts
  cross join (values ${sql.join(longerGrains.map(({ grain_s, bits }) => sql`(${sql.lit(grain_s)}, ${sql.lit(bits)})`))})
    as longer (grain_s, bits)
  where lead_counts.grain_s = ${sql.lit(DAY_S)}
  union all
  select grain_s, dimension, period, value, -leads_count from lead_counts where grain_s > ${sql.lit(DAY_S)}`

export interface ComparedCounts {
  /** Active leads by the counts of days and the changes. */
  counted: number
  leads: number
  /** Counts of longer periods that are not the sums of their days. */
  wrong_sums: number
}

/**
 * Compares the counts and changes with the active leads, in one snapshot. Null where statistics do not read the counts.
 * @throws TimeLimitError
 */
export async function compareLeadCounts(db: Db, run: RunQuery): Promise<ComparedCounts | null> {
  if (!(await hasLeadCounts(db))) return null
  const [row] = await run<{ counted: string; leads: string; wrong_sums: string }>(sql`
    select (select coalesce(sum(leads_count), 0) from lead_counts
        where grain_s = ${sql.lit(DAY_S)} and dimension = 'lead_status')
      + (select coalesce(sum(leads_count), 0) from lead_count_changes) as counted,
      (select count(*) from sales_leads where not is_deleted) as leads,
      (select count(*) from (
        select 1 from (${longerDifferences}) as differences
        group by grain_s, dimension, period, value having sum(leads_count) <> 0
      ) as wrong) as wrong_sums`)
  return { counted: Number(row?.counted), leads: Number(row?.leads), wrong_sums: Number(row?.wrong_sums) }
}

async function lockState(trx: Db): Promise<CountState> {
  const { rows } = await sql<{ task_state: CountState }>`
    select task_state from task_states where name = ${STATE} for update`.execute(trx.kysely)
  return rows[0]?.task_state ?? { is_complete: false, next_day: null }
}

interface Batch {
  corrected: number
  /** Where the next batch begins; null after the last. */
  next_day: number | null
}

/**
 * Adds to the counts of some days what the leads have and counts and changes together have not. One statement has one
 * snapshot, in which a writer's lead and change are both present or both absent, so it needs no lock against writers.
 */
async function countBatch(trx: Db, from_day: number | null, leads_per_batch: number): Promise<Batch> {
  const next_day = await findNextDay(trx, from_day, leads_per_batch)
  const within = (column: RawBuilder<unknown>, toBound: (day: number) => RawBuilder<unknown>): RawBuilder<unknown> => {
    const bounds = [sql`true`]
    if (from_day !== null) bounds.push(sql`${column} >= ${toBound(from_day)}`)
    if (next_day !== null) bounds.push(sql`${column} < ${toBound(next_day)}`)
    return sql.join(bounds, sql` and `)
  }
  const period = sql.ref('period')
  const { numAffectedRows } = await addToCounts(sql`
    ${toCounts(sql`
      select created_at, ${columnNames}, 1 as leads_count from sales_leads
      where not is_deleted and ${within(createdAt(trx), (day) => startOfDay(trx, day))}`)}
    union all
    select grain_s, dimension, period, value, -leads_count from lead_counts
    where (grain_s = ${sql.lit(DAY_S)} and ${within(period, (day) => sql.lit(day))})
      or (grain_s = ${sql.lit(QUARTER_S)} and ${within(period, (day) => sql.lit(day * QUARTERS_PER_DAY))})
    union all
    ${toCounts(sql`
      select created_at, ${columnNames}, -leads_count as leads_count from lead_count_changes
      where ${within(createdAt(trx), (day) => startOfDay(trx, day))}`)}`).execute(trx.kysely)
  return { corrected: Number(numAffectedRows ?? 0), next_day }
}

const createdAt = ({ engine }: Db): RawBuilder<unknown> => engine.defaultOrderTime.column('created_at')
const startOfDay = ({ engine }: Db, day: number): RawBuilder<unknown> =>
  engine.defaultOrderTime.value(new Date(day * DAY_S * 1000))

/** The day before which there are so many leads or one day of leads; null if there are fewer. */
async function findNextDay(trx: Db, from_day: number | null, leads_per_batch: number): Promise<number | null> {
  const from = from_day === null ? sql`` : sql`where ${createdAt(trx)} >= ${startOfDay(trx, from_day)}`
  const nth = (offset: number): RawBuilder<unknown> => sql`(
    select ${trx.engine.periodNumber('created_at', DAY_S)} from sales_leads ${from}
    order by ${createdAt(trx)}, id limit 1 offset ${sql.lit(offset)})`
  const { rows } = await sql<{ first_day: number | null; last_day: number | null }>`
    select ${nth(0)} as first_day, ${nth(leads_per_batch)} as last_day`.execute(trx.kysely)
  const { first_day = null, last_day = null } = rows[0] ?? {}
  return first_day === null || last_day === null ? null : Math.max(last_day, first_day + 1)
}
