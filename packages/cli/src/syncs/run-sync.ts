import { setTimeout as waitInRealTime } from 'node:timers/promises'
import type { ApifyRun } from '@leads/core/apify/apify-api'
import { ApifyTransientError } from '@leads/core/apify/apify-errors'
import { readConfig } from '@leads/core/config/read-config'
import type { Db } from '@leads/core/database/engine'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { foldLeadCounts } from '@leads/core/stats/lead-counts'
import { getSync, type SyncView } from '@leads/core/syncs/list-syncs'
import { retryInPlace } from '@leads/core/syncs/retry-in-place'
import {
  BUSY_DELAY_S,
  CALL_ATTEMPTS_MAX,
  COMMAND_ATTEMPTS_MAX,
  callRetryDelayS,
  messageRetryDelayS,
} from '@leads/core/syncs/retry-policy'
import { runRange, runSync, type SyncOutcome } from '@leads/core/syncs/run-sync'
import type { SyncOptions } from '@leads/core/syncs/sync-options'
import { findApiTarget } from '../backend/api-target.ts'
import { withBackend } from '../backend/with-backend.ts'
import { CommandError } from '../output/errors.ts'
import { exitCodes } from '../output/exit-codes.ts'
import { formatSeconds, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { type Progress, startProgress } from '../output/progress.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'
import { createSyncOptions } from './create-sync-options.ts'
import { renderSyncTable } from './render.ts'

export interface SyncFlags {
  watch?: boolean
  actor?: string
  since?: Date
  queue?: boolean
  json?: boolean
}

const RUNS_PER_PAGE = 1000
const RETRY_CHARACTERS_MAX = 60

export async function runSyncCommand(run_ids: readonly string[], flags: SyncFlags): Promise<void> {
  const isBackfill = flags.actor !== undefined || flags.since !== undefined
  if (isBackfill === run_ids.length > 0)
    throw new CommandError('usage', 'Give run ids, or --actor and --since for all runs of an Actor.')
  if (isBackfill && flags.since === undefined) throw new CommandError('usage', 'Add the first day: --since 2026-01-31.')
  if (findApiTarget()) {
    await queueOverApi(run_ids, flags)
    return
  }
  const started = performance.now()
  const syncs = await withDatabase((db) =>
    withInterrupt('Items already read are saved. Run the same command again to continue.', async (signal) => {
      const options = createSyncOptions(db, signal)
      // Checked before any run: a wrong token must not mark syncs as failed.
      await retryInPlace(options, () => options.apify.getAccount())
      const ids = isBackfill ? await listRuns(options, flags) : run_ids
      if (flags.queue) return queueRuns(ids, flags.json)
      const synced =
        ids.length === 1 && !isBackfill
          ? [await syncOne(options, ids[0] as string, flags, signal)]
          : await syncMany(options, ids, flags.watch ?? false, signal)
      await foldLeadCounts(db, () => signal.aborted)
      return synced
    }),
  )
  if (syncs === null) return
  if (flags.json) printJson(syncs)
  else if (syncs.length === 0) print('No run matches.')
  else {
    print(renderSyncTable(syncs))
    printNote('', `${pluralize(syncs.length, 'run')} in ${formatSeconds(performance.now() - started)}.`)
  }
  if (syncs.some(({ sync_status }) => sync_status !== 'completed')) process.exitCode = exitCodes.failed.code
}

/** A deployed API syncs runs by its own consumer. */
async function queueOverApi(run_ids: readonly string[], { queue, json }: SyncFlags): Promise<void> {
  if (!queue || run_ids.length === 0)
    throw new CommandError('usage', 'Over the API runs are synced by its consumer: give run ids and --queue.')
  await withBackend((backend) => backend.queueRuns(run_ids))
  printQueued(run_ids, json)
}

/** Returns the run ids of an Actor, oldest first, so that values of later runs win. */
async function listRuns(options: SyncOptions, { actor, since }: SyncFlags): Promise<string[]> {
  const runs: ApifyRun[] = []
  for (;;) {
    const request = {
      ...(actor === undefined ? {} : { actor_id: actor.replace('/', '~') }),
      started_after: since as Date,
      offset: runs.length,
      limit: RUNS_PER_PAGE,
    }
    const page = await retryInPlace(options, () => options.apify.listRuns(request))
    runs.push(...page)
    if (page.length < RUNS_PER_PAGE) break
  }
  return [...new Set(runs.map(({ run_id }) => run_id))].reverse()
}

/** Queues the runs. Returns null, because there are no syncs to show yet. */
async function queueRuns(run_ids: readonly string[], json: boolean | undefined): Promise<null> {
  await createSyncQueue(readConfig(['queue']).SYNC_QUEUE_URL).send(run_ids)
  printQueued(run_ids, json)
  return null
}

function printQueued(run_ids: readonly string[], json: boolean | undefined): void {
  if (json) printJson({ queued: run_ids })
  else print(`Queued ${pluralize(run_ids.length, 'run')}. Follow progress with \`leads syncs list\`.`)
}

async function syncOne(
  options: SyncOptions,
  run_id: string,
  { watch }: SyncFlags,
  signal: AbortSignal,
): Promise<SyncView> {
  // No total: Apify's item count is only approximate while a run writes.
  const bar = await startProgress('reading', null, 'items')
  let items = 0
  const onPage: SyncOptions['onPage'] = (after, before) => {
    items += after.total_records - before.total_records
    bar.update(0, items)
  }
  try {
    await syncUntilDone({ ...options, onPage, onRetry: showRetry(bar) }, run_id, watch ?? false, signal)
  } finally {
    bar.stop()
  }
  return getSync(options.db, run_id)
}

/** Syncs runs in order. A run that fails does not stop the others; its row contains the reason. */
async function syncMany(
  options: SyncOptions,
  run_ids: readonly string[],
  isWatched: boolean,
  signal: AbortSignal,
): Promise<SyncView[]> {
  const bar: Progress = await startProgress('runs', run_ids.length, 'items')
  const syncs: SyncView[] = []
  let items = 0
  try {
    for (const [index, run_id] of run_ids.entries()) {
      const onPage: SyncOptions['onPage'] = (after, before) => {
        items += after.total_records - before.total_records
        bar.update(index, items)
      }
      await syncUntilDone({ ...options, onPage, onRetry: showRetry(bar) }, run_id, isWatched, signal)
      bar.update(index + 1, items)
      syncs.push(await getSync(options.db, run_id))
    }
  } finally {
    bar.stop()
  }
  return syncs
}

const showRetry =
  (bar: Progress): NonNullable<SyncOptions['onRetry']> =>
  ({ delay_s, error_message }) =>
    bar.showRetry(`next in ${Math.ceil(delay_s)} s: ${error_message.slice(0, RETRY_CHARACTERS_MAX)}`)

/** Syncs until the run is complete or, unless it is watched, still running. Settling takes seconds and is waited for. */
export async function syncUntilDone(
  options: SyncOptions,
  run_id: string,
  isWatched: boolean,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  const attempts: Attempts = { failures: 0, hasProgress: false }
  const onPage: SyncOptions['onPage'] = (after, before) => {
    attempts.failures = 0
    attempts.hasProgress = true
    options.onPage?.(after, before)
  }
  for (;;) {
    signal.throwIfAborted()
    const tracked = { ...options, onPage }
    const outcome = await tryWithRetries(tracked, () => runSync(tracked, run_id), attempts, signal)
    signal.throwIfAborted()
    if (outcome.outcome === 'split') {
      await readRanges(tracked, run_id, outcome.range_ids, attempts, signal)
      continue
    }
    if (outcome.outcome !== 'continue') return outcome
    if (outcome.reason === 'running' && !isWatched) {
      printNote(`Run ${run_id} is still running. --watch follows it to its end.`)
      return outcome
    }
    await wait(options, outcome.delay_s, signal)
  }
}

/** Reads the ranges of a run that consumers have split and left, one after the other. */
async function readRanges(
  options: SyncOptions,
  run_id: string,
  range_ids: readonly number[],
  attempts: Attempts,
  signal: AbortSignal,
): Promise<void> {
  const queue = [...range_ids]
  for (const range_id of queue) {
    signal.throwIfAborted()
    const outcome = await tryWithRetries(options, () => runRange(options, { run_id, range_id }), attempts, signal)
    if (outcome.outcome === 'read') queue.push(...outcome.range_ids)
  }
  // Others are reading the rest.
  if (range_ids.length === 0) await wait(options, BUSY_DELAY_S, signal)
}

async function wait(options: SyncOptions, delay_s: number, signal: AbortSignal): Promise<void> {
  if (options.wait) await options.wait(delay_s * 1000, signal)
  else await waitInRealTime(delay_s * 1000, undefined, { signal })
}

interface Attempts {
  /** Since the last page that was written. */
  failures: number
  hasProgress: boolean
}

/** Retries a sync that fails before it writes a page, a few times, as the queue would. */
async function tryWithRetries<Outcome>(
  options: SyncOptions,
  work: () => Promise<Outcome>,
  attempts: Attempts,
  signal: AbortSignal,
): Promise<Outcome> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const delay_s = signal.aborted ? null : findRetryDelayS(options.db, error, attempts)
      if (delay_s === null) throw error
      attempts.failures += 1
      options.onRetry?.({ attempt: attempts.failures, delay_s, error_message: (error as Error).message })
      await wait(options, delay_s, signal)
    }
  }
}

/**
 * Seconds until the next attempt; null where the error is reported. A database that is lost within a run may restart or
 * fail over for a minute. One that was never there has a wrong address more likely.
 */
function findRetryDelayS(db: Db, error: unknown, { failures, hasProgress }: Attempts): number | null {
  if (error instanceof ApifyTransientError)
    return failures + 1 < COMMAND_ATTEMPTS_MAX ? messageRetryDelayS(failures + 1, error.retry_after_s) : null
  const isLost = hasProgress && db.engine.classifyError(error) === 'transient'
  return isLost && failures + 1 < CALL_ATTEMPTS_MAX ? callRetryDelayS(failures, null) : null
}
