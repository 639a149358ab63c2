import * as z from 'zod'
import { auditColumns, Id } from './fields.ts'
import { buildShape, lazily } from './lazily.ts'
import { Sync } from './sync.ts'

/** A row of `apify_sync_ranges`: a part of a dataset with a checkpoint of its own. */
export const SyncRange = lazily(() =>
  Sync()
    .pick({
      run_id: true,
      sync_status: true,
      last_sync_at: true,
      next_sync_at: true,
      total_records: true,
      synced_records: true,
      failed_records: true,
      duplicate_records: true,
      next_offset: true,
      retry_count: true,
      metadata: true,
    })
    .extend({
      id: Id(),
      dataset_id: z.string().min(1).max(100),
      /** Offset of the first item. */
      range_start: z.int().min(0),
      /** Offset after the last item. */
      range_end: z.int().min(1),
      dataset_offsets: z.record(z.string(), z.int().min(0)),
      ...buildShape(auditColumns),
    }),
)
export type SyncRange = z.infer<ReturnType<typeof SyncRange>>

/** Which part of which dataset a consumer reads. */
export type RangeBounds = Pick<SyncRange, 'id' | 'dataset_id' | 'range_start' | 'range_end'>

/** How far a consumer has come: the row of a run or, with `range`, that of a range of it. */
export interface SyncProgress extends Sync {
  range?: RangeBounds
}
