import type { ApifyApi, ApifyRun } from '../apify/apify-api.ts'
import { ApifyPermanentError, ApifyTransientError } from '../apify/apify-errors.ts'
import type { DatasetPage } from '../apify/read-dataset-page.ts'
import type { Db } from '../database/engine.ts'
import type { ImportItem, OnDuplicate } from '../ingest/apply-items.ts'
import { createCompanyCache } from '../ingest/company-cache.ts'
import { prepareItem } from '../ingest/lead-draft.ts'
import type { Log } from '../log.ts'
import type { Json } from '../model/fields.ts'
import type { MapContext, MappedItem } from '../model/mapped-item.ts'
import type { Sync } from '../model/sync.ts'
import { ConcurrentSyncError } from './checkpoint.ts'
import { findFillRateWarnings } from './fill-rate-warnings.ts'
import { createPagePipeline } from './page-pipeline.ts'
import { nextPageRows } from './page-size.ts'
import { BUSY_DELAY_S, syncRetryDelayS } from './retry-policy.ts'
import { redactSecrets } from './run-input.ts'
import { buildSyncProvenance } from './sync-provenance.ts'
import { completeSync, failSync, getOrCreateSync, scheduleRetry, updateRunDetails } from './sync-state.ts'
import type { PageItem, PageWriteContext } from './write-page.ts'

export interface SyncOptions {
  db: Db
  apify: ApifyApi
  map: (item: unknown, context?: MapContext) => MappedItem
  log: Log
  on_duplicate: OnDuplicate
  page_rows_max: number
  settle_s: number
  follow_s: number
  now: () => Date
  /** Milliseconds that the invocation still has; the sync hands over before they run out. */
  remaining_ms: () => number
  /** Called after each page with the sync as it stands after and before it. */
  onPage?: (after: Sync, before: Sync) => void
}

/** `continue` asks for another message with this run after a delay; nothing is lost if it never comes: reconcile looks too. */
export type SyncOutcome =
  | { outcome: 'completed'; sync: Sync }
  | { outcome: 'failed'; message: string }
  | { outcome: 'continue'; delay_s: number; reason: 'deadline' | 'running' | 'settling' | 'busy' }

const terminal: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'ABORTED', 'TIMED-OUT'])

/**
 * Brings a run up to date: reads on from the checkpoint until a page comes back empty after the run has ended and
 * settled. May be called at any time, by any number of consumers, any number of times; everything needed to go on is
 * in the database and at Apify.
 * @throws ApifyTransientError or the driver's error when trying again later may help; the sync's row tells of it
 */
export async function runSync(options: SyncOptions, run_id: string): Promise<SyncOutcome> {
  const { db, log, now } = options
  try {
    return await syncToEnd(options, run_id)
  } catch (error) {
    if (error instanceof ConcurrentSyncError) return { outcome: 'continue', delay_s: BUSY_DELAY_S, reason: 'busy' }
    const details = { name: (error as Error).name, at: now().toISOString() }
    if (error instanceof ApifyPermanentError) {
      const sync = await getOrCreateSync(db, run_id, now())
      // All of it was read while it was there, and nothing is known to have come since: an old message tells no news.
      if (error.reason === 'gone' && isComplete(sync)) return { outcome: 'completed', sync }
      await failSync(db, run_id, { message: error.message, details: { ...details, refusal: error.reason } }, now())
      log.error('The sync failed for good', { run_id, error: error.message })
      return { outcome: 'failed', message: error.message }
    }
    await recordFailure(options, run_id, error as Error, details)
    throw error
  }
}

/** The database may be what failed: then the queue's own count of attempts has to tell the story. */
async function recordFailure(
  { db, log, now }: SyncOptions,
  run_id: string,
  error: Error,
  details: Record<string, string>,
): Promise<void> {
  log.warn('The sync was interrupted and will be tried again', { run_id, error: error.message })
  try {
    const { retry_count } = await getOrCreateSync(db, run_id, now())
    const asked = error instanceof ApifyTransientError ? error.retry_after_s : null
    const next_sync_at = new Date(now().getTime() + syncRetryDelayS(retry_count, asked) * 1000)
    await scheduleRetry(db, run_id, { message: error.message, details }, next_sync_at, now())
  } catch (second) {
    log.warn('The interruption could not be noted', { run_id, error: (second as Error).message })
  }
}

async function syncToEnd(options: SyncOptions, run_id: string): Promise<SyncOutcome> {
  const { db, apify, now, log } = options
  const opened = await getOrCreateSync(db, run_id, now())
  const asked_at = now()
  const run = await apify.getRun(run_id)
  let sync = await updateRunDetails(db, opened, await readRunDetails(apify, run, opened), now())

  const end = await readDatasets(options, run, sync)
  sync = end.sync
  if (end.isDeadlineReached) return { outcome: 'continue', delay_s: 0, reason: 'deadline' }
  if (!terminal.has(run.run_status)) return { outcome: 'continue', delay_s: options.follow_s, reason: 'running' }
  const settled_at = new Date(run.finished_at ?? now()).getTime() - end.skew_ms + options.settle_s * 1000
  const wait_s = Math.ceil((settled_at - end.requested_at.getTime()) / 1000)
  if (wait_s > 0) return { outcome: 'continue', delay_s: wait_s, reason: 'settling' }
  // What the run cost was not final yet when it was asked for, before a long reading: ask once more.
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

/** Nothing new since it was completed: a repeated message writes nothing. */
const isComplete = (sync: Sync): boolean => sync.sync_status === 'completed' && sync.error_message === null

/** Name and input don't change with a run, so they are asked for once. Data is worth having without them. */
async function readRunDetails(apify: ApifyApi, run: ApifyRun, sync: Sync) {
  const orNull = (error: unknown): null => {
    if (error instanceof ApifyPermanentError) return null
    throw error
  }
  const [actor_name, input_params] = await Promise.all([
    sync.actor_name ?? apify.getActorName(run.actor_id).catch(orNull),
    sync.input_params ?? apify.getInput(run).catch(orNull),
  ])
  return { run, actor_name, input_params: redactSecrets(input_params) }
}

interface ReadResult {
  sync: Sync
  isDeadlineReached: boolean
  /** When the page was asked for that came back empty. */
  requested_at: Date
  /** How far Apify's clock is ahead of ours. */
  skew_ms: number
}

/**
 * Reads each dataset to its present end. One that is gone keeps none of the others from being read.
 * @throws ApifyPermanentError after that, for the one that is gone
 */
async function readDatasets(options: SyncOptions, run: ApifyRun, start: Sync): Promise<ReadResult> {
  let end: ReadResult = { sync: start, isDeadlineReached: false, requested_at: options.now(), skew_ms: 0 }
  let gone: ApifyPermanentError | undefined
  for (const [index, dataset_id] of run.dataset_ids.entries()) {
    const { requested_at } = end
    try {
      end = await readDataset(options, end.sync, dataset_id)
    } catch (error) {
      if (!(error instanceof ApifyPermanentError) || error.reason !== 'gone') throw error
      gone ??= error
      continue
    }
    if (end.isDeadlineReached) return end
    // The earliest of several counts: all must have been found at their end after the run had settled.
    if (index > 0 && requested_at < end.requested_at) end = { ...end, requested_at: requested_at }
  }
  if (gone) throw gone
  return end
}

/**
 * Reads one dataset to its present end. While one page is written and the next waits its turn at the database, the one
 * after is fetched and mapped.
 */
async function readDataset(options: SyncOptions, start: Sync, dataset_id: string): Promise<ReadResult> {
  let sync = start
  const pages = createPagePipeline(pageWriter(options, start), start, dataset_id, (after, before) => {
    sync = after
    options.onPage?.(after, before)
  })
  const context = { actor_id: start.actor_id, actor_name: start.actor_name }
  const cancel = new AbortController()
  const prepare = async (offset: number, rows_max: number): Promise<PreparedPage> => {
    const asked_at = options.now()
    const page = await options.apify.readItems(
      { dataset_id, offset, rows_max, bytes_max: PAGE_BYTES_MAX },
      (value, raw) => pageItem(options.map(value, context), raw),
      cancel.signal,
    )
    return { asked_at, page }
  }

  let slowest_ms = 0
  let offset = sync.dataset_offsets?.[dataset_id] ?? 0
  let nextPage = prepare(offset, options.page_rows_max)
  try {
    for (;;) {
      const started = performance.now()
      const { asked_at, page } = await nextPage
      const { items } = page
      const skew_ms = page.served_at === null ? 0 : skew(page.served_at.getTime() - asked_at.getTime())
      if (items.length === 0) {
        await pages.flush()
        return { sync, isDeadlineReached: false, requested_at: asked_at, skew_ms }
      }
      offset += items.length
      nextPage = prepare(offset, nextPageRows(page, options.page_rows_max, PAGE_BYTES_MAX))
      // Awaited in the next round; until then a failure must not count as unhandled.
      nextPage.catch(() => {})
      await pages.write(items)
      slowest_ms = Math.max(slowest_ms, performance.now() - started)
      if (options.remaining_ms() < DEADLINE_RESERVE_MS + 3 * slowest_ms) {
        await pages.flush()
        return { sync, isDeadlineReached: true, requested_at: asked_at, skew_ms }
      }
    }
  } catch (error) {
    // What was sent before the failure is not given up: it counts, whatever happened after it.
    await pages.flush()
    throw error
  } finally {
    cancel.abort()
  }
}

/** What the Date header's whole seconds and the way of the answer explain is no difference of clocks. */
const SKEW_MIN_MS = 2000
const skew = (ms: number): number => (Math.abs(ms) < SKEW_MIN_MS ? 0 : ms)

interface PreparedPage {
  asked_at: Date
  page: DatasetPage<PageItem>
}

/** A page's raw text at most: three pages and what is made of them stay far below a function's memory. */
const PAGE_BYTES_MAX = 4 * 1024 * 1024

/** Kept for the last write, for queueing the run again and for the answer. */
const DEADLINE_RESERVE_MS = 5_000

function pageItem(mapped: MappedItem, raw: string): PageItem {
  if (mapped.outcome === 'rejected') return { raw, reason: mapped.reason }
  const lead: ImportItem = { lead: mapped.lead, company: mapped.company, source: mapped.source, raw_data: raw }
  prepareItem(lead)
  return { raw, lead }
}

function pageWriter({ db, on_duplicate, log, now }: SyncOptions, sync: Sync): PageWriteContext {
  const origin = buildSyncProvenance(sync)
  return { db, on_duplicate, log, origin: () => ({ ...origin, at: now() }), companies: createCompanyCache() }
}
