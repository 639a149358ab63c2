import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { readTaskState, writeTaskState } from '../database/task-state.ts'
import type { RunQuery } from '../database/time-limit.ts'
import { withTransaction } from '../database/transaction.ts'
import { type CountPosition, countBatch } from './count-batch.ts'
import { addToCounts, columnNames, DAY_S, longerDifferences, perDimension, toCounts } from './count-rows.ts'

/**
 * Counts of active leads that triggers keep: see docs/decisions/020-lead-counts.md. Writers append changes, and
 * {@link foldLeadCounts} adds them to the counts. Counts and changes together are exact at any time.
 */

/** Row of `task_states`: how far the leads are counted. Its lock keeps folding and counting apart. */
const STATE = 'lead-counts'
/** A page of an import leaves one change per country. A batch takes about 50 ms. */
const CHANGES_PER_BATCH = 5_000
/** A batch takes about a second. */
const LEADS_PER_BATCH = 50_000
const RESERVE_MS = 5_000

/** What `task_states` has: the trigger on changes reads the position. */
interface CountState {
  is_complete: boolean
  /**
   * The day of the position. Code from before there were positions counts on from there, and its states have no position;
   * null before the first batch.
   */
  next_day: number | null
  /** Where the count that is running continues; null before its first batch, missing where none is running. */
  position?: { created_at: string; id_block: number } | null
}

/** Whether statistics can be read from the counts. */
export async function hasLeadCounts(db: Db): Promise<boolean> {
  if (!db.engine.has_lead_counts) return false
  const state = (await readTaskState(db, STATE)) as CountState | undefined
  return state?.is_complete ?? false
}

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
      return state.is_complete || (await countOn(trx, state, leads_per_batch, now())).is_finished
    })
    // Each batch looks through all changes.
    await foldLeadCounts(db, isStopped)
  }
  return true
}

/**
 * Compares all counts with the leads and corrects them. Returns how many were wrong: none, unless triggers were disabled
 * or data was restored into a database with a schema. Imports may run. If others count at the same time, each does some of
 * the batches.
 */
export async function recountLeads(
  { db, now, leads_per_batch = LEADS_PER_BATCH }: Omit<CountOptions, 'remaining_ms'>,
  onBatch: () => void = () => {},
): Promise<number> {
  let corrected = 0
  await withTransaction(db, async (trx) => {
    const { is_complete } = await lockState(trx)
    await writeTaskState(trx, STATE, { is_complete, next_day: null, position: null }, now())
  })
  for (let is_finished = false; !is_finished; ) {
    await foldLeadCounts(db)
    const batch = await withTransaction(db, async (trx) => {
      const state = await lockState(trx)
      // Another process has counted the rest.
      if (state.is_complete && state.position === undefined) return { corrected: 0, is_finished: true }
      return countOn(trx, state, leads_per_batch, now())
    })
    corrected += batch.corrected
    is_finished = batch.is_finished
    onBatch()
  }
  return corrected
}

/** Counts a batch of leads and stores where the next one begins. */
async function countOn(
  trx: Db,
  { is_complete, next_day, position }: CountState,
  leads_per_batch: number,
  at: Date,
): Promise<{ corrected: number; is_finished: boolean }> {
  const { corrected, next } = await countBatch(trx, toPosition(next_day, position), leads_per_batch)
  if (next === null) {
    const { numAffectedRows } = await addToCounts(longerDifferences).execute(trx.kysely)
    await writeTaskState(trx, STATE, { is_complete: true, next_day: null }, at)
    return { corrected: corrected + Number(numAffectedRows ?? 0), is_finished: true }
  }
  await writeTaskState(
    trx,
    STATE,
    {
      is_complete,
      next_day: Math.floor(next.created_at.getTime() / 1000 / DAY_S),
      position: { created_at: next.created_at.toISOString(), id_block: next.id_block },
    },
    at,
  )
  return { corrected, is_finished: false }
}

function toPosition(next_day: number | null, position: CountState['position']): CountPosition | null {
  if (position) return { created_at: new Date(position.created_at), id_block: position.id_block }
  return next_day === null ? null : { created_at: new Date(next_day * DAY_S * 1000), id_block: 0 }
}

async function lockState(trx: Db): Promise<CountState> {
  const { rows } = await sql<{ task_state: CountState }>`
    select task_state from task_states where name = ${STATE} for update`.execute(trx.kysely)
  return rows[0]?.task_state ?? { is_complete: false, next_day: null }
}

export interface ComparedCounts {
  /** Active leads by the counts of days and the changes. */
  counted: number
  leads: number
  /** Statuses and countries of which counts and changes have another number than the leads. */
  wrong_values: number
  /** Counts of longer periods that are not the sums of their days. */
  wrong_sums: number
}

/**
 * Compares the counts and changes with the active leads, in one snapshot. Null where statistics do not read the counts.
 * Of the values only statuses and countries: an index has both, so they cost 1.6 times the number of leads, while the
 * others would need each lead.
 * @throws TimeLimitError
 */
export async function compareLeadCounts(db: Db, run: RunQuery): Promise<ComparedCounts | null> {
  if (!(await hasLeadCounts(db))) return null
  const compared = ['country', 'lead_status'] as const
  const [row] = await run<{ [Name in keyof ComparedCounts]: string }>(sql`
    with leads as materialized (
      select country, lead_status, count(*) as leads_count from sales_leads where not is_deleted group by 1, 2
    ), compared as (
      select dimension, value, sum(counted) as counted, sum(leads_count) as leads_count
      from (
        select dimension, value, leads_count as counted, 0 as leads_count from lead_counts
        where grain_s = ${sql.lit(DAY_S)} and dimension in (${sql.join(compared.map((column) => sql.lit(column)))})
        union all
        select dimension, value, leads_count, 0 from lead_count_changes ${perDimension(compared)}
        union all
        select dimension, value, 0, leads_count from leads ${perDimension(compared)}
      ) as counts
      group by dimension, value
    )
    select coalesce(sum(counted) filter (where dimension = 'lead_status'), 0) as counted,
      coalesce(sum(leads_count) filter (where dimension = 'lead_status'), 0) as leads,
      count(*) filter (where counted <> leads_count) as wrong_values,
      (select count(*) from (
        select 1 from (${longerDifferences}) as differences
        group by grain_s, dimension, period, value having sum(leads_count) <> 0
      ) as wrong) as wrong_sums
    from compared`)
  return {
    counted: Number(row?.counted),
    leads: Number(row?.leads),
    wrong_values: Number(row?.wrong_values),
    wrong_sums: Number(row?.wrong_sums),
  }
}
