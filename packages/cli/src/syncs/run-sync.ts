import { setTimeout as wait } from 'node:timers/promises'
import type { ApifyApi, ApifyRun } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { getSync, type SyncView } from '@leads/core/syncs/list-syncs'
import { runSync, type SyncOptions, type SyncOutcome } from '@leads/core/syncs/run-sync'
import { CommandError } from '../output/errors.ts'
import { exitCodes } from '../output/exit-codes.ts'
import { formatSeconds, pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { type Progress, startProgress } from '../output/progress.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'
import { syncOptions } from './create-sync-options.ts'
import { renderSyncTable } from './render.ts'

export interface SyncFlags {
  watch?: boolean
  actor?: string
  since?: Date
  queue?: boolean
  json?: boolean
}

const RUNS_PAGE = 1000

export async function runSyncCommand(run_ids: readonly string[], flags: SyncFlags): Promise<void> {
  const isBackfill = flags.actor !== undefined || flags.since !== undefined
  if (isBackfill === run_ids.length > 0)
    throw new CommandError('usage', 'Give ids of runs, or --actor and --since for all runs of an Actor.')
  if (isBackfill && flags.since === undefined)
    throw new CommandError('usage', 'Say from which day on: --since 2026-01-31.')
  const started = performance.now()
  const syncs = await withDatabase((db) =>
    withInterrupt('What was read so far is saved; run the same command to go on.', async (signal) => {
      const options = syncOptions(db, signal)
      // Before any run: a wrong token of this terminal must not mark syncs as failed.
      await options.apify.getUser()
      const ids = isBackfill ? await listRuns(options.apify, flags) : run_ids
      if (flags.queue) return queueRuns(ids, flags.json)
      return ids.length === 1 && !isBackfill
        ? [await syncOne(options, ids[0] as string, flags, signal)]
        : syncMany(options, ids, flags.watch ?? false, signal)
    }),
  )
  if (syncs === null) return
  if (flags.json) printJson(syncs)
  else if (syncs.length === 0) print('There are no such runs.')
  else {
    print(renderSyncTable(syncs))
    printNote('', `${pluralize(syncs.length, 'run')} in ${formatSeconds(performance.now() - started)}.`)
  }
  if (syncs.some(({ sync_status }) => sync_status !== 'completed')) process.exitCode = exitCodes.failed.code
}

/** Ids of an Actor's runs, oldest first: what a later run changed then wins, as it did in time. */
async function listRuns(apify: ApifyApi, { actor, since }: SyncFlags): Promise<string[]> {
  const runs: ApifyRun[] = []
  for (;;) {
    const page = await apify.listRuns({
      ...(actor === undefined ? {} : { actor_id: actor.replace('/', '~') }),
      started_after: since as Date,
      offset: runs.length,
      limit: RUNS_PAGE,
    })
    runs.push(...page)
    if (page.length < RUNS_PAGE) break
  }
  return [...new Set(runs.map(({ run_id }) => run_id))].reverse()
}

/** There is nothing to show of a run that is only queued. */
async function queueRuns(run_ids: readonly string[], json: boolean | undefined): Promise<null> {
  await createSyncQueue(readConfig(['queue']).SYNC_QUEUE_URL).send(run_ids)
  if (json) printJson({ queued: run_ids })
  else print(`Queued ${pluralize(run_ids.length, 'run')}. Watch with: leads syncs list`)
  return null
}

async function syncOne(
  options: SyncOptions,
  run_id: string,
  { watch }: SyncFlags,
  signal: AbortSignal,
): Promise<SyncView> {
  // How many items there are, Apify says only roughly while it writes them.
  const bar = await startProgress('reading', null, 'items')
  let items = 0
  const onPage: SyncOptions['onPage'] = (after, before) => {
    items += after.total_records - before.total_records
    bar.update(0, items)
  }
  try {
    await syncUntilDone({ ...options, onPage }, run_id, watch ?? false, signal)
  } finally {
    bar.stop()
  }
  return getSync(options.db, run_id)
}

/** A run that cannot be read does not hold back the others; its row says why. */
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
      await syncUntilDone({ ...options, onPage }, run_id, isWatched, signal)
      bar.update(index + 1, items)
      syncs.push(await getSync(options.db, run_id))
    }
  } finally {
    bar.stop()
  }
  return syncs
}

/** Goes on until the run is in, or, unless it is watched, still working. Settling takes seconds and is waited for. */
async function syncUntilDone(
  options: SyncOptions,
  run_id: string,
  isWatched: boolean,
  signal: AbortSignal,
): Promise<SyncOutcome> {
  for (;;) {
    signal.throwIfAborted()
    const outcome = await runSync(options, run_id)
    signal.throwIfAborted()
    if (outcome.outcome !== 'continue') return outcome
    if (outcome.reason === 'running' && !isWatched) {
      printNote(`Run ${run_id} is still working. --watch follows it to its end.`)
      return outcome
    }
    await wait(outcome.delay_s * 1000, undefined, { signal })
  }
}
