import type { ApifyAccount, ApifyRun } from '../apify/apify-api.ts'
import { ApifyPermanentError, ApifyTransientError } from '../apify/apify-errors.ts'
import type { Json } from '../model/fields.ts'
import { activeRunStatuses, type Sync } from '../model/sync.ts'
import { ConcurrentSyncError } from './checkpoint.ts'
import { findFillRateWarnings } from './fill-rate-warnings.ts'
import { continueRanges, endDatasetAt, foldRanges } from './fold-ranges.ts'
import { acquireLease, type Lease, LeaseHeldError, type LeaseTarget, releaseLease } from './lease.ts'
import { findRangeProgress, isRangeComplete, splitIntoRanges } from './ranges.ts'
import { readDatasets, readRange } from './read-dataset.ts'
import { retryInPlace } from './retry-in-place.ts'
import { BUSY_DELAY_S, messageRetryDelayS, syncRetryDelayS } from './retry-policy.ts'
import { redactSecrets } from './run-input.ts'
import type { SyncOptions } from './sync-options.ts'
import {
  completeSync,
  failSync,
  getOrCreateSync,
  type StoredSync,
  scheduleRetry,
  updateRunDetails,
} from './sync-state.ts'

/** The run needs no further message. */
type Ended = { outcome: 'completed'; sync: Sync } | { outcome: 'failed'; message: string }

interface Continued {
  outcome: 'continue'
  delay_s: number
  reason: 'deadline' | 'running' | 'settling' | 'busy' | 'interrupted'
}

/**
 * `continue` requests another message with this run (or range) after a delay, `split` one for each of these ranges. If they
 * are lost, reconcile finds the run. For a run that is `running`, followRun replaces the message.
 */
export type SyncOutcome = Ended | Continued | { outcome: 'split'; range_ids: number[] }

/**
 * `read` requests a message for each of these ranges of the run, `rejoined` one for the run: the range was the last one, so
 * the run continues at its own checkpoint. If they are lost, reconcile finds the run.
 */
export type RangeOutcome = Ended | Continued | { outcome: 'read'; range_ids: number[] } | { outcome: 'rejoined' }

/**
 * Syncs a run: reads from the checkpoint until a page is empty after the run has ended and settled. May be called at any
 * time, by any number of consumers, any number of times: all state is in the database and at Apify.
 * @throws ApifyTransientError or the driver's error if a retry may help and nothing was written; the sync's row has the
 * error
 */
export async function runSync(options: SyncOptions, run_id: string): Promise<SyncOutcome> {
  return withFailuresHandled(options, run_id, (tracked) => syncWithLease(tracked, run_id))
}

/**
 * Reads a range of a run that {@link runSync} has split, under the same rules. The consumer that finishes the last range
 * adds all of them to the run.
 * @throws as runSync
 */
export async function runRange(
  options: SyncOptions,
  { run_id, range_id }: { run_id: string; range_id: number },
): Promise<RangeOutcome> {
  return withFailuresHandled(options, run_id, (tracked) => readRangeWithLease(tracked, run_id, range_id))
}

async function withFailuresHandled<Outcome>(
  options: SyncOptions,
  run_id: string,
  work: (tracked: SyncOptions) => Promise<Outcome>,
): Promise<Outcome | Ended | Continued> {
  let hasProgress = false
  const onPage: SyncOptions['onPage'] = (after, before) => {
    hasProgress = true
    options.onPage?.(after, before)
  }
  try {
    return await work({ ...options, onPage })
  } catch (error) {
    if (error instanceof LeaseHeldError)
      return { outcome: 'continue', delay_s: Math.max(1, Math.ceil(error.left_s)), reason: 'busy' }
    if (error instanceof ConcurrentSyncError) return { outcome: 'continue', delay_s: BUSY_DELAY_S, reason: 'busy' }
    if (options.signal?.aborted) return { outcome: 'continue', delay_s: 0, reason: 'deadline' }
    if (error instanceof ApifyPermanentError) return failPermanently(options, run_id, error)
    await recordFailure(options, run_id, error as Error, hasProgress)
    if (!hasProgress) throw error
    const requested_s = error instanceof ApifyTransientError ? error.retry_after_s : null
    return { outcome: 'continue', delay_s: messageRetryDelayS(1, requested_s), reason: 'interrupted' }
  }
}

async function failPermanently(
  { db, log, now }: SyncOptions,
  run_id: string,
  { name, message, reason }: ApifyPermanentError,
): Promise<Ended> {
  const sync = await getOrCreateSync(db, run_id, now())
  // All items were read while the run existed, and there is no sign that any were added since.
  if (reason === 'gone' && isComplete(sync)) return { outcome: 'completed', sync }
  const details = { name, at: now().toISOString(), refusal: reason }
  if (await failSync(db, run_id, { message, details }, now()))
    log.error('The sync failed permanently', { run_id, error: message })
  else log.warn('A message for a completed sync failed permanently', { run_id, error: message })
  return { outcome: 'failed', message }
}

/** If the database is what failed, this fails as well; then the queue's count of attempts is all there is. */
async function recordFailure(
  { db, log, now }: SyncOptions,
  run_id: string,
  error: Error,
  hasProgress: boolean,
): Promise<void> {
  const { name, message } = error
  log.warn('The sync was interrupted and will be retried', { run_id, error })
  try {
    const { retry_count } = await getOrCreateSync(db, run_id, now())
    const requested_s = error instanceof ApifyTransientError ? error.retry_after_s : null
    const next_sync_at = new Date(now().getTime() + syncRetryDelayS(retry_count, requested_s) * 1000)
    const details = { name, at: now().toISOString() }
    await scheduleRetry(db, run_id, { message, details }, { at: now(), next_sync_at, is_counted: !hasProgress })
  } catch (second) {
    log.warn('The interruption could not be recorded', { run_id, error: second })
  }
}

/** A message whose run is already being synced ends before any call to Apify. */
async function syncWithLease(options: SyncOptions, run_id: string): Promise<SyncOutcome> {
  const opened = await getOrCreateSync(options.db, run_id, options.now())
  return withLease(options, { run_id }, (lease) => syncToEnd(options, opened, lease))
}

async function readRangeWithLease(options: SyncOptions, run_id: string, range_id: number): Promise<RangeOutcome> {
  const { db, now } = options
  const sync = await getOrCreateSync(db, run_id, now())
  // The range was added to its run by a message that came before; its consumer may have been killed before it queued the run
  // or the next range.
  if (!(await findRangeProgress(db, sync, range_id)))
    return sync.is_split ? finishRange(options, run_id, range_id) : { outcome: 'rejoined' }
  return withLease(options, { run_id, range_id }, async (lease) => {
    const progress = await findRangeProgress(db, sync, range_id)
    if (progress?.range && !isRangeComplete({ ...progress, ...progress.range })) {
      const end = await readRange(options, progress, progress.range, lease)
      if (end.isDeadlineReached) return { outcome: 'continue', delay_s: 0, reason: 'deadline' }
      if (!isRangeComplete({ ...end.sync, ...progress.range })) await endDatasetAt(db, end.sync, progress.range, now())
    }
    return finishRange(options, run_id, range_id)
  })
}

async function finishRange({ db, now }: SyncOptions, run_id: string, range_id: number): Promise<RangeOutcome> {
  const folded = await foldRanges(db, run_id, now(), range_id)
  return folded?.left.length === 0 ? { outcome: 'rejoined' } : { outcome: 'read', range_ids: folded?.to_send ?? [] }
}

async function withLease<Outcome>(
  options: SyncOptions,
  target: LeaseTarget,
  work: (lease: Lease | null) => Promise<Outcome>,
): Promise<Outcome> {
  const { db, log, lease_s = 0 } = options
  if (lease_s === 0) return work(null)
  const lease = await acquireLease(db, target, lease_s)
  try {
    return await work(lease)
  } finally {
    // If that fails, the lease ends by itself.
    await releaseLease(db, target, lease).catch((error: unknown) =>
      log.warn('A lease was not released', { ...target, lease_s, error }),
    )
  }
}

async function syncToEnd(options: SyncOptions, stored: StoredSync, lease: Lease | null): Promise<SyncOutcome> {
  const { db, apify, now, log } = options
  const { run_id } = stored
  if (stored.is_split) {
    const range_ids = await continueRanges(db, run_id, now())
    if (range_ids !== null) return { outcome: 'split', range_ids }
  }
  const opened = stored.is_split ? await getOrCreateSync(db, run_id, now()) : stored
  const asked_at = now()
  const [run, account] = await Promise.all([
    retryInPlace(options, () => apify.getRun(run_id)),
    retryInPlace(options, () => apify.getAccount()),
  ])
  assertOwnAccount(run, account)
  const described = describeSync(options, run, opened)
  const end = await readDatasets(options, run, { opened, described }, lease)
  const { sync } = end
  if (end.split && options.split) {
    const { range_items } = options.split
    const range_ids = await splitIntoRanges(db, sync, end.split, { range_items, at: now() })
    log.info('The run is split into ranges', { run_id, ranges: range_ids.length, items: end.split.item_count })
    return { outcome: 'split', range_ids }
  }
  if (end.isDeadlineReached) return { outcome: 'continue', delay_s: 0, reason: 'deadline' }
  if (activeRunStatuses.includes(run.run_status))
    return { outcome: 'continue', delay_s: options.follow_s, reason: 'running' }
  const settled_at = new Date(run.finished_at ?? now()).getTime() - end.skew_ms + options.settle_s * 1000
  const wait_s = Math.ceil((settled_at - end.requested_at.getTime()) / 1000)
  if (wait_s > 0) return { outcome: 'continue', delay_s: wait_s, reason: 'settling' }
  // The run was read before a long sync, when its cost was not final yet. Read it again.
  if (asked_at.getTime() < settled_at) return { outcome: 'continue', delay_s: 0, reason: 'settling' }
  if (isComplete(sync)) return { outcome: 'completed', sync }

  const warnings = await findFillRateWarnings(db, sync)
  const completed: Sync = {
    ...sync,
    sync_status: 'completed',
    metadata: { ...sync.metadata, warnings: warnings as unknown as Json },
  }
  if (!(await completeSync(db, completed, now()))) throw new ConcurrentSyncError(run_id)
  const { total_records, synced_records, duplicate_records, failed_records } = sync
  log.info('The sync is completed', { run_id, total_records, synced_records, duplicate_records, failed_records })
  for (const { message, column } of warnings) log.warn('A fill rate fell', { run_id, column, warning: message })
  return { outcome: 'completed', sync: completed }
}

/** The sync is complete. A redelivered message writes nothing. */
const isComplete = (sync: Sync): boolean => sync.sync_status === 'completed' && sync.error_message === null

/** Anyone with the id of a run may be able to read it, so an id alone must not make it an import. */
function assertOwnAccount({ run_id, user_id }: ApifyRun, account: ApifyAccount): void {
  if (user_id === null || account.user_id === null || user_id === account.user_id) return
  throw new ApifyPermanentError(
    'other_account',
    `Run ${run_id} belongs to another Apify account than APIFY_TOKEN (${account.username}), so it is not imported.`,
  )
}

function assertAllowedActor(allowed: readonly string[] = [], run: ApifyRun, actor_name: string | null): void {
  const names = [run.actor_id, actor_name ?? ''].map(toActorKey)
  if (allowed.length === 0 || allowed.some((actor) => names.includes(toActorKey(actor)))) return
  throw new ApifyPermanentError(
    'other_actor',
    `Run ${run.run_id} is of Actor ${actor_name ?? run.actor_id}, which APIFY_ACTOR_IDS does not list. Add it there to import its runs.`,
  )
}

const toActorKey = (actor: string): string => actor.replace('/', '~').toLowerCase()

/** Reads the details of a run and stores them. Returns the sync after it. */
async function describeSync(options: SyncOptions, run: ApifyRun, opened: Sync): Promise<Sync> {
  const details = await readRunDetails(options, run, opened)
  assertAllowedActor(options.actor_ids, run, details.actor_name)
  return updateRunDetails(options.db, opened, details, options.now())
}

/** Name and input of a run do not change, so they are read once. The items are imported without them as well. */
async function readRunDetails(options: SyncOptions, run: ApifyRun, sync: Sync) {
  const { apify } = options
  const orNull = (error: unknown): null => {
    if (error instanceof ApifyPermanentError) return null
    throw error
  }
  const [actor_name, input_params] = await Promise.all([
    sync.actor_name ?? retryInPlace(options, () => apify.getActorName(run.actor_id)).catch(orNull),
    sync.input_params ?? retryInPlace(options, () => apify.getInput(run)).catch(orNull),
  ])
  return { run, actor_name, input_params: redactSecrets(input_params) }
}
