import type { ApifyApi, ApifyRun } from '../apify/apify-api.ts'
import { ApifyPermanentError, ApifyTransientError } from '../apify/apify-errors.ts'
import type { Db } from '../database/engine.ts'
import type { Log } from '../log.ts'
import type { SyncQueue } from '../queue/sync-queue.ts'
import { retryInPlace } from './retry-in-place.ts'
import { STUCK_AFTER_MS } from './retry-policy.ts'
import type { SyncOptions } from './sync-options.ts'
import { readWatermark, writeWatermark } from './watermark.ts'

export interface ReconcileOptions {
  db: Db
  apify: ApifyApi
  queue: Pick<SyncQueue, 'send'>
  log: Log
  /** Actor ids or user~name; empty = all runs of the account. */
  actor_ids: readonly string[]
  /** Hours to look back: longer than the longest run, because Apify filters by the start of a run. */
  lookback_h: number
  now: () => Date
  /** Milliseconds that the invocation still has. */
  remaining_ms: () => number
  wait?: NonNullable<SyncOptions['wait']>
}

export interface ReconcileResult {
  listed: number
  /** Runs without a sync, or that changed since their sync. */
  missed: number
  /** Syncs without progress: their consumer is gone. */
  stuck: number
  /** Syncs whose next attempt is due. */
  due: number
  /** Actors whose runs could not be listed, each with the reason. */
  failures: ListFailure[]
}

export interface ListFailure {
  /** Null for all runs of the account. */
  actor_id: string | null
  error_message: string
  /** The Actor does not exist, so a retry does not help: its runs cannot be listed any more. */
  is_permanent: boolean
}

const WATERMARK = 'reconcile'
const RUNS_PER_PAGE = 1000
const DEADLINE_RESERVE_MS = 20_000
const QUEUED_RUNS_MAX = 1000

/**
 * Finds and queues what webhooks and queue have missed: syncs that are stuck or due, and runs that were never seen or
 * have changed. What the database knows comes first, and each Actor is listed by itself, so that a failure at Apify
 * delays nothing else. Queueing a run too often is harmless, so this needs no lock against consumers.
 */
export async function reconcile(options: ReconcileOptions): Promise<ReconcileResult> {
  const { db, queue, log, now } = options
  const started_at = now()
  const { stuck, due } = await findInterrupted(options)
  const interrupted = new Set([...stuck, ...due])
  if (interrupted.size > 0) await queue.send([...interrupted])
  const { listed, missed, failures, is_finished } = await queueMissedRuns(options, interrupted)
  // Only if nothing was left out: the next reconcile has to find the same runs again.
  if (is_finished && failures.every(({ is_permanent }) => is_permanent)) await writeWatermark(db, WATERMARK, started_at)
  for (const { actor_id, error_message } of failures)
    log.error('The runs of an Actor could not be listed', { actor_id, error: error_message })
  const result = { listed, missed, stuck: stuck.length, due: due.length, failures }
  log.info('Reconciled', { ...result, failures: failures.length, queued: interrupted.size + missed })
  return result
}

interface MissedRuns {
  listed: number
  missed: number
  failures: ListFailure[]
  is_finished: boolean
}

/** Queues the missed runs of each Actor as soon as they are found. */
async function queueMissedRuns(options: ReconcileOptions, queued: Set<string>): Promise<MissedRuns> {
  const { actor_ids, lookback_h, now } = options
  const reached_at = (await readWatermark(options.db, WATERMARK)) ?? now()
  const started_after = new Date(Math.min(reached_at.getTime(), now().getTime()) - lookback_h * 3_600_000)
  const result: MissedRuns = { listed: 0, missed: 0, failures: [], is_finished: true }
  for (const actor_id of actor_ids.length > 0 ? actor_ids : [null]) {
    try {
      const isFinished = await queueMissedRunsOf(options, actor_id, started_after, { queued, result })
      if (!isFinished) return { ...result, is_finished: false }
    } catch (error) {
      if (!(error instanceof ApifyTransientError || error instanceof ApifyPermanentError)) throw error
      const is_permanent = error instanceof ApifyPermanentError && error.reason === 'gone'
      result.failures.push({ actor_id, error_message: error.message, is_permanent })
    }
  }
  return result
}

/** Returns false when time runs out. */
async function queueMissedRunsOf(
  options: ReconcileOptions,
  actor_id: string | null,
  started_after: Date,
  { queued, result }: { queued: Set<string>; result: MissedRuns },
): Promise<boolean> {
  const { apify, queue, remaining_ms } = options
  for (let offset = 0; ; offset += RUNS_PER_PAGE) {
    if (remaining_ms() < DEADLINE_RESERVE_MS) return false
    const request = { ...(actor_id !== null && { actor_id }), started_after, offset, limit: RUNS_PER_PAGE }
    const runs = await retryInPlace(options, () => apify.listRuns(request))
    result.listed += runs.length
    const changed = (await findChangedRuns(options.db, runs)).filter((run_id) => !queued.has(run_id))
    if (changed.length > 0) await queue.send(changed)
    for (const run_id of changed) queued.add(run_id)
    result.missed += changed.length
    if (runs.length < RUNS_PER_PAGE) return true
  }
}

/** Returns runs without a sync, and runs that changed since their sync ended, such as resurrected ones. */
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
