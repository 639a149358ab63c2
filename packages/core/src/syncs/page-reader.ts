import type { DatasetPage, DatasetPageRequest } from '../apify/read-dataset-page.ts'
import type { MapContext } from '../model/mapped-item.ts'
import { createPageSource, type PageLimits } from './page-source.ts'
import type { PageThread } from './page-thread.ts'
import { PageThreadError } from './page-thread-error.ts'
import { retryInPlace } from './retry-in-place.ts'
import { stallTimeoutMs } from './retry-policy.ts'
import type { SyncOptions } from './sync-options.ts'
import type { PageItem } from './write-page.ts'

/** The raw text of a page at most: three pages and their leads stay far below a function's memory. */
export const PAGE_BYTES_MAX = 4 * 1024 * 1024

/** Fewer items are read before a thread has started. */
const THREAD_ITEMS_MIN = 3_000

/**
 * Items of the first page that are written while the others of it are mapped: with these the database has work until
 * then.
 */
const FIRST_PART_ITEMS = 250

/** From this attempt on a page is requested in halves: a line that drops long answers may deliver short ones. */
const SMALLER_PAGE_ATTEMPT = 3

export interface PreparedPage {
  requested_at: Date
  /** Time of the attempt that succeeded. */
  read_ms: number
  page: DatasetPage<PageItem>
}

/** Reads pages of a dataset and maps their items: one after the other, each from where the last one ended. */
export interface PageReader {
  read(offset: number, rows_max: number): Promise<PreparedPage>
  /**
   * Lets a thread of its own read the items that are left, as soon as it is ready and if there are enough of them. Where
   * the engine's statements keep this thread busy, a page is otherwise not read while another one is written.
   */
  useThread(items_left: number, isTurnOver: (items_left: number) => boolean): Promise<void>
  /** Abandons what is being read. */
  close(): Promise<void>
}

/** @param context of the run; a page may be requested before it is known */
export function createPageReader(options: SyncOptions, context: Promise<MapContext>, dataset_id: string): PageReader {
  const own = createPageSource(options.apify.readItems, options.map, context)
  const cancel = new AbortController()
  const { signal } = cancel
  let thread: PageThread | undefined
  const readPage = async (request: DatasetPageRequest, limits: PageLimits): Promise<DatasetPage<PageItem>> => {
    if (!thread?.isReady) return own.read(request, limits)
    try {
      return await thread.read(request, limits)
    } catch (error) {
      if (!(error instanceof PageThreadError) || signal.aborted) throw error
      return own.read(request, limits)
    }
  }
  let isFirst = true
  /** Reads what was received with the last page. */
  let readRest: DatasetPage<PageItem>['readRest']
  const readOnce = async (offset: number, page_rows: number, attempt: number): Promise<PreparedPage> => {
    const requested_at = options.now()
    const started = performance.now()
    const rows_max = Math.max(1, page_rows >> Math.max(0, attempt - SMALLER_PAGE_ATTEMPT + 1))
    const request = { dataset_id, offset, rows_max, bytes_max: PAGE_BYTES_MAX }
    // A statement that keeps this thread busy leaves none to map the others.
    const parts = isFirst && !options.db.engine.blocks_thread ? { first_items: FIRST_PART_ITEMS } : {}
    // What cannot be read of it is requested again.
    const received = readRest
    readRest = undefined
    const page = received
      ? await received()
      : await readPage({ ...request, ...parts }, { signal, stall_timeout_ms: stallTimeoutMs(attempt) })
    isFirst = false
    readRest = page.readRest
    const { broken_off } = page
    if (broken_off !== null)
      options.log.debug('A page of items broke off; the rest is read next', {
        dataset_id,
        offset,
        items: page.items.length,
        error: broken_off,
      })
    return { requested_at, page, read_ms: performance.now() - started }
  }
  return {
    read: (offset, rows_max) => retryInPlace(options, (attempt) => readOnce(offset, rows_max, attempt), signal),
    async useThread(items_left, isTurnOver) {
      const { page_thread, db } = options
      if (!page_thread || !db.engine.blocks_thread) return
      if (items_left < (page_thread.items_min ?? THREAD_ITEMS_MIN) || isTurnOver(items_left)) return
      const { startPageThread } = await import('./page-thread.ts')
      thread = startPageThread(page_thread, await context, (error) =>
        // Nothing is lost but time.
        options.log.warn('The thread that reads pages failed; the sync continues without it', { dataset_id, error }),
      )
    },
    async close() {
      cancel.abort()
      await thread?.end()
    },
  }
}
