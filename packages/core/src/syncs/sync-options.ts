import type { ApifyApi } from '../apify/apify-api.ts'
import type { Db } from '../database/engine.ts'
import type { OnDuplicate } from '../ingest/apply-items.ts'
import type { Log } from '../log.ts'
import type { MapContext, MappedItem } from '../model/mapped-item.ts'
import type { Sync } from '../model/sync.ts'
import type { PageThreadOptions } from './page-thread.ts'
import type { SplitOptions } from './ranges.ts'

/** A call of Apify that failed and is retried after a delay. */
export interface RetryNotice {
  attempt: number
  delay_s: number
  error_message: string
}

/** When a consumer hands its run over, so that other runs get their turn. It writes at least one page before. */
export interface Turn {
  slice_ms: number
  /** A run with more items left is handed over at once. */
  left_items_max: number
}

export interface SyncOptions {
  db: Db
  apify: ApifyApi
  map: (item: unknown, context?: MapContext) => MappedItem
  /** What a thread needs to read and map as `apify` and `map` do; see PageReader. Left out, this thread does it. */
  page_thread?: PageThreadOptions
  log: Log
  on_duplicate: OnDuplicate
  /** Sources whose values count more than those of others, the first one most. */
  source_precedence?: readonly string[]
  /** Actor ids or user~name whose runs are imported; empty = all Actors of the account. */
  actor_ids?: readonly string[]
  page_rows_max: number
  settle_s: number
  follow_s: number
  now: () => Date
  /** Milliseconds that the invocation still has; the sync hands over before they run out. */
  remaining_ms: () => number
  /** Left out, the sync works until its deadline. */
  turn?: Turn
  /** Seconds without a page after which another consumer may take the run; 0 or left out = no lease. */
  lease_s?: number
  /** Left out, a run is read by one consumer at a time. */
  split?: SplitOptions | undefined
  /** Called after each page with the sync, or the range, after and before it. */
  onPage?: (after: Sync, before: Sync) => void
  /** Called before each retry of a call. */
  onRetry?: (notice: RetryNotice) => void
  /** Waits between attempts; by default in real time. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
  /** Stops a sync that waits. */
  signal?: AbortSignal
}
