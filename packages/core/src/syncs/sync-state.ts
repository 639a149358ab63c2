import { sql } from 'kysely'
import type { ApifyRun } from '../apify/apify-api.ts'
import type { Db } from '../database/engine.ts'
import { orIgnore } from '../database/upsert.ts'
import type { Json } from '../model/fields.ts'
import type { Sync } from '../model/sync.ts'
import { PROGRESS_HEARTBEAT_MS } from './retry-policy.ts'

/** Who writes what a sync writes; the actor of its events. */
export const SYNC_AUTHOR = 'apify-sync'

export async function findSync(db: Db, run_id: string): Promise<Sync | undefined> {
  return db.kysely.selectFrom('apify_sync_states').selectAll().where('run_id', '=', run_id).executeTakeFirst()
}

/** The state of a run's sync, made `pending` when it is the first to be heard of it. Safe under any number of callers. */
export async function getOrCreateSync(db: Db, run_id: string, at: Date): Promise<Sync> {
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
  return (await findSync(db, run_id)) as Sync
}

export interface RunDetails {
  run: ApifyRun
  actor_name: string | null
  input_params: Json
}

/**
 * Writes what Apify says of the run, if it says anything new, or if nothing was written for long of a sync at work: each
 * reconcile that took it for lost would send one more message that follows it. Returns the sync as it then stands.
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
  const isNews = Object.entries(facts).some(
    ([column, value]) => JSON.stringify(sync[column as keyof typeof facts] ?? null) !== JSON.stringify(value ?? null),
  )
  const isAtWork = sync.sync_status === 'pending' || sync.sync_status === 'syncing'
  const looksLost = isAtWork && at.getTime() - Date.parse(sync.updated_at) >= PROGRESS_HEARTBEAT_MS
  if (!isNews && !looksLost) return sync
  // A run that went on since its sync ended has more to read. Said together with what is new of the run: were the
  // consumer killed right after, the sync would look complete, and reconcile would see nothing that had changed.
  const hasGoneOn = facts.run_status !== sync.run_status || facts.finished_at !== sync.finished_at
  const isReopened = hasGoneOn && (sync.sync_status === 'completed' || sync.sync_status === 'failed')
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
 * Records how many items Apify reports for the run's datasets, for a progress display. Of other datasets only the items
 * already read are known. Returns the sync after it.
 */
export async function recordItemCount(db: Db, sync: Sync, dataset_id: string, total: number | null): Promise<Sync> {
  if (total === null) return sync
  const offsets = { ...sync.dataset_offsets, [dataset_id]: Math.max(total, sync.dataset_offsets?.[dataset_id] ?? 0) }
  const dataset_item_count = Object.values(offsets).reduce((sum, count) => sum + count, 0)
  if (dataset_item_count === sync.dataset_item_count) return sync
  await db.kysely
    .updateTable('apify_sync_states')
    .set({ dataset_item_count })
    .where('run_id', '=', sync.run_id)
    .execute()
  return { ...sync, dataset_item_count }
}

/** Ends a sync whose every item is accounted for. A sync that moved on meanwhile is left alone: returns false. */
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
      updated_at: at,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', sync.run_id)
    .where('next_offset', '=', sync.next_offset)
    // The accounting invariant: a sync is completed only where it holds.
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
