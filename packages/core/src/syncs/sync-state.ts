import { sql } from 'kysely'
import type { ApifyRun } from '../apify/apify-api.ts'
import type { Db } from '../database/engine.ts'
import { orIgnore } from '../database/upsert.ts'
import type { Json } from '../model/fields.ts'
import type { Sync } from '../model/sync.ts'
import { PROGRESS_HEARTBEAT_MS } from './retry-policy.ts'

/** The author of everything that a sync writes. */
export const SYNC_AUTHOR = 'apify-sync'

/** A sync, and whether its items are read in ranges at the moment. */
export type StoredSync = Sync & { is_split: boolean }

export async function findSync(db: Db, run_id: string): Promise<StoredSync | undefined> {
  return db.kysely.selectFrom('apify_sync_states').selectAll().where('run_id', '=', run_id).executeTakeFirst()
}

/** Returns the sync of a run; creates it as `pending` if there is none. Safe under concurrent callers. */
export async function getOrCreateSync(db: Db, run_id: string, at: Date): Promise<StoredSync> {
  const known = await findSync(db, run_id)
  if (known) return known
  const insert = db.kysely.insertInto('apify_sync_states').values({
    run_id,
    created_at: at,
    updated_at: at,
    created_by: SYNC_AUTHOR,
    updated_by: SYNC_AUTHOR,
  })
  await orIgnore(db, insert, ['run_id']).execute()
  return (await findSync(db, run_id)) as StoredSync
}

export interface RunDetails {
  run: ApifyRun
  actor_name: string | null
  input_params: Json
}

/**
 * Writes new details of the run. Writes them unchanged if a sync in progress was not written for long: reconcile would
 * take it for stuck and queue another message for it. Returns the sync after it.
 */
export async function updateRunDetails(
  db: Db,
  sync: Sync,
  { run, actor_name, input_params }: RunDetails,
  at: Date,
): Promise<Sync> {
  const facts = {
    actor_id: run.actor_id,
    actor_name: actor_name ?? sync.actor_name,
    dataset_id: run.dataset_ids[0] ?? sync.dataset_id,
    run_status: run.run_status,
    started_at: run.started_at,
    finished_at: run.finished_at,
    compute_units: run.compute_units ?? sync.compute_units,
    cost_usd: run.cost_usd ?? sync.cost_usd,
    input_params: input_params ?? sync.input_params,
  }
  const hasChanged = Object.entries(facts).some(
    ([column, value]) => JSON.stringify(sync[column as keyof typeof facts] ?? null) !== JSON.stringify(value ?? null),
  )
  const isInProgress = sync.sync_status === 'pending' || sync.sync_status === 'syncing'
  const isOverdue = isInProgress && at.getTime() - Date.parse(sync.updated_at) >= PROGRESS_HEARTBEAT_MS
  if (!hasChanged && !isOverdue) return sync
  // A run that continued after its sync ended has more items. Written together with the details: if the consumer is
  // killed in between, the sync would look complete, and reconcile would see no change of the run.
  const hasContinued = facts.run_status !== sync.run_status || facts.finished_at !== sync.finished_at
  const isReopened = hasContinued && (sync.sync_status === 'completed' || sync.sync_status === 'failed')
  const sync_status = isReopened ? ('pending' as const) : sync.sync_status
  await db.kysely
    .updateTable('apify_sync_states')
    .set({
      ...facts,
      ...(isReopened ? { sync_status } : {}),
      started_at: facts.started_at === null ? null : new Date(facts.started_at),
      finished_at: facts.finished_at === null ? null : new Date(facts.finished_at),
      updated_at: at,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', sync.run_id)
    .execute()
  return { ...sync, ...facts, sync_status }
}

/**
 * Returns the sync with the number of items that Apify reports for the run's datasets, for a progress display. Of other
 * datasets only the items already read count.
 */
export function countDatasetItems(sync: Sync, dataset_id: string, total: number | null): Sync {
  if (total === null) return sync
  const offsets = { ...sync.dataset_offsets, [dataset_id]: Math.max(total, sync.dataset_offsets?.[dataset_id] ?? 0) }
  return { ...sync, dataset_item_count: Object.values(offsets).reduce((sum, count) => sum + count, 0) }
}

export async function recordItemCount(db: Db, { run_id, dataset_item_count }: Sync): Promise<void> {
  await db.kysely.updateTable('apify_sync_states').set({ dataset_item_count }).where('run_id', '=', run_id).execute()
}

/** Completes a sync whose items are all accounted for. Returns false if the sync has moved on in the meantime. */
export async function completeSync(db: Db, sync: Sync, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.kysely
    .updateTable('apify_sync_states')
    .set({
      sync_status: 'completed',
      last_sync_at: at,
      next_sync_at: null,
      retry_count: 0,
      error_message: null,
      error_details: null,
      metadata: sync.metadata,
      lease_id: null,
      lease_expires_at: null,
      updated_at: at,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', sync.run_id)
    .where('next_offset', '=', sync.next_offset)
    .where('is_split', '=', false)
    // The accounting invariant: a sync completes only if the counters add up.
    .whereRef('total_records', '=', sql`synced_records + duplicate_records + failed_records`)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Marks a sync as failed permanently, with a message for people. Returns false for a completed sync: all its items are
 * imported, and a redundant message does not change that.
 */
export async function failSync(
  db: Db,
  run_id: string,
  error: { message: string; details: Record<string, Json> },
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db.kysely
    .updateTable('apify_sync_states')
    .set({
      sync_status: 'failed',
      error_message: error.message,
      error_details: error.details,
      next_sync_at: null,
      last_sync_at: at,
      updated_at: at,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', run_id)
    .where('sync_status', '!=', 'completed')
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

/**
 * Records a temporary failure, and when reconcile retries if the queue does not. `is_counted`: the attempt made no
 * progress. A completed sync stays as it is.
 */
export async function scheduleRetry(
  db: Db,
  run_id: string,
  error: { message: string; details: Record<string, Json> },
  { at, next_sync_at, is_counted }: { at: Date; next_sync_at: Date; is_counted: boolean },
): Promise<void> {
  await db.kysely
    .updateTable('apify_sync_states')
    .set({
      ...(is_counted && { retry_count: sql<number>`retry_count + 1` }),
      error_message: error.message,
      error_details: error.details,
      next_sync_at,
      updated_at: at,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', run_id)
    .where('sync_status', '!=', 'completed')
    .execute()
}
