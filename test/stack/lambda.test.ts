import { FunctionError, invokeHandler, type LambdaHandler, markSelfTimed } from '@leads/cli/stack/lambda'
import type { Context } from 'aws-lambda'
import { describe, expect, test, vi } from 'vitest'

const invoke = (handler: LambdaHandler<unknown>, timeout_ms = 1_000) =>
  invokeHandler({ handler, event: { n: 1 }, function_name: 'f', timeout_ms })

test('the remaining time counts down to the timeout and stops at zero', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    const contexts: Context[] = []
    await invoke((_event, context) => contexts.push(context), 1_000)
    expect(contexts[0]?.getRemainingTimeInMillis()).toBe(1_000)
    vi.advanceTimersByTime(400)
    expect(contexts[0]?.getRemainingTimeInMillis()).toBe(600)
    vi.advanceTimersByTime(5_000)
    expect(contexts[0]?.getRemainingTimeInMillis()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('every invocation has its own request id, which its result contains', async () => {
  const ids: string[] = []
  const handler: LambdaHandler<unknown> = (_event, context) => void ids.push(context.awsRequestId)
  const results = [await invoke(handler), await invoke(handler)]
  expect(results.map((result) => result.request_id)).toEqual(ids)
  expect(new Set(ids).size).toBe(2)
})

describe('results', () => {
  test.each([
    ['nothing', undefined, null],
    ['undefined inside', { a: undefined, b: 1 }, { b: 1 }],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('a result is serialized to JSON: %s', async (_name, answer, payload) => {
    expect(await invoke(() => answer)).toMatchObject({ ok: true, payload })
  })

  test('a result that is not JSON fails', async () => {
    expect(await invoke(() => 1n)).toMatchObject({ ok: false, error: { errorType: 'TypeError' } })
  })
})

describe('errors', () => {
  test.each([
    ['an Error', new RangeError('no'), { errorType: 'RangeError', errorMessage: 'no' }],
    ['a string', 'oops', { errorType: 'string', errorMessage: 'oops' }],
    [
      'an error of another process',
      new FunctionError({ errorType: 'X', errorMessage: 'y' }),
      { errorType: 'X', errorMessage: 'y' },
    ],
  ])('an error is reported with type, message and stack: %s', async (_name, thrown, error) => {
    const fail = () => Promise.reject(thrown)
    expect(await invoke(fail)).toMatchObject({ ok: false, error })
  })

  test('an error thrown synchronously is reported', async () => {
    const result = await invoke(() => {
      throw new Error('at once')
    })
    expect(result).toMatchObject({ ok: false, error: { errorMessage: 'at once' } })
  })
})

test('a handler with its own timeout is not ended by the caller', async () => {
  const handler = markSelfTimed(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    return 'late'
  })
  expect(await invoke(handler, 10)).toMatchObject({ ok: true, payload: 'late' })
})
