import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { FunctionError } from '@leads/cli/stack/lambda'
import { type RuntimeApi, startRuntimeApi } from '@leads/cli/stack/runtime-api'
import { afterEach, describe, expect, test, vi } from 'vitest'

// Sends raw requests like any runtime; child-function.test.ts tests with runtime-client.ts.

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f'
const started: RuntimeApi[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((api) => api.close()))
})

async function start() {
  const api = await startRuntimeApi(arn)
  started.push(api)
  const base = `http://${api.address}/2018-06-01/runtime`
  return {
    api,
    next: () => fetch(`${base}/invocation/next`),
    post: (path: string, body: string, headers: Record<string, string> = {}) =>
      fetch(`${base}/${path}`, { method: 'POST', body, headers }),
  }
}

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'succeeded',
    (error: unknown) => (error instanceof FunctionError ? error.detail : error),
  )

test('next waits for an event and returns it with the headers of an invocation', async () => {
  const { api, next, post } = await start()
  let answered = false
  const waiting = next().finally(() => {
    answered = true
  })
  await api.ready
  expect(answered).toBe(false)
  const deadline_ms = Date.now() + 3_000
  const result = api.invoke({ request_id: 'r-1', event: { name: 'Zoë' }, deadline_ms })
  const response = await waiting
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('Lambda-Runtime-Aws-Request-Id')).toBe('r-1')
  expect(response.headers.get('Lambda-Runtime-Deadline-Ms')).toBe(String(deadline_ms))
  expect(response.headers.get('Lambda-Runtime-Invoked-Function-Arn')).toBe(arn)
  expect(response.headers.get('Lambda-Runtime-Trace-Id')).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/)
  expect(await response.json()).toEqual({ name: 'Zoë' })
  const accepted = await post('invocation/r-1/response', '{"done":true}')
  expect([accepted.status, await accepted.json()]).toEqual([202, { status: 'OK' }])
  expect(await result).toEqual({ done: true })
})

test('an event that arrives before the request for it is returned by that request', async () => {
  const { api, next, post } = await start()
  const result = api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 })
  expect(await (await next()).json()).toBe(1)
  await post('invocation/r-1/response', '')
  expect(await result).toBeNull()
})

test('an error of the function ends its invocation, and the next one is accepted', async () => {
  const { api, next, post } = await start()
  const first = failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
  await next()
  const error = { errorMessage: 'no', errorType: 'RangeError', stackTrace: ['at a', 'at b'] }
  expect((await post('invocation/r-1/error', JSON.stringify(error))).status).toBe(202)
  expect(await first).toEqual(error)
  const second = api.invoke({ request_id: 'r-2', event: 2, deadline_ms: 0 })
  expect(await (await next()).json()).toBe(2)
  await post('invocation/r-2/response', '"fine"')
  expect(await second).toBe('fine')
})

test('an error without a readable body gets the type of its header', async () => {
  const { api, next, post } = await start()
  const result = failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
  await next()
  await post('invocation/r-1/error', 'not json', { 'Lambda-Runtime-Function-Error-Type': 'Extension.Bad' })
  expect(await result).toMatchObject({ errorType: 'Extension.Bad' })
})

test('a function that could not be loaded rejects ready', async () => {
  const { api, post } = await start()
  const error = { errorMessage: 'no module', errorType: 'Runtime.ImportModuleError' }
  expect((await post('init/error', JSON.stringify(error))).status).toBe(202)
  expect(await failure(api.ready)).toEqual(error)
})

describe('protocol errors', () => {
  test('a response to an invocation that is not running gets 400', async () => {
    const { api, next, post } = await start()
    const result = api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 })
    expect((await post('invocation/r-1/response', '1')).status).toBe(400)
    await next()
    const wrong = await post('invocation/r-9/response', '1')
    expect([wrong.status, await wrong.json()]).toEqual([
      400,
      { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' },
    ])
    await post('invocation/r-1/response', '2')
    expect(await result).toBe(2)
    expect((await post('invocation/r-1/response', '3')).status).toBe(400)
    expect((await post('invocation/r-1/error', '{}')).status).toBe(400)
  })

  test('a request for the next event before the last response gets 403', async () => {
    const { api, next } = await start()
    void failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
    await next()
    const refused = await next()
    expect([refused.status, await refused.json()]).toEqual([
      403,
      expect.objectContaining({ errorType: 'InvalidStateTransition' }),
    ])
  })

  test('a response above 6 MB gets 413, and the invocation fails', async () => {
    const { api, next, post } = await start()
    const result = failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
    await next()
    const refused = await post('invocation/r-1/response', `"${'a'.repeat(6_291_556)}"`)
    expect(refused.status).toBe(413)
    expect(await result).toMatchObject({ errorType: 'Function.ResponseSizeTooLarge' })
  })

  test('a response that is not JSON fails the invocation', async () => {
    const { api, next, post } = await start()
    const result = failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
    await next()
    await post('invocation/r-1/response', '{"open":')
    expect(await result).toMatchObject({ errorType: 'Runtime.InvalidResponse' })
  })

  test('an unknown resource gets 404', async () => {
    const { post } = await start()
    expect((await post('invocation/next', '')).status).toBe(404)
  })
})

test('a process that dies fails its invocation', async () => {
  const { api, next } = await start()
  const result = failure(api.invoke({ request_id: 'r-1', event: 1, deadline_ms: 0 }))
  await next()
  api.fail({ errorType: 'Runtime.ExitError', errorMessage: 'gone' })
  expect(await result).toEqual({ errorType: 'Runtime.ExitError', errorMessage: 'gone' })
})

test('the runtime exits when its API is gone, and ignores Ctrl-C before that', async () => {
  const { api } = await start()
  const client = fileURLToPath(new URL('../../packages/cli/src/stack/runtime-client.ts', import.meta.url))
  const child = spawn(process.execPath, [client], {
    env: {
      ...process.env,
      AWS_LAMBDA_RUNTIME_API: api.address,
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      LAMBDA_TASK_ROOT: import.meta.dirname,
      _HANDLER: 'functions/samples.nothing',
    },
    stdio: 'ignore',
  })
  try {
    await api.ready
    child.kill('SIGINT')
    expect(await api.invoke({ request_id: 'r-1', event: {}, deadline_ms: Date.now() + 5_000 })).toBeNull()
    await api.close()
    await vi.waitUntil(() => child.exitCode !== null || child.signalCode !== null, { timeout: 30_000 })
    expect(child.exitCode).toBe(1)
  } finally {
    child.kill('SIGKILL')
  }
})
