/**
 * All numbers of the retries of a sync. Three layers, each starts where the one before it ends:
 * 1. SQS delivers a failed message again (`messageRetryDelayS`), up to MESSAGE_ATTEMPTS_MAX times; then it is a dead letter.
 * 2. `next_sync_at` (`syncRetryDelayS`) lets reconcile queue a sync whose message was lost.
 * 3. Reconcile queues a sync without progress for STUCK_AFTER_MS.
 * Attempts inside one call stay next to its client: apify/create-client.ts (3) and queue/sqs-client.ts (3).
 */

interface Backoff {
  first_s: number
  factor: number
  max_s: number
}

/** 15 s, 2 min, 16 min, 2 h: an outage of two hours dead-letters no run. SQS hides a message for at most 12 h in all. */
const messageBackoff: Backoff = { first_s: 15, factor: 8, max_s: 11 * 60 * 60 }

/** Doubles from 1 minute to 6 hours. */
const syncBackoff: Backoff = { first_s: 60, factor: 2, max_s: 6 * 60 * 60 }

/** Receives of a message before it is moved to the dead-letter queue. */
export const MESSAGE_ATTEMPTS_MAX = 5

/** Delay of a message whose run another consumer is syncing. */
export const BUSY_DELAY_S = 30

/** A sync in progress writes its row at least this often, also while its run waits for memory at Apify. */
export const PROGRESS_HEARTBEAT_MS = 5 * 60_000

/** A sync without progress for this long has lost its consumer. Longer than the heartbeat. */
export const STUCK_AFTER_MS = 15 * 60_000

/** Delay after `failures` failures before this one, or longer if the server requested it. */
export function exponentialDelay({ first_s, factor, max_s }: Backoff, failures: number, requested_s = 0): number {
  return Math.min(max_s, Math.max(requested_s, first_s * factor ** Math.min(failures, 20)))
}

/** Seconds until SQS delivers a message again that was received `received` times. */
export const messageRetryDelayS = (received: number, requested_s: number | null = null): number =>
  exponentialDelay(messageBackoff, received - 1, requested_s ?? 0)

/** Seconds until reconcile retries a sync with `retry_count` earlier failures. A longer request of the server wins. */
export const syncRetryDelayS = (retry_count: number, requested_s: number | null = null): number =>
  Math.max(requested_s ?? 0, exponentialDelay(syncBackoff, retry_count))
