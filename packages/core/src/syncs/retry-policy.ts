/** Pauses between attempts that reconcile makes after the queue has given up: doubling from a minute to six hours. */
const SYNC_RETRY_FIRST_S = 60
const SYNC_RETRY_MAX_S = 6 * 60 * 60

/** Seconds to wait before the next attempt, after `retry_count` earlier ones; longer if the server asked for it. */
export function syncRetryDelayS(retry_count: number, asked_s: number | null = null): number {
  return Math.max(asked_s ?? 0, Math.min(SYNC_RETRY_MAX_S, SYNC_RETRY_FIRST_S * 2 ** Math.min(retry_count, 20)))
}
