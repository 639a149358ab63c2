import type { Insertable, Selectable } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { Tables } from '../database/tables.ts'
import { withTransaction } from '../database/transaction.ts'
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

export type RangeRow = Selectable<Tables['apify_sync_ranges']>

/** The counts of a sync, which are the sums of those of its ranges. */
export const COUNTS = ['next_offset', 'total_records', 'synced_records', 'duplicate_records', 'failed_records'] as const
type RangeCounts = Record<(typeof COUNTS)[number], number>

/** Which datasets are split, and how. */
export interface SplitOptions {
  /** Fewer items are left to one consumer. */
  items_min: number
  /** Items of a range; more where there would be more than RANGES_MAX. */
  range_items: number
}

/** A range that is added lists all that are left, and all are inserted by one statement. At 50,000 items: 50M items. */
export const RANGES_MAX = 1_000

/**
 * Ranges of one run in the queue or in work at once. A run that comes after waits for these, not for all ranges: with five
 * consumers and 50 s a range, for less than 3 minutes. Three for each of these consumers, so that none waits for the next one.
 */
export const RANGES_SENT_MAX = 16

/**
 * Splits the unread items of a dataset, as far as Apify has counted them. Returns the ids of the ranges to send first;
 * foldRanges returns the others.
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
  const size = Math.max(range_items, Math.ceil((item_count - start) / RANGES_MAX))
  for (let range_start = start; range_start < item_count; range_start += size) {
    const range_end = Math.min(range_start + size, item_count)
    ranges.push({
      run_id,
      dataset_id,
      range_start,
      range_end,
      sync_status: ranges.length < RANGES_SENT_MAX ? 'syncing' : 'pending',
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
  return (await listRanges(db, run_id)).filter(isSent).map(({ id }) => id)
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

/** Whether a message for the range was sent, or is about to be. */
export const isSent = ({ sync_status, next_offset }: RangeRow): boolean => sync_status !== 'pending' || next_offset > 0

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
