import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { buildFunctionArn, LOCAL_ACCOUNT_ID } from './local-aws.ts'

/**
 * A function as AWS invokes it. The third parameter is typed `never` so that handlers declared with `Handler<…>` of
 * `@types/aws-lambda` fit; it is never passed: the nodejs24.x runtime has no callbacks any more.
 */
export type LambdaHandler<TEvent = never> = (event: TEvent, context: Context, callback: never) => unknown

/** What Lambda reports of a failed invocation. */
export interface FunctionErrorDetail {
  errorMessage: string
  errorType: string
  stackTrace?: string[]
}

/** Outcome of an invocation. `payload` went through JSON, as every answer of a Lambda function does. */
export type InvocationResult = { request_id: string; duration_ms: number } & (
  | { ok: true; payload: unknown }
  | { ok: false; error: FunctionErrorDetail }
)

/** Lambda's limit for the payload of a synchronous invocation, both ways: 6 MB, and a little for the envelope. */
export const PAYLOAD_BYTES_MAX = 6_291_556

/** `errorType` of an invocation that was still running at its time-out. */
export const TIMED_OUT_ERROR_TYPE = 'Sandbox.Timedout'

/** A failed invocation whose details are known already: thrown, its detail is reported as it is. */
export class FunctionError extends Error {
  readonly detail: FunctionErrorDetail
  constructor(detail: FunctionErrorDetail) {
    super(detail.errorMessage)
    this.name = detail.errorType
    this.detail = detail
  }
}

/** The error with which Lambda ends an invocation that outlived its function's time-out. */
export function createTimeoutError(request_id: string, timeout_ms: number): FunctionError {
  return new FunctionError({
    errorType: TIMED_OUT_ERROR_TYPE,
    errorMessage: `RequestId: ${request_id} Error: Task timed out after ${(timeout_ms / 1000).toFixed(2)} seconds`,
  })
}

/** Any thrown value in the shape that Lambda reports. */
export function toErrorDetail(thrown: unknown): FunctionErrorDetail {
  if (thrown instanceof FunctionError) return thrown.detail
  if (!(thrown instanceof Error)) return { errorMessage: String(thrown), errorType: typeof thrown }
  return { errorMessage: thrown.message, errorType: thrown.name, stackTrace: (thrown.stack ?? '').split('\n') }
}

/**
 * The context object of one invocation. `deadline_ms` is the epoch millisecond at which the function times out.
 */
export function createContext(options: { function_name: string; request_id: string; deadline_ms: number }): Context {
  const context: Omit<Context, 'done' | 'fail' | 'succeed'> = {
    callbackWaitsForEmptyEventLoop: true,
    functionName: options.function_name,
    functionVersion: '$LATEST',
    invokedFunctionArn: buildFunctionArn(options.function_name),
    memoryLimitInMB: '1024',
    awsRequestId: options.request_id,
    logGroupName: `/aws/lambda/${options.function_name}`,
    logStreamName: `local/[$LATEST]${LOCAL_ACCOUNT_ID}`,
    getRemainingTimeInMillis: () => Math.max(0, options.deadline_ms - Date.now()),
  }
  // done, fail and succeed are left out although the type names them: nodejs24.x has removed them.
  return context as Context
}

const selfTimed = new WeakSet<LambdaHandler>()

/**
 * Marks a handler that ends every invocation at its own time-out (it runs in a process that can be killed, and its time
 * starts after the process is ready), so that `invokeHandler` sets no second timer.
 */
export function markSelfTimed<THandler extends LambdaHandler<never>>(handler: THandler): THandler {
  selfTimed.add(handler)
  return handler
}

/** Refuses what nodejs24.x refuses when it loads a function: handlers that declare a callback. */
export function rejectCallbackHandler(handler: { length: number }): void {
  if (handler.length < 3) return
  throw new FunctionError({
    errorType: 'Runtime.CallbackHandlerDeprecated',
    errorMessage: 'The nodejs24.x runtime does not accept handlers with a callback parameter; make the handler async.',
  })
}

/** What Lambda would send on: the answer as JSON, `null` for nothing. Throws if it is no JSON or too large. */
export function toJsonPayload(result: unknown): unknown {
  const json = JSON.stringify(result) ?? 'null'
  if (Buffer.byteLength(json) > PAYLOAD_BYTES_MAX) {
    throw new FunctionError({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`,
    })
  }
  return JSON.parse(json)
}

/**
 * Invokes a handler as Lambda does: with a context that knows the time left, an answer that goes through JSON, and an end
 * at `timeout_ms`. Never rejects. A handler of this very process cannot be killed: after its time-out it may run on, but
 * its answer no longer counts; a function in a child process is killed (child-function.ts).
 */
export async function invokeHandler<TEvent>(options: {
  handler: LambdaHandler<TEvent>
  event: TEvent
  function_name: string
  timeout_ms: number
}): Promise<InvocationResult> {
  const { handler, event, function_name, timeout_ms } = options
  const request_id = randomUUID()
  const started_ms = Date.now()
  const context = createContext({ function_name, request_id, deadline_ms: started_ms + timeout_ms })
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_resolve, reject) => {
    if (selfTimed.has(handler)) return
    timer = setTimeout(() => reject(createTimeoutError(request_id, timeout_ms)), timeout_ms)
  })
  const run = async () => {
    rejectCallbackHandler(handler)
    return toJsonPayload(await (handler as (event: TEvent, context: Context) => unknown)(event, context))
  }
  try {
    const payload = await Promise.race([run(), timeout])
    return { ok: true, payload, request_id, duration_ms: Date.now() - started_ms }
  } catch (thrown) {
    return { ok: false, error: toErrorDetail(thrown), request_id, duration_ms: Date.now() - started_ms }
  } finally {
    clearTimeout(timer)
  }
}
