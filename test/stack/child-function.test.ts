import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { type ChildFunction, type ChildFunctionOptions, createChildFunction } from '@leads/cli/stack/child-function'
import { type BatchReport, startEventSource } from '@leads/cli/stack/event-source'
import { startGateway } from '@leads/cli/stack/gateway'
import { type InvocationResult, invokeHandler } from '@leads/cli/stack/lambda'
import { createLocalSqsClient, startQueueServer } from '@leads/cli/stack/queue-server'
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda'
import { afterEach, describe, expect, test, vi } from 'vitest'

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

function create<TEvent = unknown>(name: string, options: Partial<ChildFunctionOptions> = {}): ChildFunction<TEvent> {
  const child = createChildFunction<TEvent>({
    function_name: name,
    task_root: import.meta.dirname,
    handler: `functions/samples.${name}`,
    timeout_ms: 20_000,
    onOutput: () => undefined,
    ...options,
  })
  cleanups.push(() => child.close(0))
  return child
}

const invoke = (child: ChildFunction<unknown>, event: unknown = {}, timeout_ms = 20_000): Promise<InvocationResult> =>
  invokeHandler({ handler: child.handler, event, function_name: 'caller', timeout_ms })

const payloadOf = (result: InvocationResult) => {
  if (!result.ok) throw new Error(result.error.errorMessage)
  return result.payload as { invocations: number; pid: number; request_id: string; remaining_ms: number }
}
const errorOf = (result: InvocationResult) => (result.ok ? undefined : result.error)

/** Signal 0 only checks whether the process exists. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('createChildFunction', () => {
  test('a function in a child process receives the event and the context of Lambda', async () => {
    const child = create('echo', { env: { SAMPLE_SECRET: 's3' } })
    const event = { text: 'Zoë\n', nested: [1, null] }
    const result = await invoke(child, event)
    expect(payloadOf(result)).toEqual({
      event,
      invocations: 1,
      pid: child.pids()[0],
      request_id: result.request_id,
      function_name: 'echo',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
      remaining_ms: expect.any(Number),
      secret: 's3',
      trace_id: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Sampled=0$/),
    })
    expect(payloadOf(result).remaining_ms).toBeLessThanOrEqual(20_000)
    expect(payloadOf(result).remaining_ms).toBeGreaterThan(15_000)
    expect(payloadOf(result).pid).not.toBe(process.pid)
  })

  test('the process and its memory are reused for the next invocation', async () => {
    const child = create('echo')
    const first = payloadOf(await invoke(child))
    const second = payloadOf(await invoke(child))
    expect(second.pid).toBe(first.pid)
    expect(second.invocations).toBe(2)
    expect(second.request_id).not.toBe(first.request_id)
  })

  test('a process writes what it compiled into the cache of this one, although it is killed in the end', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'compile-cache-'))
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }))
    enableCompileCache(directory)
    const child = create('echo')
    await invoke(child)
    await child.close(0)
    expect(readdirSync(directory, { recursive: true }).length).toBeGreaterThan(3)
  })

  test('concurrent invocations have one process each, at most the configured number', async () => {
    const child = create('echo', { maximum_concurrency: 2 })
    const results = await Promise.all([1, 2, 3, 4, 5, 6].map(() => invoke(child)))
    expect(new Set(results.map((result) => payloadOf(result).pid)).size).toBe(2)
    expect(child.pids()).toHaveLength(2)
  })

  test.each([
    ['nothing', null],
    ['text', 'plain'],
  ])('a function may return %s', async (name, payload) => {
    expect(await invoke(create(name))).toMatchObject({ ok: true, payload })
  })

  test('warm starts a process before the first invocation', async () => {
    const child = create('echo')
    await child.warm()
    const [pid] = child.pids()
    expect(payloadOf(await invoke(child)).pid).toBe(pid)
  })

  test('the output of a process goes to onOutput', async () => {
    let output = ''
    const child = create('print', {
      onOutput: (text) => {
        output += text
      },
    })
    await invoke(child, { text: 'a line of log' })
    await vi.waitUntil(() => output.includes('a line of log\n'), { timeout: 30_000 })
  })
})

describe('failures', () => {
  test('an error thrown by the function is reported, and the process is kept', async () => {
    const child = create('fail')
    const error = errorOf(await invoke(child))
    expect(error).toMatchObject({ errorType: 'RangeError', errorMessage: 'out of range' })
    expect(error?.stackTrace?.[0]).toBe('RangeError: out of range')
    const [pid] = child.pids()
    await invoke(child)
    expect(child.pids()).toEqual([pid])
  })

  test('a response above 6 MB fails, and the next invocation works', async () => {
    const child = create('big')
    for (const _ of [1, 2]) {
      expect(errorOf(await invoke(child))?.errorType).toBe('Function.ResponseSizeTooLarge')
    }
    expect(child.pids()).toHaveLength(1)
  })

  test.each([
    ['waits', 'hang'],
    ['computes', 'spin'],
  ])('a function that %s past its timeout is killed', async (_name, name) => {
    const child = create(name, { timeout_ms: 300 })
    await child.warm()
    const [pid = 0] = child.pids()
    const error = errorOf(await invoke(child))
    expect(error?.errorType).toBe('Sandbox.Timedout')
    expect(error?.errorMessage).toContain('Task timed out after 0.30 seconds')
    await vi.waitUntil(() => !isAlive(pid), { timeout: 30_000 })
    expect(child.pids()).toEqual([])
  })

  test('the time to load the function does not count against its timeout', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leads-function-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    const slow_start = 'await new Promise((resolve) => setTimeout(resolve, 2500)); export const handler = () => "ready"'
    writeFileSync(join(folder, 'slow.mjs'), slow_start)
    const child = create('slow', { task_root: folder, handler: 'slow.handler', timeout_ms: 2000 })
    expect(await invoke(child, {}, 2000)).toMatchObject({ ok: true, payload: 'ready' })
  })

  test.each([
    [0, 'exit status 0'],
    [3, 'exit status 3'],
  ])('a process that exits with %i fails its invocation with the exit status', async (code, reason) => {
    const error = errorOf(await invoke(create('exit'), { code }))
    expect(error).toEqual({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with error: ${reason}` })
  })

  test('an unhandled rejection ends the invocation and the process', async () => {
    const child = create('stray')
    expect(errorOf(await invoke(child))).toMatchObject({
      errorType: 'Runtime.UnhandledPromiseRejection',
      errorMessage: 'nobody caught me',
    })
    await vi.waitUntil(() => child.pids().length === 0, { timeout: 30_000 })
  })

  test('a killed process fails its invocation, and the next one gets a new process', async () => {
    const child = create('hang', { timeout_ms: 600_000 })
    await child.warm()
    const [pid = 0] = child.pids()
    const running = invoke(child)
    process.kill(pid, 'SIGKILL')
    expect(errorOf(await running)).toEqual({
      errorType: 'Runtime.ExitError',
      errorMessage: 'Runtime exited with error: signal: SIGKILL',
    })
    await child.warm()
    expect(child.pids()).toHaveLength(1)
    expect(child.pids()).not.toContain(pid)
  })

  test('a process killed while idle is replaced without a failed invocation', async () => {
    const child = create('echo')
    const first = payloadOf(await invoke(child))
    process.kill(first.pid, 'SIGKILL')
    await vi.waitUntil(() => child.pids().length === 0, { timeout: 30_000 })
    const second = payloadOf(await invoke(child))
    expect(second.pid).not.toBe(first.pid)
    expect(second.invocations).toBe(1)
  })

  test.each([
    ['functions/missing.handler', 'Runtime.ImportModuleError'],
    ['functions/samples.absent', 'Runtime.HandlerNotFound'],
    ['functions/samples.not_a_function', 'Runtime.HandlerNotFound'],
    ['functions/samples.callback', 'Runtime.CallbackHandlerDeprecated'],
    ['functions/samples', 'Runtime.MalformedHandlerName'],
  ])('%s cannot be loaded: %s', async (handler, errorType) => {
    const child = create('broken', { handler })
    await expect(child.warm()).rejects.toMatchObject({ detail: { errorType } })
    expect(errorOf(await invoke(child))?.errorType).toBe(errorType)
  })

  test.each([
    ['throws', 'throw new TypeError("bad start")', 'TypeError'],
    ['is no JavaScript', 'export const handler = (', 'Runtime.UserCodeSyntaxError'],
    ['imports what is not there', 'import "./nowhere.mjs"', 'Runtime.ImportModuleError'],
  ])('a module that %s cannot be loaded', async (_name, source, errorType) => {
    const folder = mkdtempSync(join(tmpdir(), 'leads-function-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'bundle.mjs'), source)
    const child = create('broken', { task_root: folder, handler: 'bundle.handler' })
    expect(errorOf(await invoke(child))?.errorType).toBe(errorType)
    await vi.waitUntil(() => child.pids().length === 0, { timeout: 30_000 })
  })

  test('a module that never finishes loading times out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leads-function-'))
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }))
    writeFileSync(join(folder, 'bundle.mjs'), 'await new Promise((resolve) => setTimeout(resolve, 600_000))')
    const child = create('endless', { task_root: folder, handler: 'bundle.handler', init_timeout_ms: 300 })
    expect(errorOf(await invoke(child))?.errorMessage).toContain('Init timed out after 0.3 seconds')
    await vi.waitUntil(() => child.pids().length === 0, { timeout: 30_000 })
  })
})

describe('close', () => {
  test('close ends all processes and rejects further invocations', async () => {
    const child = create('echo')
    const { pid } = payloadOf(await invoke(child))
    await child.close()
    expect(isAlive(pid)).toBe(false)
    expect(errorOf(await invoke(child))?.errorType).toBe('ServiceException')
  })

  test('close rejects invocations that still wait for a process', async () => {
    const child = create('hang', { maximum_concurrency: 1 })
    await child.warm()
    const running = invoke(child)
    const waiting = invoke(child)
    await child.close(50)
    expect(errorOf(await running)?.errorType).toBe('Runtime.ExitError')
    expect(errorOf(await waiting)?.errorType).toBe('ServiceException')
    expect(child.pids()).toEqual([])
  })

  test('close kills processes that do not finish within the grace period', async () => {
    const child = create('hang')
    await child.warm()
    const [pid = 0] = child.pids()
    const running = invoke(child)
    await child.close(50)
    expect(isAlive(pid)).toBe(false)
    expect(errorOf(await running)?.errorType).toBe('Runtime.ExitError')
  })
})

describe('a child function as a handler', () => {
  test('the gateway invokes a function in a child process', async () => {
    const child = create<APIGatewayProxyEventV2>('text')
    const gateway = await startGateway({
      port: 0,
      routes: [{ method: 'GET', path: '/text', handler: child.handler, function_name: 'text' }],
    })
    cleanups.push(() => gateway.close(0))
    const answer = await fetch(`${gateway.url}/text`)
    expect([answer.status, await answer.text()]).toEqual([200, 'plain'])
  })

  test('a SIGKILL during a batch fails the batch, and its messages are redelivered to a new process', async () => {
    const queue = await startQueueServer({ visibility_timeout_s: 3 })
    cleanups.push(() => queue.close())
    const working = Promise.withResolvers<string>()
    const child = create<SQSEvent>('batch', { onOutput: working.resolve })
    const reports: BatchReport[] = []
    const source = await startEventSource({
      queue_url: queue.queue_url,
      endpoint: queue.endpoint,
      function_name: 'batch',
      function_timeout_ms: 3_000,
      handler: child.handler,
      onBatch: (report) => reports.push(report),
    })
    cleanups.push(() => source.stop())
    const client = createLocalSqsClient(queue.endpoint)
    await client.send(new SendMessageCommand({ QueueUrl: queue.queue_url, MessageBody: 'one' }))
    expect(await working.promise).toBe('working on one\n')
    const [pid = 0] = child.pids()
    process.kill(pid, 'SIGKILL')
    await vi.waitUntil(() => reports.length === 1, { timeout: 10_000 })
    expect(reports[0]?.error?.errorMessage).toContain('signal: SIGKILL')
    expect(reports[0]?.failed_ids).toEqual(reports[0]?.message_ids)
    await vi.waitUntil(() => reports.length === 2, { timeout: 30_000 })
    expect(reports[1]).toMatchObject({ message_ids: reports[0]?.message_ids, failed_ids: [] })
    expect(child.pids()).not.toContain(pid)
  })
})
