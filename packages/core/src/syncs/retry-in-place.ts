import { setTimeout as waitInRealTime } from 'node:timers/promises'
import { ApifyTransientError } from '../apify/apify-errors.ts'
import {
  CALL_ATTEMPTS_MAX,
  CALL_WAIT_MAX_S,
  callRetryDelayS,
  DEADLINE_RESERVE_MS,
  stallTimeoutMs,
} from './retry-policy.ts'
import type { SyncOptions } from './sync-options.ts'

type RetryOptions = Pick<SyncOptions, 'remaining_ms' | 'log' | 'onRetry' | 'wait' | 'signal'>

/**
 * Retries a call of Apify that failed temporarily, within the deadline. One bad answer then costs a second, not an
 * attempt of the whole sync.
 * @throws the last error when attempts or time run out, or if Apify requests a wait that is left to the queue
 */
export async function retryInPlace<Result>(
  { remaining_ms, log, onRetry, wait, signal: stop }: RetryOptions,
  call: (attempt: number) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(attempt)
    } catch (error) {
      if (!(error instanceof ApifyTransientError) || attempt >= CALL_ATTEMPTS_MAX) throw error
      const { message: error_message, retry_after_s } = error
      const delay_s = callRetryDelayS(attempt - 1, retry_after_s)
      const needed_ms = DEADLINE_RESERVE_MS + delay_s * 1000 + stallTimeoutMs(attempt + 1)
      if ((retry_after_s ?? 0) > CALL_WAIT_MAX_S || remaining_ms() < needed_ms) throw error
      log.debug('A call of Apify is retried', { attempt, delay_s, error: error_message })
      onRetry?.({ attempt, delay_s, error_message })
      const stops = [signal, stop].filter((one) => one !== undefined)
      await (wait ?? waitFor)(delay_s * 1000, AbortSignal.any(stops))
    }
  }
}

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await waitInRealTime(ms, undefined, { signal })
}
