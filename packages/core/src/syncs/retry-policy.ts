/**
 * All numbers of the retries of a sync. Four layers, each starts where the one before it ends:
 * 1. A call of Apify is retried in place (`callRetryDelayS`), up to CALL_ATTEMPTS_MAX times within the deadline.
 * 2. SQS delivers a failed message again (`messageRetryDelayS`), up to MESSAGE_ATTEMPTS_MAX times; then it is a dead
 *    letter. An attempt that wrote a page does not count: the run is queued again with a new message.
 * 3. `next_sync_at` (`syncRetryDelayS`) lets reconcile queue a sync whose message was lost.
 * 4. Reconcile queues a sync without progress for STUCK_AFTER_MS.
 * Attempts inside one call stay next to its client: apify/create-client.ts (3) and queue/sqs-client.ts (3).
 */

interface Backoff {
  first_s: number
  factor: number
  max_s: number
}

/** 0.25 s to 20 s, 72 s in all: with one answer in five faulty, one call in ten million fails on every attempt. */
const callBackoff: Backoff = { first_s: 0.25, factor: 2, max_s: 20 }
export const CALL_ATTEMPTS_MAX = 10

/** A longer Retry-After is left to the queue: waiting in place would only cost money. */
export const CALL_WAIT_MAX_S = 30

/**
 * A page read is aborted when no byte arrives for this long. A healthy answer begins within 2 s; one that is slower gets
 * more time with each attempt.
 */
const STALL_TIMEOUTS_MS = [3_000, 10_000, 20_000, 30_000]

/** Kept for the last write, for queueing the run again and for the answer. */
export const DEADLINE_RESERVE_MS = 5_000

/** 15 s, 2 min, 16 min, 2 h: an outage of two hours dead-letters no run. SQS hides a message for at most 12 h in all. */
const messageBackoff: Backoff = { first_s: 15, factor: 8, max_s: 11 * 60 * 60 }

/** Doubles from 1 minute to 6 hours. */
const syncBackoff: Backoff = { first_s: 60, factor: 2, max_s: 6 * 60 * 60 }

/** Receives of a message before it is moved to the dead-letter queue. */
export const MESSAGE_ATTEMPTS_MAX = 5

/** Attempts without progress of a sync on the command line; the delays between them are those of a message. */
export const COMMAND_ATTEMPTS_MAX = 3

/**
 * In the queue where runs arrive a consumer hands a run over after 5 s, or at once if more items are left than 5 s are
 * enough for at Apify's rate of a page a second. A hundred long runs that arrive together then delay a short one by
 * seconds, not by the slices of all of them.
 */
export const SHORT_SLICE_MS = 5_000
export const SHORT_RUN_ITEMS_MAX = 5_000

/** Delay of a message whose run another consumer is syncing. */
export const BUSY_DELAY_S = 30

/** A sync in progress writes its row at least this often, also while its run waits for memory at Apify. */
export const PROGRESS_HEARTBEAT_MS = 5 * 60_000

/** A poll of the followed runs that is this late is lost, and reconcile queues a run that was not polled for so long. */
export const POLL_LOST_AFTER_MS = 5 * 60_000

/** A sync without progress for this long has lost its consumer. Longer than the heartbeat. */
export const STUCK_AFTER_MS = 15 * 60_000

/** Delay after `failures` failures before this one, or longer if the server requested it. */
export function exponentialDelay({ first_s, factor, max_s }: Backoff, failures: number, requested_s = 0): number {
  return Math.min(max_s, Math.max(requested_s, first_s * factor ** Math.min(failures, 20)))
}

/** Seconds before the next attempt of a call, spread by half so that consumers do not retry in step. */
export function callRetryDelayS(failures: number, requested_s: number | null, random = Math.random()): number {
  return Math.max(requested_s ?? 0, exponentialDelay(callBackoff, failures) * (0.5 + random / 2))
}

export const stallTimeoutMs = (attempt: number): number =>
  STALL_TIMEOUTS_MS[Math.min(attempt, STALL_TIMEOUTS_MS.length) - 1] ?? 0

/** Seconds until SQS delivers a message again that was received `received` times. */
export const messageRetryDelayS = (received: number, requested_s: number | null = null): number =>
  exponentialDelay(messageBackoff, received - 1, requested_s ?? 0)

/** Seconds until reconcile retries a sync with `retry_count` earlier failures. A longer request of the server wins. */
export const syncRetryDelayS = (retry_count: number, requested_s: number | null = null): number =>
  Math.max(requested_s ?? 0, exponentialDelay(syncBackoff, retry_count))
