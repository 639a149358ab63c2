/** Pauses between attempts that reconcile makes after the queue has given up: doubling from a minute to six hours. */
const FIRST_S = 60
const LAST_S = 6 * 60 * 60

/** Seconds to wait before the next attempt, after `retry_count` earlier ones; longer if the server asked for it. */
export function retryDelaySeconds(retry_count: number, asked_s: number | null = null): number {
  return Math.max(asked_s ?? 0, Math.min(LAST_S, FIRST_S * 2 ** Math.min(retry_count, 20)))
}
