import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { activeRunStatuses, type SyncStatus } from '../model/sync.ts'
import type { SyncQueue } from '../queue/sync-queue.ts'
import { POLL_LOST_AFTER_MS } from './retry-policy.ts'
import { SYNC_AUTHOR } from './sync-state.ts'
import { createWatermark, moveWatermark, readWatermark } from './watermark.ts'

export interface FollowOptions {
  db: Db
  queue: Pick<SyncQueue, 'sendPoll'>
  follow_s: number
  now: () => Date
}

/** When the poll that is in the queue is due. It states that time, so a second copy of it finds another one. */
const POLL_WATERMARK = 'followed-runs'

/**
 * Follows a run that is still running and whose items so far are imported: the poll of all followed runs queues it when it
 * has changed. See docs/decisions/019.
 */
export async function followRun(options: FollowOptions, run_id: string): Promise<void> {
  await options.db.kysely
    .updateTable('apify_sync_states')
    .set({
      sync_status: sql<SyncStatus>`case sync_status when 'failed' then 'pending' else sync_status end`,
      // Reconcile queues the run if polls are lost.
      next_sync_at: toLostAt(options),
      // It was read to its end, so an earlier failure is over.
      error_message: null,
      error_details: null,
      updated_by: SYNC_AUTHOR,
    })
    .where('run_id', '=', run_id)
    .where('sync_status', '!=', 'completed')
    .where('run_status', 'in', activeRunStatuses)
    .execute()
  await startPolling(options)
}

export const toLostAt = ({ now, follow_s }: Pick<FollowOptions, 'now' | 'follow_s'>): Date =>
  new Date(now().getTime() + follow_s * 1000 + POLL_LOST_AFTER_MS)

/** Queues a poll, unless there is one. */
async function startPolling(options: FollowOptions): Promise<void> {
  const { db, now } = options
  let due_at = await readWatermark(db, POLL_WATERMARK)
  if (due_at && !isLost(options, due_at)) return
  if (!due_at) {
    await createWatermark(db, POLL_WATERMARK, toEndedAt(options))
    due_at = (await readWatermark(db, POLL_WATERMARK)) as Date
    if (!isLost(options, due_at)) return
  }
  const next_at = toNextAt(options, now())
  if (await moveWatermark(db, POLL_WATERMARK, due_at, next_at)) await queuePoll(options, next_at)
}

/**
 * Queues the poll after the one that was due at `due_at`, unless no runs are followed any more. Returns the followed runs;
 * undefined if another poll has taken the place of this one.
 */
export async function continuePolling<Run>(
  options: FollowOptions,
  due_at: Date,
  findFollowedRuns: () => Promise<Run[]>,
): Promise<Run[] | undefined> {
  const next_at = toNextAt(options, due_at)
  if (!(await moveWatermark(options.db, POLL_WATERMARK, due_at, next_at))) return undefined
  let runs = await findFollowedRuns()
  if (runs.length === 0) {
    // Who follows a run from here on queues the next poll. Who did so before may have relied on this one.
    const ended_at = toEndedAt(options)
    await moveWatermark(options.db, POLL_WATERMARK, next_at, ended_at)
    runs = await findFollowedRuns()
    if (runs.length === 0 || !(await moveWatermark(options.db, POLL_WATERMARK, ended_at, next_at))) return []
  }
  await queuePoll(options, next_at)
  return runs
}

async function queuePoll(options: FollowOptions, due_at: Date): Promise<void> {
  try {
    await options.queue.sendPoll(due_at, { delay_s: options.follow_s })
  } catch (error) {
    // The next run that is followed queues a poll.
    await moveWatermark(options.db, POLL_WATERMARK, due_at, toEndedAt(options))
    throw error
  }
}

const isLost = ({ now }: FollowOptions, due_at: Date): boolean =>
  due_at.getTime() + POLL_LOST_AFTER_MS <= now().getTime()

const toEndedAt = ({ now }: FollowOptions): Date => new Date(now().getTime() - POLL_LOST_AFTER_MS)

/** No two polls are due at the same time: it is what tells them apart. */
const toNextAt = ({ now, follow_s }: FollowOptions, after: Date): Date =>
  new Date(Math.max(now().getTime() + follow_s * 1000, after.getTime() + 1))
