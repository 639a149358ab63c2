import * as z from 'zod'
import { auditColumns, Id, Json, JsonObject, softDeleteColumns, Timestamp } from './fields.ts'
import { lazyEnum, lazyObject } from './lazily.ts'

export const SyncStatus = lazyEnum(['pending', 'syncing', 'completed', 'failed'])
export type SyncStatus = z.infer<ReturnType<typeof SyncStatus>>

export const RunStatus = lazyEnum([
  'READY',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMING-OUT',
  'TIMED-OUT',
  'ABORTING',
  'ABORTED',
])
export type RunStatus = z.infer<ReturnType<typeof RunStatus>>

/** Statuses of a run that has not ended. */
export const activeRunStatuses: readonly RunStatus[] = ['READY', 'RUNNING', 'TIMING-OUT', 'ABORTING']

/** A row of `apify_sync_states`: how far a run has been imported. */
export const Sync = lazyObject({
  id: Id,
  actor_id: () => z.string().max(100).nullable(),
  actor_name: () => z.string().max(255).nullable(),
  run_id: () => z.string().min(1).max(100),
  dataset_id: () => z.string().max(100).nullable(),
  sync_status: SyncStatus,
  last_sync_at: () => Timestamp().nullable(),
  next_sync_at: () => Timestamp().nullable(),
  run_status: () => RunStatus().nullable(),
  started_at: () => Timestamp().nullable(),
  finished_at: () => Timestamp().nullable(),
  total_records: () => z.int().min(0),
  synced_records: () => z.int().min(0),
  failed_records: () => z.int().min(0),
  duplicate_records: () => z.int().min(0),
  next_offset: () => z.int().min(0),
  /** Items that Apify reports for the dataset. The figure lags behind the dataset. */
  dataset_item_count: () => z.int().min(0).nullable(),
  dataset_offsets: () => z.record(z.string(), z.int().min(0)).nullable(),
  input_params: () => Json().nullable(),
  error_message: () => z.string().nullable(),
  error_details: () => JsonObject().nullable(),
  retry_count: () => z.int().min(0),
  compute_units: () => z.number().nullable(),
  cost_usd: () => z.number().nullable(),
  metadata: () => JsonObject().nullable(),
  ...auditColumns,
  ...softDeleteColumns,
})
export type Sync = z.infer<ReturnType<typeof Sync>>
