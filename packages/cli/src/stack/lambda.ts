import { randomUUID } from 'node:crypto'
import type { Context } from 'aws-lambda'
import { buildFunctionArn, LOCAL_ACCOUNT_ID } from './local-aws.ts'

/**
 * A function as AWS invokes it. The third parameter is typed `never` so that handlers declared with `Handler<…>` of
 * `@types/aws-lambda` are assignable. It is never passed: the nodejs24.x runtime has no callbacks.
 */
export type LambdaHandler<TEvent = never> = (event: TEvent, context: Context, callback: never) => unknown

/** Lambda's report of a failed invocation. */
export interface FunctionErrorDetail {
  errorMessage: string
  errorType: string
  stackTrace?: string[]
}

/** Outcome of an invocation. `payload` is the result after serialization to JSON, as in Lambda. */
export type InvocationResult = { request_id: string; duration_ms: number } & (
  | { ok: true; payload: unknown }
  | { ok: false; error: FunctionErrorDetail }
)

/** Lambda's limit for request and response payloads of a synchronous invocation: 6 MB plus some bytes for the envelope. */
export const PAYLOAD_BYTES_MAX = 6_291_556

/** `errorType` of an invocation that timed out. */
export const TIMED_OUT_ERROR_TYPE = 'Sandbox.Timedout'

/** A failed invocation with known details, which are reported as is. */
export class FunctionError extends Error {
  readonly detail: FunctionErrorDetail
  constructor(detail: FunctionErrorDetail) {
    super(detail.errorMessage)
    this.name = detail.errorType
    this.detail = detail
  }
}

/** Creates the error of an invocation that exceeded its function's timeout. */
export function createTimeoutError(request_id: string, timeout_ms: number): FunctionError {
  return new FunctionError({
    errorType: TIMED_OUT_ERROR_TYPE,
    errorMessage: `RequestId: ${request_id} Error: Task timed out after ${(timeout_ms / 1000).toFixed(2)} seconds`,
  })
}

/** Converts a thrown value to the form that Lambda reports. */
export function toErrorDetail(thrown: unknown): FunctionErrorDetail {
  if (thrown instanceof FunctionError) return thrown.detail
  if (!(thrown instanceof Error)) return { errorMessage: String(thrown), errorType: typeof thrown }
  return { errorMessage: thrown.message, errorType: thrown.name, stackTrace: (thrown.stack ?? '').split('\n') }
}

/** Creates the context of one invocation. `deadline_ms` is the epoch millisecond at which the function times out. */
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
  // The type declares done, fail and succeed, but nodejs24.x has removed them.
  return context as Context
}

const selfTimed = new WeakSet<LambdaHandler>()

/**
 * Marks a handler that enforces its own timeout, so that `invokeHandler` sets no second timer. Such a handler runs in a
 * process that can be killed, and its time starts when the process is ready.
 */
export function markSelfTimed<THandler extends LambdaHandler<never>>(handler: THandler): THandler {
  selfTimed.add(handler)
  return handler
}

/** Rejects handlers that declare a callback, as nodejs24.x does when it loads a function. */
export function rejectCallbackHandler(handler: { length: number }): void {
  if (handler.length < 3) return
  throw new FunctionError({
    errorType: 'Runtime.CallbackHandlerDeprecated',
    errorMessage: 'The nodejs24.x runtime does not accept handlers with a callback parameter; make the handler async.',
  })
}

/** A character takes at most six bytes in JSON: `\u0000`. */
const JSON_BYTES_PER_CHARACTER = 6

/**
 * Characters of a result that JSON does not change: an object of texts, whole numbers, flags and null, and of objects of
 * these. Infinity for any other.
 */
function countPlainCharacters(result: unknown, depth = 2): number {
  if (typeof result === 'string') return result.length + 2
  if (result === null || typeof result === 'boolean' || Number.isSafeInteger(result)) return 20
  const isObject = typeof result === 'object' && Object.getPrototypeOf(result) === Object.prototype
  if (!isObject || depth === 0 || 'toJSON' in result) return Number.POSITIVE_INFINITY
  let characters = 2
  for (const name in result)
    characters += name.length + 4 + countPlainCharacters((result as Record<string, unknown>)[name], depth - 1)
  return characters
}

/** Returns the result after serialization to JSON, `null` for undefined. @throws if it is not JSON or too large */
export function toJsonPayload(result: unknown): unknown {
  // The response to a request. Its body would be escaped and parsed again: 0.3 ms for a list of 100 leads.
  if (countPlainCharacters(result) * JSON_BYTES_PER_CHARACTER <= PAYLOAD_BYTES_MAX) return result
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
 * Invokes a handler as Lambda does: with a context that reports the remaining time, a result that is serialized to JSON,
 * and a timeout. Never rejects. A handler in this process cannot be killed: after its timeout it may keep running, but its
 * result is ignored. A function in a child process is killed (child-function.ts).
 */
export async function invokeHandler<TEvent>(options: {
  handler: LambdaHandler<TEvent>
  event: TEvent
  function_name: string
  timeout_ms: number
  /** How long the caller waits, if not for ever. A longer timeout needs no timer: no one would see it. */
  waited_ms?: number
}): Promise<InvocationResult> {
  const { handler, event, function_name, timeout_ms, waited_ms = Number.POSITIVE_INFINITY } = options
  const request_id = randomUUID()
  const started_ms = Date.now()
  const context = createContext({ function_name, request_id, deadline_ms: started_ms + timeout_ms })
  let timer: NodeJS.Timeout | undefined
  const run = async () => {
    rejectCallbackHandler(handler)
    return toJsonPayload(await (handler as (event: TEvent, context: Context) => unknown)(event, context))
  }
  const runInTime = () =>
    new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => reject(createTimeoutError(request_id, timeout_ms)), timeout_ms)
      run().then(resolve, reject)
    })
  try {
    const payload = await (selfTimed.has(handler) || timeout_ms >= waited_ms ? run() : runInTime())
    return { ok: true, payload, request_id, duration_ms: Date.now() - started_ms }
  } catch (thrown) {
    return { ok: false, error: toErrorDetail(thrown), request_id, duration_ms: Date.now() - started_ms }
  } finally {
    clearTimeout(timer)
  }
}
