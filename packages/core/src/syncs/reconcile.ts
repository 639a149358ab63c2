import type { ApifyApi, ApifyRun } from '../apify/apify-api.ts'
import type { Db } from '../database/engine.ts'
import type { Log } from '../log.ts'
import type { SyncQueue } from '../queue/sync-queue.ts'
import { STUCK_AFTER_MS } from './retry-policy.ts'
import { readWatermark, writeWatermark } from './watermark.ts'

export interface ReconcileOptions {
  db: Db
  apify: ApifyApi
  queue: SyncQueue
  log: Log
  /** Actor ids or user~name; empty = all runs of the account. */
  actor_ids: readonly string[]
  /** Hours to look back: longer than the longest run, because Apify filters by the start of a run. */
  lookback_h: number
  now: () => Date
  /** Milliseconds that the invocation still has. */
  remaining_ms: () => number
}

export interface ReconcileResult {
  listed: number
  /** Runs that were never heard of, or that changed since their sync. */
  missed: number
  /** Syncs at work whose consumer seems to be gone. */
  stuck: number
  /** Syncs whose next attempt is due. */
  due: number
}

const WATERMARK = 'reconcile'
const RUNS_PER_PAGE = 1000
const DEADLINE_RESERVE_MS = 20_000
const QUEUED_RUNS_MAX = 1000

/**
 * Finds what webhooks and queue have missed and queues it: runs that were never seen or have changed, syncs that stopped
 * half-way, attempts that are due. Queueing a run too often is harmless, so this needs no lock against consumers; it
 * writes nothing but messages. A lost webhook costs minutes, never data.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileResult> {
  const { db, queue, log, now } = options
  const started_at = now()
  const { listed, missed, is_finished } = await findMissedRuns(options)
  const { stuck, due } = await findInterrupted(options)
  const run_ids = [...new Set([...missed, ...stuck, ...due])]
  if (run_ids.length > 0) await queue.send(run_ids)
  // Only now: had the queue refused them, the next reconcile would have to find the same runs.
  if (is_finished) await writeWatermark(db, WATERMARK, started_at)
  const result = { listed, missed: missed.length, stuck: stuck.length, due: due.length }
  log.info('Reconciled', { ...result, queued: run_ids.length })
  return result
}

async function findMissedRuns(
  options: ReconcileOptions,
): Promise<{ listed: number; missed: string[]; is_finished: boolean }> {
  const { apify, actor_ids, lookback_h, now, remaining_ms } = options
  const reached_at = (await readWatermark(options.db, WATERMARK)) ?? now()
  const started_after = new Date(Math.min(reached_at.getTime(), now().getTime()) - lookback_h * 3_600_000)
  let listed = 0
  const missed: string[] = []
  for (const actor_id of actor_ids.length > 0 ? actor_ids : [undefined]) {
    for (let offset = 0; ; offset += RUNS_PER_PAGE) {
      if (remaining_ms() < DEADLINE_RESERVE_MS) return { listed, missed, is_finished: false }
      const runs = await apify.listRuns({
        ...(actor_id === undefined ? {} : { actor_id }),
        started_after,
        offset,
        limit: RUNS_PER_PAGE,
      })
      listed += runs.length
      missed.push(...(await findChangedRuns(options.db, runs)))
      if (runs.length < RUNS_PER_PAGE) break
    }
  }
  return { listed, missed, is_finished: true }
}

/** Runs without a sync, or whose sync ended with an earlier state of the run (it was resurrected since). */
async function findChangedRuns(db: Db, runs: readonly ApifyRun[]): Promise<string[]> {
  if (runs.length === 0) return []
  const rows = await db.kysely
    .selectFrom('apify_sync_states')
    .select(['run_id', 'sync_status', 'run_status', 'finished_at'])
    .where(
      'run_id',
      'in',
      runs.map(({ run_id }) => run_id),
    )
    .execute()
  const known = new Map(rows.map((row) => [row.run_id, row]))
  return runs
    .filter((run) => {
      const sync = known.get(run.run_id)
      if (!sync) return true
      if (sync.sync_status === 'pending' || sync.sync_status === 'syncing') return false
      return sync.run_status !== run.run_status || sync.finished_at !== run.finished_at
    })
    .map(({ run_id }) => run_id)
}

async function findInterrupted({ db, now }: ReconcileOptions): Promise<{ stuck: string[]; due: string[] }> {
  const at = now()
  const due = await db.kysely
    .selectFrom('apify_sync_states')
    .select('run_id')
    .where('next_sync_at', '<=', at as never)
    .where('sync_status', 'in', ['pending', 'syncing'])
    .where('is_deleted', '=', false)
    .orderBy('next_sync_at')
    .limit(QUEUED_RUNS_MAX)
    .execute()
  const stuck = await db.kysely
    .selectFrom('apify_sync_states')
    .select('run_id')
    .where('sync_status', 'in', ['pending', 'syncing'])
    .where('updated_at', '<=', new Date(at.getTime() - STUCK_AFTER_MS) as never)
    .where('next_sync_at', 'is', null)
    .where('is_deleted', '=', false)
    .limit(QUEUED_RUNS_MAX)
    .execute()
  return { stuck: stuck.map(({ run_id }) => run_id), due: due.map(({ run_id }) => run_id) }
}
