import type { ApifyRun } from '../apify/apify-api.ts'
import { ApifyPermanentError } from '../apify/apify-errors.ts'
import { createCompanyCache } from '../ingest/company-cache.ts'
import type { RangeBounds, SyncProgress } from '../model/sync-range.ts'
import type { Lease } from './lease.ts'
import { createPagePipeline, readIdentityHashAhead } from './page-pipeline.ts'
import { createPageReader, PAGE_BYTES_MAX, type PageReader, type PreparedPage } from './page-reader.ts'
import { nextPageRows } from './page-size.ts'
import { DEADLINE_RESERVE_MS } from './retry-policy.ts'
import type { SyncOptions } from './sync-options.ts'
import { buildSyncProvenance } from './sync-provenance.ts'
import { countDatasetItems, recordItemCount } from './sync-state.ts'
import type { PageWriteContext } from './write-page.ts'

export interface ReadResult {
  sync: SyncProgress
  /** The run is handed over to the next consumer. */
  isDeadlineReached: boolean
  /** The dataset has so many unread items that several consumers should read it. */
  split?: { dataset_id: string; item_count: number } | undefined
  /** When the empty page was requested. */
  requested_at: Date
  /** How far Apify's clock is ahead of ours. */
  skew_ms: number
}

/**
 * Reads each dataset of a run to its current end. One that is gone does not stop the others.
 * @throws ApifyPermanentError at the end, for a dataset that is gone
 */
export async function readDatasets(
  options: SyncOptions,
  run: ApifyRun,
  start: Start,
  lease: Lease | null,
): Promise<ReadResult> {
  const context = { lease, isTurnOver: startTurn(options) }
  let end: ReadResult | undefined
  let gone: ApifyPermanentError | undefined
  for (const dataset_id of run.dataset_ids) {
    const earlier = end
    try {
      end = await readDataset(options, earlier ? toStart(earlier.sync) : start, dataset_id, context)
    } catch (error) {
      if (!(error instanceof ApifyPermanentError) || error.reason !== 'gone') throw error
      gone ??= error
      continue
    }
    if (end.isDeadlineReached || end.split) return end
    // The earliest of several counts: the end of each dataset must be read after the run has settled.
    if (earlier && earlier.requested_at < end.requested_at) end = { ...end, requested_at: earlier.requested_at }
  }
  if (gone) throw gone
  return end ?? { sync: await start.described, isDeadlineReached: false, requested_at: options.now(), skew_ms: 0 }
}

/** Where reading begins. */
interface Start {
  /** The checkpoint. */
  opened: SyncProgress
  /** The same with the details of the run, once they are read and stored: before items are mapped and written. */
  described: Promise<SyncProgress>
}

const toStart = (sync: SyncProgress): Start => ({ opened: sync, described: Promise.resolve(sync) })

interface ReadContext {
  lease: Lease | null
  isTurnOver: (left: number) => boolean
  /** Where reading ends; left out: at the end of the dataset. */
  offset_end?: number
}

/** Returns whether a run with so many items left is handed over. One that is nearly done keeps its consumer. */
function startTurn({ turn }: SyncOptions): ReadContext['isTurnOver'] {
  if (!turn) return () => false
  const started = performance.now()
  return (left) => left > turn.left_items_max || (left > 0 && performance.now() - started >= turn.slice_ms)
}

/** Reads a range to its end, or to the end of its dataset if Apify has counted more items than there are. */
export async function readRange(
  options: SyncOptions,
  start: SyncProgress,
  range: RangeBounds,
  lease: Lease | null,
): Promise<ReadResult> {
  const context = { lease, isTurnOver: startTurn(options), offset_end: range.range_end }
  return readDataset(options, toStart(start), range.dataset_id, context)
}

/** Requests the first page while the details of the run are read, and writes none of it before they are stored. */
async function readDataset(
  options: SyncOptions,
  { opened, described }: Start,
  dataset_id: string,
  context: ReadContext,
): Promise<ReadResult> {
  const { lease, isTurnOver, offset_end = Number.POSITIVE_INFINITY } = context
  const actor = described.then(({ actor_id, actor_name }) => ({ actor_id, actor_name }))
  const reader = createPageReader(options, actor, dataset_id)
  try {
    const offset = opened.dataset_offsets?.[dataset_id] ?? 0
    const firstPage = reader.read(offset, Math.min(limitPageRows(options), offset_end - offset))
    // Awaited once the run's details are known. Until then a failure must not count as unhandled.
    firstPage.catch(() => {})
    const db = options.db.pipelined?.() ?? options.db
    const identityHash = readIdentityHashAhead(db)
    const start = await described
    const { page, requested_at } = await firstPage
    const sync = start.range ? start : countDatasetItems(start, dataset_id, page.total)
    const recording = sync.dataset_item_count === start.dataset_item_count ? undefined : recordItemCount(db, sync)
    const split = findSplit(options, sync, dataset_id, page)
    // The first page is otherwise sent behind it, over the same connection.
    if (split || !options.db.pipelined) await recording
    if (split) return { sync, isDeadlineReached: false, requested_at, skew_ms: 0, split }
    await reader.useThread(Math.min(page.total ?? 0, offset_end) - offset - page.items.length, isTurnOver)
    const writing = { ...createWriteContext({ ...options, db }, sync, lease), identityHash }
    return await readPages(options, reader, { sync, dataset_id, firstPage, recording, writing }, context)
  } finally {
    await reader.close()
  }
}

interface Opened {
  sync: SyncProgress
  dataset_id: string
  firstPage: Promise<PreparedPage>
  /** Must have succeeded at the end. */
  recording: Promise<void> | undefined
  writing: PageWriteContext
}

/** While one page is written and the next waits for the database, the one after it is fetched and mapped. */
async function readPages(
  options: SyncOptions,
  reader: PageReader,
  { sync: start, dataset_id, firstPage, recording, writing }: Opened,
  { isTurnOver, offset_end = Number.POSITIVE_INFINITY }: ReadContext,
): Promise<ReadResult> {
  let sync = start
  const pages = createPagePipeline(writing, sync, dataset_id, (after, before) => {
    sync = after
    options.onPage?.(after, before)
  })
  const page_rows_max = limitPageRows(options)
  let offset = sync.dataset_offsets?.[dataset_id] ?? 0
  let rows_max = Math.min(page_rows_max, offset_end - offset)
  let nextPage = firstPage
  let slowest_ms = 0
  try {
    for (;;) {
      const { requested_at, page, read_ms } = await nextPage
      const { items } = page
      const skew_ms = page.served_at === null ? 0 : toSkew(page.served_at.getTime() - requested_at.getTime())
      if (items.length === 0) {
        await Promise.all([pages.flush(), recording])
        return { sync, isDeadlineReached: false, requested_at, skew_ms }
      }
      offset += items.length
      const isFull = items.length === rows_max
      const isLast = offset >= offset_end
      rows_max = Math.min(nextPageRows(page, page_rows_max, PAGE_BYTES_MAX), offset_end - offset)
      if (!isLast) nextPage = reader.read(offset, rows_max)
      // Awaited in the next round. Until then a failure must not count as unhandled.
      nextPage.catch(() => {})
      const started = performance.now()
      await Promise.all([pages.write(items), recording])
      // Without the waits of retries: they say nothing about the next page.
      slowest_ms = Math.max(slowest_ms, read_ms, performance.now() - started)
      // Apify's count lags behind the dataset.
      const left = Math.max(Math.min(page.total ?? 0, offset_end) - offset, isFull ? 1 : 0)
      if (isLast || options.remaining_ms() < DEADLINE_RESERVE_MS + 3 * slowest_ms || isTurnOver(left)) {
        await pages.flush()
        return { sync, isDeadlineReached: !isLast, requested_at, skew_ms }
      }
    }
  } catch (error) {
    // Pages sent before the failure are kept.
    await pages.flush()
    throw error
  }
}

/**
 * Rows of a page where a second thread reads them: two threads hold pages then. `leads sync` of 60,000 places on SQLite has a
 * peak of 214 MB with 250 rows, 216 MB with 400 and 239 MB with 1,000, which takes 4% less processor time.
 */
const THREAD_PAGE_ROWS_MAX = 250

const limitPageRows = ({ db, page_thread, page_rows_max }: SyncOptions): number =>
  page_thread && db.engine.blocks_thread ? Math.min(page_rows_max, THREAD_PAGE_ROWS_MAX) : page_rows_max

/** Returns how a dataset is split, if several consumers should read what is left of it. An empty page is its end. */
function findSplit(
  { split }: SyncOptions,
  { range, dataset_offsets }: SyncProgress,
  dataset_id: string,
  { items, total }: PreparedPage['page'],
): ReadResult['split'] {
  if (items.length === 0) return undefined
  const item_count = total ?? 0
  const left = item_count - (dataset_offsets?.[dataset_id] ?? 0)
  return split && !range && left >= split.items_min ? { dataset_id, item_count } : undefined
}

/** A smaller difference is explained by the whole seconds of the Date header and the time of the request. */
const SKEW_MIN_MS = 2000
const toSkew = (ms: number): number => (Math.abs(ms) < SKEW_MIN_MS ? 0 : ms)

function createWriteContext(
  { db, on_duplicate, source_precedence = [], log, now }: SyncOptions,
  sync: SyncProgress,
  lease: Lease | null,
): PageWriteContext {
  const origin = { ...buildSyncProvenance(sync), source_precedence }
  return { db, on_duplicate, log, origin: () => ({ ...origin, at: now() }), companies: createCompanyCache(), lease }
}
