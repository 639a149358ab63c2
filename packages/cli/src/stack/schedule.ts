import { randomUUID } from 'node:crypto'
import type { EventBridgeEvent } from 'aws-lambda'
import { type InvocationResult, invokeHandler, type LambdaHandler } from './lambda.ts'
import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from './local-aws.ts'
import { parseScheduleExpression } from './schedule-expression.ts'

/** The event that EventBridge Scheduler sends without a configured input; its `detail` is a string. */
export type ScheduledEvent = EventBridgeEvent<'Scheduled Event', string>

/** Time and timers, replaceable so that tests need not wait. `after` returns a function that cancels the timer. */
export interface Clock {
  now(): number
  after(ms: number, run: () => void): () => void
}

export interface Schedule {
  /** Time of the next invocation. */
  nextAt(): Date
  /** Runs the function now. Resolves with its result, or with undefined if it was already running. */
  fire(): Promise<InvocationResult | undefined>
  /** Stops firing and waits at most `grace_ms` (30,000) for a running function. */
  close(grace_ms?: number): Promise<void>
}

/** The clock of this machine. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms).unref()
    return () => clearTimeout(timer)
  },
}

// Timers accept at most 2^31 ms. Short ones also avoid that the sleep of a laptop delays a daily job by as much.
const TIMER_MS_MAX = 60_000

/**
 * Invokes a function at the times of an EventBridge expression, in UTC: `rate(15 minutes)`, first one period from now, or
 * `cron(0 3 * * ? *)`. A time at which the function is still running is skipped, so that it never overlaps itself. A failed
 * run is reported to `onRun` and not retried before the next time.
 */
export function startSchedule(options: {
  name: string
  expression: string
  handler: LambdaHandler<ScheduledEvent>
  function_name: string
  function_timeout_ms: number
  clock?: Clock
  onRun?: (result: InvocationResult) => void
}): Schedule {
  const { name, handler, function_name, function_timeout_ms, clock = systemClock, onRun } = options
  const expression = parseScheduleExpression(options.expression)
  let nextAt = expression.next(new Date(clock.now()))
  let cancel = (): void => undefined
  let running: Promise<InvocationResult> | undefined
  let closed = false

  const run = async (time: Date): Promise<InvocationResult> => {
    const event = createScheduledEvent(name, time)
    const result = await invokeHandler({ handler, event, function_name, timeout_ms: function_timeout_ms })
    running = undefined
    onRun?.(result)
    return result
  }
  const start = (time: Date): Promise<InvocationResult> | undefined => {
    if (running || closed) return undefined
    running = run(time)
    return running
  }
  const arm = (): void => {
    cancel = clock.after(Math.min(Math.max(0, nextAt.getTime() - clock.now()), TIMER_MS_MAX), () => {
      if (closed) return
      const due_at = nextAt
      if (clock.now() >= due_at.getTime()) {
        // Computed from the due time, so that a rate does not drift; from now if that time has passed.
        nextAt = expression.next(due_at)
        if (nextAt.getTime() <= clock.now()) nextAt = expression.next(new Date(clock.now()))
        void start(due_at)
      }
      arm()
    })
  }
  arm()
  return {
    nextAt: () => nextAt,
    fire: async () => start(new Date(clock.now())),
    close: async (grace_ms = 30_000) => {
      closed = true
      cancel()
      let timer: NodeJS.Timeout | undefined
      const graceExpired = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, grace_ms)
      })
      await Promise.race([running, graceExpired])
      clearTimeout(timer)
    },
  }
}

function createScheduledEvent(name: string, time: Date): ScheduledEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: LOCAL_ACCOUNT_ID,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region: LOCAL_REGION,
    resources: [`arn:aws:scheduler:${LOCAL_REGION}:${LOCAL_ACCOUNT_ID}:schedule/default/${name}`],
    detail: '{}',
  }
}
