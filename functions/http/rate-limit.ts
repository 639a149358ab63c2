import { Problem } from '@leads/core/problem'

const WINDOW_S = 60
const KEYS_MAX = 10_000

/** Remaining requests of a key in the current window. */
export interface RateLimit {
  limit: number
  remaining: number
  reset_s: number
}

/** As headers (draft-ietf-httpapi-ratelimit-headers). */
export const toRateLimitHeaders = ({ limit, remaining, reset_s }: RateLimit): Record<string, string> => ({
  'ratelimit-policy': `"key";q=${limit};w=${WINDOW_S}`,
  ratelimit: `"key";r=${remaining};t=${reset_s}`,
})

/**
 * Limits the requests of each key per minute. Counts in this process: on AWS each instance of a function has its own
 * count, because a shared one would make every read a write. Keys that do not exist have no count: they cannot push out
 * those of others.
 */
export function createRateLimiter(now: () => number = Date.now): (key_hash: string, limit: number) => RateLimit {
  const windows = new Map<string, { started_ms: number; count: number }>()
  return (key_hash, limit) => {
    const at = now()
    const known = windows.get(key_hash)
    const isCurrent = known !== undefined && at - known.started_ms < WINDOW_S * 1000
    if (!isCurrent && windows.size >= KEYS_MAX) windows.clear()
    const window = isCurrent ? known : { started_ms: at, count: 0 }
    if (!isCurrent) windows.set(key_hash, window)
    window.count += 1
    const reset_s = Math.max(1, Math.ceil((window.started_ms + WINDOW_S * 1000 - at) / 1000))
    const rate_limit = { limit, remaining: Math.max(0, limit - window.count), reset_s }
    if (window.count <= limit) return rate_limit
    throw new Problem('rate_limited', `At most ${limit} requests per minute with one key. Retry in ${reset_s} s.`, {
      headers: { 'retry-after': String(reset_s), ...toRateLimitHeaders(rate_limit) },
    })
  }
}
