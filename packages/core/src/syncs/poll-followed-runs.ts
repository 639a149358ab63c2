import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { ApifyApi, ApifyDataset } from '../apify/apify-api.ts'
import { ApifyPermanentError, ApifyTransientError } from '../apify/apify-errors.ts'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { Tables } from '../database/tables.ts'
import type { Log } from '../log.ts'
import { activeRunStatuses, type RunStatus, type Sync } from '../model/sync.ts'
import type { SyncQueue } from '../queue/sync-queue.ts'
import { continuePolling, type FollowOptions, toLostAt } from './follow-run.ts'
import { retryInPlace } from './retry-in-place.ts'
import { POLL_LOST_AFTER_MS } from './retry-policy.ts'
import type { SyncOptions } from './sync-options.ts'
import { SYNC_AUTHOR } from './sync-state.ts'

export interface PollOptions extends FollowOptions {
  apify: Pick<ApifyApi, 'listRuns' | 'listDatasets'>
  queue: Pick<SyncQueue, 'send' | 'sendPoll'>
  log: Log
  /** Milliseconds that the invocation still has. */
  remaining_ms: () => number
  wait?: NonNullable<SyncOptions['wait']>
}

export interface PollResult {
  followed: number
  /** Runs that ended, changed their status or have unread items. */
  queued: number
}

type FollowedRun = Pick<Sync, 'run_id' | 'run_status' | 'dataset_id' | 'dataset_offsets' | 'next_sync_at'>

const FOLLOWED_RUNS_MAX = 10_000
const LIST_ROWS = 1000
const LIST_PAGES_MAX = 10

/**
 * Asks Apify for all followed runs by two lists, of the runs that are running and of the newest datasets, and queues those
 * that changed. A run that the lists do not show is queued as well: its consumer finds out.
 * @throws Error if a queue or the database fails; then reconcile continues the runs
 */
export async function pollFollowedRuns(options: PollOptions, due_at: Date): Promise<PollResult> {
  const { db, queue, log } = options
  const followed = await continuePolling(options, due_at, () => findFollowedRuns(db))
  if (followed === undefined) {
    log.info('Another poll of the followed runs has taken the place of this one')
    return { followed: 0, queued: 0 }
  }
  const changed = await findChangedRuns(options, followed)
  await stopFollowing(options, changed)
  try {
    if (changed.length > 0) await queue.send(changed)
  } catch (error) {
    await setNextSyncAt(options, changed, toLostAt(options))
    throw error
  }
  await keepFollowing(options, followed.at(-1))
  log.info('The followed runs were polled', { followed: followed.length, queued: changed.length })
  return { followed: followed.length, queued: changed.length }
}

type SyncCondition = (query: ExpressionBuilder<Tables, 'apify_sync_states'>) => Expression<SqlBool>

const isFollowed: SyncCondition = (query) =>
  query.and([
    query('next_sync_at', 'is not', null),
    // A failed attempt has its own time.
    query('error_message', 'is', null),
    query('sync_status', 'in', ['pending', 'syncing']),
    query('run_status', 'in', activeRunStatuses),
    query('is_deleted', '=', false),
  ])

/** Those that were not confirmed for longest come first. */
async function findFollowedRuns(db: Db): Promise<FollowedRun[]> {
  return db.kysely
    .selectFrom('apify_sync_states')
    .select(['run_id', 'run_status', 'dataset_id', 'dataset_offsets', 'next_sync_at'])
    .where(isFollowed)
    .orderBy('next_sync_at')
    .limit(FOLLOWED_RUNS_MAX)
    .execute()
}

/** Returns all of them if the token may not list, and none if Apify does not answer: the next poll asks again. */
async function findChangedRuns(options: PollOptions, followed: readonly FollowedRun[]): Promise<string[]> {
  if (followed.length === 0) return []
  try {
    const [statuses, datasets] = await Promise.all([
      listRunStatuses(options, followed.length),
      listDatasetsOf(options, followed),
    ])
    return followed
      .filter((run) => statuses.get(run.run_id) !== run.run_status || hasUnreadItems(run, datasets))
      .map(({ run_id }) => run_id)
  } catch (error) {
    if (error instanceof ApifyPermanentError) {
      options.log.warn('Runs or datasets could not be listed, so each run is read by itself', { error })
      return followed.map(({ run_id }) => run_id)
    }
    if (!(error instanceof ApifyTransientError)) throw error
    options.log.warn('A poll of the followed runs failed; the next one asks again', { error })
    return []
  }
}

/** For few runs, further pages cost more than reading each run that the first does not show. */
const toPagesMax = (followed: number): number => Math.min(LIST_PAGES_MAX, followed)

async function listRunStatuses(options: PollOptions, followed: number): Promise<Map<string, RunStatus>> {
  const statuses = new Map<string, RunStatus>()
  for (let page = 0; page < toPagesMax(followed); page += 1) {
    const request = {
      started_after: new Date(0),
      run_statuses: activeRunStatuses,
      offset: page * LIST_ROWS,
      limit: LIST_ROWS,
    }
    const runs = await retryInPlace(options, () => options.apify.listRuns(request))
    for (const { run_id, run_status } of runs) statuses.set(run_id, run_status)
    if (runs.length < LIST_ROWS) break
  }
  return statuses
}

/** Returns the datasets of runs. The newest come first, so those of runs that are running are on the first pages. */
async function listDatasetsOf(
  options: PollOptions,
  followed: readonly FollowedRun[],
): Promise<Map<string, ApifyDataset[]>> {
  const wanted = new Set(followed.flatMap(({ dataset_id }) => dataset_id ?? []))
  const byRun = new Map<string, ApifyDataset[]>()
  for (let page = 0; page < toPagesMax(followed.length) && wanted.size > 0; page += 1) {
    const request = { offset: page * LIST_ROWS, limit: LIST_ROWS }
    const datasets = await retryInPlace(options, () => options.apify.listDatasets(request))
    for (const dataset of datasets) {
      wanted.delete(dataset.dataset_id)
      if (dataset.run_id === null) continue
      const others = byRun.get(dataset.run_id)
      if (others) others.push(dataset)
      else byRun.set(dataset.run_id, [dataset])
    }
    if (datasets.length < LIST_ROWS) break
  }
  return byRun
}

/** Apify's counts lag by seconds, so the items that they leave out are found by the next poll. */
function hasUnreadItems(run: FollowedRun, byRun: ReadonlyMap<string, ApifyDataset[]>): boolean {
  const datasets = byRun.get(run.run_id) ?? []
  if (!datasets.some(({ dataset_id }) => dataset_id === run.dataset_id)) return true
  return datasets.some(({ dataset_id, item_count, is_named }) => {
    const offset = run.dataset_offsets?.[dataset_id]
    // A named dataset that a run has only created is not one of those that are read.
    if (offset === undefined && is_named) return false
    return item_count > (offset ?? 0)
  })
}

/**
 * The runs are about to be queued. Before, not after: a consumer may have read and followed a run before the queue has
 * answered. If the message is lost, reconcile finds the sync without progress.
 */
async function stopFollowing(options: PollOptions, run_ids: readonly string[]): Promise<void> {
  await setNextSyncAt(options, run_ids, null)
}

async function setNextSyncAt({ db, now }: PollOptions, run_ids: readonly string[], at: Date | null): Promise<void> {
  for (const chunk of chunkRows(db, run_ids, 1))
    await db.kysely
      .updateTable('apify_sync_states')
      .set({ next_sync_at: at, updated_at: now(), updated_by: SYNC_AUTHOR })
      .where('run_id', 'in', chunk)
      .where('next_sync_at', at === null ? 'is not' : 'is', null)
      .where('sync_status', 'in', ['pending', 'syncing'])
      .execute()
}

/** Confirms, for reconcile, the runs that were polled. Every few minutes, because it writes a row for each. */
async function keepFollowing(options: PollOptions, last: FollowedRun | undefined): Promise<void> {
  if (!last) return
  const { db } = options
  const lost_at = toLostAt(options)
  const before_ms = Math.min(lost_at.getTime() - POLL_LOST_AFTER_MS / 2, Date.parse(last.next_sync_at as string))
  await db.kysely
    .updateTable('apify_sync_states')
    .set({ next_sync_at: lost_at })
    .where(isFollowed)
    .where('next_sync_at', '<=', new Date(before_ms) as never)
    .execute()
}
