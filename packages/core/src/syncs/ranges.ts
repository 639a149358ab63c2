import type { Insertable, Selectable } from 'kysely'
import { type Db, withTransaction } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import type { Tables } from '../database/tables.ts'
import { addMatchCounts } from '../ingest/match-counts.ts'
import { addFillRates } from '../mapping/fill-rates.ts'
import type { Json } from '../model/fields.ts'
import type { Sync } from '../model/sync.ts'
import type { SyncProgress } from '../model/sync-range.ts'
import { ConcurrentSyncError } from './checkpoint.ts'
import { getFillRates } from './fill-rate-warnings.ts'
import { getMatchCounts } from './sync-matches.ts'
import { SYNC_AUTHOR } from './sync-state.ts'
import { addUnreadCounts, getUnreadCounts } from './unread-values.ts'

/**
 * Ranges of a long run: each is read by a consumer of its own. The checkpoint of the run stays at the start of the first
 * one, until that is complete and is added to it. See docs/decisions/017.
 */

type RangeRow = Selectable<Tables['apify_sync_ranges']>

/** The counts of a sync, which are the sums of those of its ranges. */
export const COUNTS = ['next_offset', 'total_records', 'synced_records', 'duplicate_records', 'failed_records'] as const
type RangeCounts = Record<(typeof COUNTS)[number], number>

/** Which datasets are split, and how. */
export interface SplitOptions {
  /** Fewer items are left to one consumer. */
  items_min: number
  /** Items of a range. */
  range_items: number
}

/**
 * Splits the unread items of a dataset, as far as Apify has counted them. Returns the ids of the ranges.
 * @throws ConcurrentSyncError if another consumer has written a page or has split the run
 */
export async function splitIntoRanges(
  db: Db,
  { run_id, next_offset, dataset_offsets }: Sync,
  { dataset_id, item_count }: { dataset_id: string; item_count: number },
  { range_items, at }: Pick<SplitOptions, 'range_items'> & { at: Date },
): Promise<number[]> {
  const start = dataset_offsets?.[dataset_id] ?? 0
  const audit = { created_at: at, updated_at: at, created_by: SYNC_AUTHOR, updated_by: SYNC_AUTHOR }
  const ranges: Insertable<Tables['apify_sync_ranges']>[] = []
  for (let range_start = start; range_start < item_count; range_start += range_items) {
    const range_end = Math.min(range_start + range_items, item_count)
    ranges.push({
      run_id,
      dataset_id,
      range_start,
      range_end,
      dataset_offsets: { [dataset_id]: range_start },
      ...audit,
    })
  }
  await withTransaction(db, async (trx) => {
    const { numUpdatedRows } = await trx.kysely
      .updateTable('apify_sync_states')
      .set({ is_split: true, sync_status: 'syncing', updated_at: at, updated_by: SYNC_AUTHOR })
      .where('run_id', '=', run_id)
      .where('next_offset', '=', next_offset)
      .where('is_split', '=', false)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new ConcurrentSyncError(run_id)
    await trx.kysely.insertInto('apify_sync_ranges').values(ranges).execute()
  })
  return (await listRanges(db, run_id)).map(({ id }) => id)
}

/** Returns the ranges of a run that are not added to it yet, in the order of their items. */
export const listRanges = (db: Db, run_id: string): Promise<RangeRow[]> =>
  db.kysely
    .selectFrom('apify_sync_ranges')
    .selectAll()
    .where('run_id', '=', run_id)
    .orderBy('dataset_id')
    .orderBy('range_start')
    .execute()

/** Returns the counts of all open ranges of each of these runs. */
export async function sumOpenRanges(db: Db, run_ids: readonly string[]): Promise<Map<string, RangeCounts>> {
  if (run_ids.length === 0) return new Map()
  const rows = await db.kysely
    .selectFrom('apify_sync_ranges')
    .select('run_id')
    .select(({ fn }) => COUNTS.map((name) => fn.sum<number>(name).as(name)))
    .where('run_id', 'in', run_ids)
    .groupBy('run_id')
    .execute()
  return new Map(
    rows.map(({ run_id, ...sums }) => {
      const counts = Object.fromEntries(COUNTS.map((name) => [name, Number(sums[name])]))
      return [run_id, counts as unknown as RangeCounts]
    }),
  )
}

/** Returns the progress of a range as that of a sync; undefined for a range that was added to its run. */
export async function findRangeProgress(db: Db, sync: Sync, range_id: number): Promise<SyncProgress | undefined> {
  const row = await db.kysely
    .selectFrom('apify_sync_ranges')
    .selectAll()
    .where('id', '=', range_id)
    .where('run_id', '=', sync.run_id)
    .executeTakeFirst()
  if (!row) return undefined
  const { id, dataset_id, range_start, range_end, ...progress } = row
  return { ...sync, ...progress, id: sync.id, range: { id, dataset_id, range_start, range_end } }
}

export const isRangeComplete = ({
  next_offset,
  range_start,
  range_end,
}: Pick<RangeRow, 'next_offset' | 'range_start' | 'range_end'>): boolean => next_offset === range_end - range_start

/**
 * Adds the complete ranges at the front to the checkpoint of their run and removes them. Returns the ranges that are left;
 * with the last one the run continues at its own checkpoint. Returns null if another consumer has added all of them. Each
 * call is progress of the run: reconcile leaves it alone.
 */
export async function foldRanges(db: Db, run_id: string, at: Date): Promise<RangeRow[] | null> {
  return withTransaction(db, async (trx) => {
    const select = trx.kysely.selectFrom('apify_sync_states').selectAll().where('run_id', '=', run_id)
    const [locked] = await selectForUpdate(trx, select)
    if (!locked?.is_split) return null
    const left = await listRanges(trx, run_id)
    let sync: Sync = locked
    const folded: number[] = []
    for (let range = left[0]; range && isRangeComplete(range); range = left[0]) {
      sync = addRange(sync, range)
      folded.push(range.id)
      left.shift()
    }
    const { next_offset, total_records, synced_records, duplicate_records, failed_records } = sync
    await trx.kysely
      .updateTable('apify_sync_states')
      .set({ next_offset, total_records, synced_records, duplicate_records, failed_records })
      .set({ dataset_offsets: sync.dataset_offsets, metadata: sync.metadata, is_split: left.length > 0 })
      .set({ ...(folded.length > 0 && { retry_count: 0 }), last_sync_at: at, updated_at: at, updated_by: SYNC_AUTHOR })
      .where('run_id', '=', run_id)
      .execute()
    if (folded.length > 0) await trx.kysely.deleteFrom('apify_sync_ranges').where('id', 'in', folded).execute()
    return left
  })
}

/** The accounting of a sync and a range of it. */
export function addRange(sync: Sync, range: RangeRow): Sync {
  const sum = { ...sync }
  for (const name of COUNTS) sum[name] += range[name]
  const matches = addMatchCounts(getMatchCounts(sync), [getMatchCounts(range)])
  const unread = addUnreadCounts(getUnreadCounts(sync), getUnreadCounts(range))
  sum.dataset_offsets = { ...sync.dataset_offsets, ...(isRangeComplete(range) && range.dataset_offsets) }
  sum.metadata = {
    ...sync.metadata,
    fill_rates: addFillRates(getFillRates(sync), getFillRates(range)) as unknown as Json,
    ...(matches && { matches: matches as unknown as Json }),
    ...(unread && { unread: unread as unknown as Json }),
  }
  return sum
}

/**
 * Adds what is complete and returns the ranges that no consumer works on; null if none is left to read. A run whose message
 * was lost, that failed or was interrupted continues with these.
 */
export async function continueRanges(db: Db, run_id: string, at: Date): Promise<number[] | null> {
  const left = await foldRanges(db, run_id, at)
  if (left === null || left.length === 0) return null
  const { secondsUntil } = db.engine
  const leased = await db.kysely
    .selectFrom('apify_sync_ranges')
    .select('id')
    .where('run_id', '=', run_id)
    .where(secondsUntil('lease_expires_at'), '>', 0)
    .execute()
  await db.kysely
    .updateTable('apify_sync_states')
    .set({ sync_status: 'syncing', next_sync_at: null, updated_at: at, updated_by: SYNC_AUTHOR })
    .where('run_id', '=', run_id)
    .execute()
  const busy = new Set(leased.map(({ id }) => id))
  return left.filter((range) => !isRangeComplete(range) && !busy.has(range.id)).map(({ id }) => id)
}
