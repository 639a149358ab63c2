import type { InvocationResult } from '@leads/cli/stack/lambda'
import { type Clock, type Schedule, type ScheduledEvent, startSchedule } from '@leads/cli/stack/schedule'
import { parseScheduleExpression } from '@leads/cli/stack/schedule-expression'
import { afterEach, describe, expect, test, vi } from 'vitest'

/** A clock that only moves when told to; due timers run in order. */
function manualClock(start: string): Clock & { advance(ms: number): void } {
  let now_ms = Date.parse(start)
  const timers = new Set<{ at_ms: number; run: () => void }>()
  return {
    now: () => now_ms,
    after: (ms, run) => {
      const timer = { at_ms: now_ms + ms, run }
      timers.add(timer)
      return () => void timers.delete(timer)
    },
    advance: (ms) => {
      const end_ms = now_ms + ms
      for (;;) {
        const [due] = [...timers].filter((timer) => timer.at_ms <= end_ms).sort((a, b) => a.at_ms - b.at_ms)
        if (!due) break
        now_ms = Math.max(now_ms, due.at_ms)
        timers.delete(due)
        due.run()
      }
      now_ms = end_ms
    },
  }
}

const MINUTE_MS = 60_000
const started: Schedule[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((schedule) => schedule.close(0)))
})

function schedule(expression: string, handler: (event: ScheduledEvent) => unknown, start = '2026-03-01T10:07:30Z') {
  const clock = manualClock(start)
  const runs: InvocationResult[] = []
  const started_schedule = startSchedule({
    name: 'reconcile',
    expression,
    handler,
    function_name: 'reconcile',
    function_timeout_ms: 60_000,
    clock,
    onRun: (result) => runs.push(result),
  })
  started.push(started_schedule)
  return { schedule: started_schedule, clock, runs }
}

const settled = (condition: () => boolean) => vi.waitUntil(condition, { interval: 1, timeout: 30_000 })

test('rate(15 minutes) fires every fifteen minutes, first after fifteen minutes', async () => {
  const times: string[] = []
  const { clock, runs } = schedule('rate(15 minutes)', (event) => times.push(event.time))
  clock.advance(15 * MINUTE_MS - 1)
  expect(times).toEqual([])
  for (let count = 1; count <= 3; count += 1) {
    clock.advance(count === 1 ? 1 : 15 * MINUTE_MS)
    await settled(() => runs.length === count)
  }
  expect(times).toEqual(['2026-03-01T10:22:30Z', '2026-03-01T10:37:30Z', '2026-03-01T10:52:30Z'])
})

test('a daily cron fires at its time of day', async () => {
  const times: string[] = []
  const { clock, runs, schedule: daily } = schedule('cron(30 3 * * ? *)', (event) => times.push(event.time))
  expect(daily.nextAt().toISOString()).toBe('2026-03-02T03:30:00.000Z')
  clock.advance(24 * 60 * MINUTE_MS)
  await settled(() => runs.length === 1)
  expect(times).toEqual(['2026-03-02T03:30:00Z'])
  expect(daily.nextAt().toISOString()).toBe('2026-03-03T03:30:00.000Z')
})

test('the function receives the event of EventBridge Scheduler', async () => {
  const events: ScheduledEvent[] = []
  const { schedule: every } = schedule('rate(1 hour)', (event) => events.push(event))
  const result = await every.fire()
  expect(result?.ok).toBe(true)
  expect(events).toEqual([
    {
      version: '0',
      id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: '000000000000',
      time: '2026-03-01T10:07:30Z',
      region: 'us-east-1',
      resources: ['arn:aws:scheduler:us-east-1:000000000000:schedule/default/reconcile'],
      detail: '{}',
    },
  ])
})

test('a time at which the function still runs is skipped', async () => {
  const release = Promise.withResolvers<void>()
  let starts = 0
  const {
    clock,
    runs,
    schedule: every,
  } = schedule('rate(1 minute)', () => {
    starts += 1
    return starts === 1 ? release.promise : undefined
  })
  clock.advance(3 * MINUTE_MS)
  expect(starts).toBe(1)
  expect(await every.fire()).toBeUndefined()
  release.resolve()
  await settled(() => runs.length === 1)
  clock.advance(MINUTE_MS)
  await settled(() => runs.length === 2)
  expect(starts).toBe(2)
})

test('after a long sleep a schedule fires once, not once per missed time', async () => {
  let now_ms = Date.parse('2026-03-01T10:00:00Z')
  let wake = (): void => undefined
  const clock: Clock = {
    now: () => now_ms,
    after: (_ms, run) => {
      wake = run
      return () => undefined
    },
  }
  const times: string[] = []
  const slept = startSchedule({
    name: 'reconcile',
    expression: 'rate(15 minutes)',
    handler: (event) => times.push(event.time),
    function_name: 'reconcile',
    function_timeout_ms: 1_000,
    clock,
  })
  started.push(slept)
  now_ms += 10 * 60 * MINUTE_MS
  wake()
  await settled(() => times.length === 1)
  expect(slept.nextAt().toISOString()).toBe('2026-03-01T20:15:00.000Z')
})

test('a failed run is reported, and the schedule continues', async () => {
  let starts = 0
  const { clock, runs } = schedule('rate(1 minute)', () => {
    starts += 1
    if (starts === 1) throw new Error('database away')
  })
  clock.advance(MINUTE_MS)
  await settled(() => runs.length === 1)
  clock.advance(MINUTE_MS)
  await settled(() => runs.length === 2)
  expect(runs.map((run) => run.ok)).toEqual([false, true])
})

test('close waits for the running function and stops firing', async () => {
  const release = Promise.withResolvers<void>()
  let starts = 0
  const {
    clock,
    runs,
    schedule: every,
  } = schedule('rate(1 minute)', async () => {
    starts += 1
    await release.promise
  })
  clock.advance(MINUTE_MS)
  const closing = every.close()
  release.resolve()
  await closing
  expect(runs).toHaveLength(1)
  clock.advance(10 * MINUTE_MS)
  expect(await every.fire()).toBeUndefined()
  expect(starts).toBe(1)
})

describe('expressions', () => {
  test.each([
    ['cron(0 12 * * ? *)', '2026-03-01T12:00:00Z', '2026-03-02T12:00:00.000Z'],
    ['cron(0/20 * * * ? *)', '2026-03-01T12:01:00Z', '2026-03-01T12:20:00.000Z'],
    ['cron(15,45 8-9 * * ? *)', '2026-03-01T08:45:00Z', '2026-03-01T09:15:00.000Z'],
    ['cron(0 8 1 * ? *)', '2026-03-01T08:00:00Z', '2026-04-01T08:00:00.000Z'],
    ['cron(0 18 ? * MON-FRI *)', '2026-03-06T18:00:00Z', '2026-03-09T18:00:00.000Z'],
    ['cron(0 18 ? * 1 *)', '2026-03-02T00:00:00Z', '2026-03-08T18:00:00.000Z'],
    ['cron(0 0 29 FEB ? *)', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['cron(0 0 1 1 ? 2030)', '2026-03-01T00:00:00Z', '2030-01-01T00:00:00.000Z'],
    ['rate(1 day)', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00.000Z'],
  ])('%s after %s is %s', (expression, after, next) => {
    expect(parseScheduleExpression(expression).next(new Date(after)).toISOString()).toBe(next)
  })

  test.each([
    'every day',
    'rate(0 minutes)',
    'rate(1 minutes)',
    'rate(5 minute)',
    'cron(0 12 * * *)',
    'cron(0 12 * * * *)',
    'cron(0 12 ? * ? *)',
    'cron(60 12 * * ? *)',
    'cron(0 12 L * ? *)',
    'cron(0 12-8 * * ? *)',
    'cron(0 /2 * * ? *)',
    'cron(1-2-3 12 * * ? *)',
  ])('%s is rejected', (expression) => {
    expect(() => parseScheduleExpression(expression)).toThrow()
  })

  test('a schedule in the past throws an error', () => {
    expect(() => parseScheduleExpression('cron(0 0 1 1 ? 2020)').next(new Date())).toThrow('does not fire again')
  })
})
