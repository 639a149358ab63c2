import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { Sync } from '../model/sync.ts'
import type { SyncProgress } from '../model/sync-range.ts'
import { type Lease, renewedLease } from './lease.ts'

/** Another consumer has already written this page. Discard the prepared data. */
export class ConcurrentSyncError extends Error {
  constructor(run_id: string) {
    super(`Another consumer is working on run ${run_id}.`)
    this.name = 'CheckpointMovedError'
  }
}

export interface PageCounts {
  total_records: number
  synced_records: number
  duplicate_records: number
  failed_records: number
}

/**
 * Advances the checkpoint by compare-and-set. This is the first statement of a page's transaction: a second consumer of
 * the same run waits on this row, finds that it moved, and rolls back. A kill at any statement loses and repeats nothing.
 * While a run is split into ranges, each range has a checkpoint of its own, and that of the run stands still.
 * @throws ConcurrentSyncError
 */
export async function advanceCheckpoint(
  trx: Db,
  sync: SyncProgress,
  counts: PageCounts,
  next: {
    dataset_offsets: Record<string, number>
    metadata: Sync['metadata']
    at: Date
    actor: string
    lease: Lease | null
  },
): Promise<void> {
  const plus = (column: keyof PageCounts | 'next_offset', value: number) =>
    sql<number>`${sql.ref(column)} + ${sql.lit(value)}`
  const values = {
    next_offset: plus('next_offset', counts.total_records),
    total_records: plus('total_records', counts.total_records),
    synced_records: plus('synced_records', counts.synced_records),
    duplicate_records: plus('duplicate_records', counts.duplicate_records),
    failed_records: plus('failed_records', counts.failed_records),
    dataset_offsets: next.dataset_offsets,
    metadata: next.metadata,
    sync_status: 'syncing' as const,
    last_sync_at: next.at,
    // This is the attempt that was scheduled, and it makes progress.
    next_sync_at: null,
    retry_count: 0,
    ...(next.lease && renewedLease(trx, next.lease)),
    updated_at: next.at,
    updated_by: next.actor,
  }
  const { run_id, next_offset, range } = sync
  const { numUpdatedRows } = range
    ? await trx.kysely
        .updateTable('apify_sync_ranges')
        .set(values)
        .where('id', '=', range.id)
        .where('next_offset', '=', next_offset)
        .executeTakeFirst()
    : await trx.kysely
        .updateTable('apify_sync_states')
        .set(values)
        .where('run_id', '=', run_id)
        .where('next_offset', '=', next_offset)
        .where('is_split', '=', false)
        .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new ConcurrentSyncError(run_id)
}

/** Stores what only the write of a page tells, within its transaction. */
export async function setSyncMetadata(
  trx: Db,
  { run_id, range }: SyncProgress,
  metadata: Sync['metadata'],
): Promise<void> {
  await (range
    ? trx.kysely.updateTable('apify_sync_ranges').set({ metadata }).where('id', '=', range.id).execute()
    : trx.kysely.updateTable('apify_sync_states').set({ metadata }).where('run_id', '=', run_id).execute())
}
