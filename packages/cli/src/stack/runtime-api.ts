import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createTraceId } from './gateway-event.ts'
import { FunctionError, type FunctionErrorDetail, PAYLOAD_BYTES_MAX, toErrorDetail } from './lambda.ts'

/** The Lambda Runtime API of one execution environment: one function, one invocation at a time. */
export interface RuntimeApi {
  /** Value for `AWS_LAMBDA_RUNTIME_API`: `127.0.0.1:<port>`. */
  address: string
  /** Resolves when the runtime has loaded the function and requests an event; rejects with the error it reports. */
  ready: Promise<void>
  /** Passes an event to the runtime and resolves with the parsed JSON of its response. Rejects with a `FunctionError`. */
  invoke(invocation: { request_id: string; event: unknown; deadline_ms: number; trace_id?: string }): Promise<unknown>
  /** Fails the current invocation, because the process has died or was killed. */
  fail(error: FunctionErrorDetail): void
  close(): Promise<void>
}

interface Waiter<T> {
  resolve: (value: T) => void
  reject: (error: Error) => void
}
type Invocation = Waiter<unknown> & {
  request_id: string
  event_json: string
  deadline_ms: number
  trace_id: string
  handed_out: boolean
}

const prefix = '/2018-06-01/runtime'

/**
 * Starts a Lambda Runtime API (version 2018-06-01) on 127.0.0.1 for one process that runs a function: `invocation/next`
 * blocks until there is an event, `invocation/{id}/response` and `/error` complete it, and `init/error` reports that the
 * function could not be loaded. Any Lambda runtime can use it; runtime-client.ts is the one of the local stack.
 */
export async function startRuntimeApi(function_arn: string): Promise<RuntimeApi> {
  const channel = new InvocationChannel(function_arn)
  const server = createServer((request, response) => {
    void route(channel, request, response).catch(() => response.destroy())
  })
  // The runtime waits for its next event without a time limit.
  server.requestTimeout = 0
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ready: channel.ready.promise,
    invoke: ({ request_id, event, deadline_ms, trace_id = `${createTraceId()};Sampled=0` }) =>
      channel.invoke({ request_id, event_json: JSON.stringify(event), deadline_ms, trace_id }),
    fail: (error) => {
      channel.ready.reject(new FunctionError(error))
      channel.finish(({ reject }) => reject(new FunctionError(error)))
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Matches the invocation of the caller with the runtime's request for the next event; at most one of each is pending. */
class InvocationChannel {
  readonly ready = Promise.withResolvers<void>()
  readonly #function_arn: string
  #current: Invocation | undefined
  #next: ServerResponse | undefined

  constructor(function_arn: string) {
    this.#function_arn = function_arn
    // The caller handles the rejection. This avoids an unhandled rejection if no one awaits it.
    this.ready.promise.catch(() => undefined)
  }

  invoke(request: Pick<Invocation, 'request_id' | 'event_json' | 'deadline_ms' | 'trace_id'>): Promise<unknown> {
    if (this.#current) return Promise.reject(new Error('An execution environment takes one invocation at a time.'))
    return new Promise((resolve, reject) => {
      this.#current = { ...request, handed_out: false, resolve, reject }
      this.#handOut()
    })
  }

  /** Answers `invocation/next` when there is an event. */
  handleNext(response: ServerResponse): void {
    if (this.#next || this.#current?.handed_out) {
      sendJson(response, 403, {
        errorType: 'InvalidStateTransition',
        errorMessage: 'The last invocation is not finished',
      })
      return
    }
    this.#next = response
    response.once('close', () => {
      if (this.#next === response) this.#next = undefined
    })
    this.ready.resolve()
    this.#handOut()
  }

  isHandedOut(request_id: string): boolean {
    return this.#current?.handed_out === true && this.#current.request_id === request_id
  }

  finish(end: (invocation: Invocation) => void): void {
    const invocation = this.#current
    this.#current = undefined
    if (invocation) end(invocation)
  }

  #handOut(): void {
    const current = this.#current
    if (!current || current.handed_out || !this.#next) return
    current.handed_out = true
    this.#next.writeHead(200, {
      'content-type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': current.request_id,
      'Lambda-Runtime-Deadline-Ms': String(current.deadline_ms),
      'Lambda-Runtime-Invoked-Function-Arn': this.#function_arn,
      'Lambda-Runtime-Trace-Id': current.trace_id,
    })
    this.#next.end(current.event_json)
    this.#next = undefined
  }
}

async function route(channel: InvocationChannel, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readAll(request)
  const call = `${request.method} ${request.url}`
  if (call === `GET ${prefix}/invocation/next`) return channel.handleNext(response)
  if (call === `POST ${prefix}/init/error`) {
    channel.ready.reject(new FunctionError(readError(body, request)))
    return sendJson(response, 202, { status: 'OK' })
  }
  const [, request_id, end] = new RegExp(`^POST ${prefix}/invocation/([^/]+)/(response|error)$`).exec(call) ?? []
  if (!request_id) return sendJson(response, 404, { errorType: 'NotFound', errorMessage: 'No such resource' })
  if (!channel.isHandedOut(request_id)) {
    return sendJson(response, 400, { errorType: 'InvalidRequestID', errorMessage: 'Invalid request ID' })
  }
  if (end === 'response') return handleResponse(channel, body, response)
  channel.finish(({ reject }) => reject(new FunctionError(readError(body, request))))
  sendJson(response, 202, { status: 'OK' })
}

function handleResponse(channel: InvocationChannel, body: Buffer, response: ServerResponse): void {
  if (body.length > PAYLOAD_BYTES_MAX) {
    const errorMessage = `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`
    channel.finish(({ reject }) =>
      reject(new FunctionError({ errorType: 'Function.ResponseSizeTooLarge', errorMessage })),
    )
    sendJson(response, 413, { errorType: 'RequestEntityTooLarge', errorMessage })
    return
  }
  channel.finish(({ resolve, reject }) => {
    try {
      resolve(body.length === 0 ? null : JSON.parse(body.toString()))
    } catch (error) {
      reject(new FunctionError({ ...toErrorDetail(error), errorType: 'Runtime.InvalidResponse' }))
    }
  })
  sendJson(response, 202, { status: 'OK' })
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** Parses the error that a runtime reports. An invalid body is replaced by the type in the header. */
function readError(body: Buffer, request: IncomingMessage): FunctionErrorDetail {
  const header = request.headers['lambda-runtime-function-error-type']
  const errorType = typeof header === 'string' ? header : 'Runtime.Unknown'
  try {
    const { errorMessage, errorType: type, stackTrace } = JSON.parse(body.toString()) as Partial<FunctionErrorDetail>
    return {
      errorMessage: String(errorMessage ?? ''),
      errorType: String(type ?? errorType),
      ...(Array.isArray(stackTrace) && { stackTrace: stackTrace.map(String) }),
    }
  } catch {
    return { errorType, errorMessage: 'The runtime reported an error that could not be read' }
  }
}
