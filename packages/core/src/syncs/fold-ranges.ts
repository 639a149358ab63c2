import { ApifyTransientError } from '../apify/apify-errors.ts'
import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { withTransaction } from '../database/transaction.ts'
import type { Sync } from '../model/sync.ts'
import type { RangeBounds, SyncProgress } from '../model/sync-range.ts'
import { ConcurrentSyncError } from './checkpoint.ts'
import { addRange, isRangeComplete, isSent, listRanges, RANGES_SENT_MAX, type RangeRow } from './ranges.ts'
import { SYNC_AUTHOR } from './sync-state.ts'

/**
 * What follows a range that was read: it is added to its run, and the next one is sent. All of it happens under the lock of
 * the run's row, so each range is added and chosen once.
 */

export interface FoldedRanges {
  /** Ranges that are not added; with the last one the run continues at its own checkpoint. */
  left: RangeRow[]
  /** Ids of ranges that the caller sends. */
  to_send: number[]
}

/**
 * Adds the complete ranges at the front to the checkpoint of their run, removes them, and chooses the next ones to send: of
 * those in the queue or in work there are RANGES_SENT_MAX again. `done_id` is the range that the caller has read: its message
 * may come again because the caller was killed before it sent what it had chosen, and then chooses the same. Returns null
 * if another consumer has added all ranges. Each call is progress of the run: reconcile leaves it alone.
 */
export async function foldRanges(db: Db, run_id: string, at: Date, done_id?: number): Promise<FoldedRanges | null> {
  return withTransaction(db, async (trx) => {
    const locked = await lockSplitSync(trx, run_id)
    if (!locked) return null
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
    return { left, to_send: await chooseNext(trx, left, at, done_id) }
  })
}

async function lockSplitSync(trx: Db, run_id: string): Promise<Sync | undefined> {
  const select = trx.kysely.selectFrom('apify_sync_states').selectAll().where('run_id', '=', run_id)
  const [locked] = await selectForUpdate(trx, select)
  return locked?.is_split ? locked : undefined
}

/** Marks as many ranges as may be sent. Until its first page, the metadata of a range tells after which one it was chosen. */
async function chooseNext(trx: Db, left: readonly RangeRow[], at: Date, done_id?: number): Promise<number[]> {
  const open = left.filter((range) => isSent(range) && !isRangeComplete(range))
  const again = open.filter(({ next_offset, metadata }) => next_offset === 0 && metadata?.sent_after === done_id)
  const next = left.filter((range) => !isSent(range)).slice(0, Math.max(0, RANGES_SENT_MAX - open.length))
  const ids = next.map(({ id }) => id)
  if (ids.length > 0)
    await trx.kysely
      .updateTable('apify_sync_ranges')
      .set({ sync_status: 'syncing', updated_at: at, updated_by: SYNC_AUTHOR })
      .set({ metadata: done_id === undefined ? null : { sent_after: done_id } })
      .where('id', 'in', ids)
      // Not one that a consumer has begun since.
      .where('sync_status', '=', 'pending')
      .execute()
  return done_id === undefined ? ids : [...again.map(({ id }) => id), ...ids]
}

/**
 * Ends a range where its dataset ended, although Apify has counted more items, and removes the ranges behind it. So the run
 * continues at this item by its own checkpoint: it ends there once the run has settled, and finds what was added until then.
 * @throws ApifyTransientError if items behind it were read, so this was not the end
 * @throws ConcurrentSyncError if another consumer has written a page of these ranges
 */
export async function endDatasetAt(
  db: Db,
  { run_id, next_offset }: Pick<SyncProgress, 'run_id' | 'next_offset'>,
  { id, dataset_id, range_start, range_end }: RangeBounds,
  at: Date,
): Promise<void> {
  await withTransaction(db, async (trx) => {
    if (!(await lockSplitSync(trx, run_id))) throw new ConcurrentSyncError(run_id)
    const end = range_start + next_offset
    const behind = (await listRanges(trx, run_id)).filter(
      (range) => range.dataset_id === dataset_id && range.range_start > range_start,
    )
    if (behind.some((range) => range.next_offset > 0))
      throw new ApifyTransientError(
        `Dataset ${dataset_id} ends at item ${end}, and items from ${range_end} on were read.`,
      )
    const empty = [...behind.map((range) => range.id), ...(next_offset === 0 ? [id] : [])]
    if (empty.length > 0) {
      const { numDeletedRows } = await trx.kysely
        .deleteFrom('apify_sync_ranges')
        .where('id', 'in', empty)
        .where('next_offset', '=', 0)
        .executeTakeFirst()
      if (numDeletedRows !== BigInt(empty.length)) throw new ConcurrentSyncError(run_id)
    }
    if (next_offset === 0) return
    const { numUpdatedRows } = await trx.kysely
      .updateTable('apify_sync_ranges')
      .set({ range_end: end, updated_at: at, updated_by: SYNC_AUTHOR })
      .where('id', '=', id)
      .where('next_offset', '=', next_offset)
      .executeTakeFirst()
    if (numUpdatedRows !== 1n) throw new ConcurrentSyncError(run_id)
  })
}

/**
 * Adds what is complete and returns the ranges to send that no consumer works on; null if none is left to read. A run whose
 * message was lost, that failed or was interrupted continues with these.
 */
export async function continueRanges(db: Db, run_id: string, at: Date): Promise<number[] | null> {
  const folded = await foldRanges(db, run_id, at)
  if (folded === null || folded.left.length === 0) return null
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
  const chosen = new Set(folded.to_send)
  return folded.left
    .filter((range) => !isRangeComplete(range) && !busy.has(range.id) && (isSent(range) || chosen.has(range.id)))
    .map(({ id }) => id)
}
