import { readFileSync } from 'node:fs'
import {
  BUSY_DELAY_S,
  callRetryDelayS,
  exponentialDelay,
  MESSAGE_ATTEMPTS_MAX,
  messageRetryDelayS,
  PROGRESS_HEARTBEAT_MS,
  STUCK_AFTER_MS,
  syncRetryDelayS,
} from '@leads/core/syncs/retry-policy'
import { describe, expect, test } from 'vitest'

describe('the retry policy', () => {
  test('a failed message is redelivered after 15 s, 2 min, 16 min and 2 h, at most 11 h', () => {
    expect([1, 2, 3, 4, 5, 50].map((received) => messageRetryDelayS(received))).toEqual([
      15, 120, 960, 7680, 39_600, 39_600,
    ])
  })

  test('a sync waits 1, 2, 4, … minutes for reconcile, at most 6 hours', () => {
    expect([0, 1, 2, 8, 9, 50].map((retry_count) => syncRetryDelayS(retry_count))).toEqual([
      60, 120, 240, 15_360, 21_600, 21_600,
    ])
  })

  test('a call waits 0.25, 0.5, 1, … s, at most 20 s, spread by half', () => {
    expect([0, 1, 2, 6, 7, 50].map((failures) => callRetryDelayS(failures, null, 1))).toEqual([
      0.25, 0.5, 1, 16, 20, 20,
    ])
    expect([0, 1, 2].map((failures) => callRetryDelayS(failures, null, 0))).toEqual([0.125, 0.25, 0.5])
    expect(callRetryDelayS(0, 7)).toBe(7)
  })

  test('a longer wait that the server requests wins', () => {
    expect(messageRetryDelayS(1, 300)).toBe(300)
    expect(messageRetryDelayS(4, 300)).toBe(7680)
    expect(syncRetryDelayS(0, 100_000)).toBe(100_000)
    // SQS hides no message longer than 12 hours.
    expect(messageRetryDelayS(1, 100_000)).toBe(39_600)
  })

  test('a delay stays finite after any number of failures', () => {
    expect(exponentialDelay({ first_s: 1, factor: 8, max_s: 60 }, 10_000)).toBe(60)
  })

  test('a sync in progress writes its row before reconcile takes it for stuck', () => {
    expect(PROGRESS_HEARTBEAT_MS).toBeLessThan(STUCK_AFTER_MS)
    expect(BUSY_DELAY_S * 1000).toBeLessThan(STUCK_AFTER_MS)
  })

  test('the documentation states the attempts of a message and the time that they take', () => {
    const text = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')
    expect(MESSAGE_ATTEMPTS_MAX).toBe(5)
    expect(text).toContain(`a message: ${MESSAGE_ATTEMPTS_MAX} attempts`)
    const pauses_s = Array.from({ length: MESSAGE_ATTEMPTS_MAX - 1 }, (_, index) => messageRetryDelayS(index + 1))
    const hours = pauses_s.reduce((sum, pause_s) => sum + pause_s, 0) / 3600
    expect(Math.round(hours * 2) / 2).toBe(2.5)
    expect(text).toMatch(/five attempts over two and a half hours/i)
  })
})
