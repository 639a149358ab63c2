import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { withinDeadline } from '@leads/core/deadlines'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { createGatewayEvent, createGatewayRequestId, type GatewayRequest, splitTarget } from './gateway-event.ts'
import { createGatewayResponse, createMessageResponse, type GatewayResponse } from './gateway-response.ts'
import { compileRoutes, type RouteMatch, toRouteKey } from './gateway-routes.ts'
import { type FunctionErrorDetail, invokeHandler, type LambdaHandler, PAYLOAD_BYTES_MAX } from './lambda.ts'

/** One route of the HTTP API and its function. `timeout_ms` is the function's timeout. */
export interface GatewayRoute {
  method: string
  path: string
  handler: LambdaHandler<APIGatewayProxyEventV2>
  function_name: string
  timeout_ms?: number
}

/** The outcome of one request; `error` is set if the function failed. */
export interface GatewayReport {
  request_id: string
  route_key: string | undefined
  method: string
  path: string
  status: number
  duration_ms: number
  error?: FunctionErrorDetail
}

export interface Gateway {
  url: string
  port: number
  /** Accepts no new requests, lets running ones finish for at most `grace_ms` (5,000), then closes all connections. */
  close(grace_ms?: number): Promise<void>
}

const REQUEST_BODY_BYTES_MAX = 10 * 1024 * 1024
// AWS: request line and headers together, 10,240 bytes.
const HEADER_BYTES_MAX = 10_240

export interface GatewayOptions {
  host?: string
  port: number
  routes: readonly GatewayRoute[]
  default_timeout_ms?: number
  onResponse?: (report: GatewayReport) => void
}

/**
 * Starts an HTTP server that behaves like an API Gateway HTTP API in front of Lambda functions (payload format 2.0).
 * `default_timeout_ms` is the timeout of the integration, after which the caller gets 503. `port` 0 picks a free port.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { host = '127.0.0.1', port } = options
  const respond = createResponder(options)
  let closing = false
  // A request without a body then has no stream that has to be read to its end.
  const settings = { maxHeaderSize: HEADER_BYTES_MAX, optimizeEmptyRequests: true }
  const server = createServer(settings, (request, response) => {
    void respond(request, response, () => closing)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const bound = server.address() as AddressInfo
  return {
    url: `http://${host}:${bound.port}`,
    port: bound.port,
    close: async (grace_ms = 5_000) => {
      closing = true
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const timer = setTimeout(() => server.closeAllConnections(), grace_ms)
      await closed
      clearTimeout(timer)
    },
  }
}

type Responder = (request: IncomingMessage, response: ServerResponse, isClosing: () => boolean) => Promise<void>

/** Creates the function that answers one request: by its route, or with the error that the gateway itself would give. */
function createResponder({ routes, default_timeout_ms = 29_000, onResponse }: GatewayOptions): Responder {
  const match = compileRoutes(routes)
  return async (request, response, isClosing) => {
    const started_ms = Date.now()
    const request_id = createGatewayRequestId()
    const method = request.method ?? 'GET'
    const target = splitTarget(request.url ?? '/')
    const found = target && match(method, target.path)
    let outcome: RouteOutcome
    const body = hasBody(request) ? await readBody(request) : NO_BYTES
    if (body === 'aborted') return
    if (!target) outcome = { result: createMessageResponse(400, 'Bad Request') }
    else if (!found) outcome = { result: createMessageResponse(404, 'Not Found') }
    else if (body === 'too large') outcome = { result: createMessageResponse(413, 'Request Entity Too Large') }
    else outcome = await invokeRoute(found, toGatewayRequest(request, target, body), request_id, default_timeout_ms)
    // A connection that its client keeps open would delay the end by the server's keep-alive time, 5 s.
    if (isClosing()) response.setHeader('connection', 'close')
    const status = writeResponse(response, outcome.result, request_id)
    onResponse?.({
      request_id,
      route_key: found && toRouteKey(found.route),
      method,
      path: target?.path ?? request.url ?? '',
      status,
      duration_ms: Date.now() - started_ms,
      ...(outcome.error && { error: outcome.error }),
    })
  }
}

interface RouteOutcome {
  result: GatewayResponse
  error?: FunctionErrorDetail
}

/** Invokes the function of a route. The caller gets 503 after `integration_timeout_ms`, regardless of the function's own timeout. */
async function invokeRoute(
  { route, path_parameters }: RouteMatch<GatewayRoute>,
  request: GatewayRequest,
  request_id: string,
  integration_timeout_ms: number,
): Promise<RouteOutcome> {
  const matched = { route_key: toRouteKey(route), path_parameters }
  const event = createGatewayEvent(request, matched, request_id, new Date())
  // Lambda accepts 6 MB including base64, less than the 10 MB of the gateway.
  if (Buffer.byteLength(event.body ?? '') > PAYLOAD_BYTES_MAX) {
    return { result: createMessageResponse(413, 'Request Entity Too Large') }
  }
  const { handler, function_name, timeout_ms = integration_timeout_ms } = route
  const invoke = () => invokeHandler({ handler, event, function_name, timeout_ms, waited_ms: integration_timeout_ms })
  const outcome = await withinDeadline(performance.now() + integration_timeout_ms, invoke, () => 'timeout' as const)
  if (outcome === 'timeout') return { result: createMessageResponse(503, 'Service Unavailable') }
  if (outcome.ok) return { result: createGatewayResponse(outcome.payload) }
  return { result: createMessageResponse(500, 'Internal Server Error'), error: outcome.error }
}

function toGatewayRequest(
  request: IncomingMessage,
  target: { path: string; raw_query: string },
  body: Buffer,
): GatewayRequest {
  return {
    method: request.method ?? 'GET',
    ...target,
    raw_headers: request.rawHeaders,
    http_version: request.httpVersion,
    source_ip: toSourceIp(request.socket.remoteAddress ?? '127.0.0.1'),
    local_port: request.socket.localPort ?? 0,
    body,
  }
}

const MAPPED_PREFIX = '::ffff:'

const toSourceIp = (address: string): string =>
  address.startsWith(MAPPED_PREFIX) ? address.slice(MAPPED_PREFIX.length) : address

const NO_BYTES = Buffer.alloc(0)

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined

/**
 * Reads a whole body. A body that is too large is read to its end and discarded: a client that is cut off while sending
 * sees a broken connection instead of the 413.
 */
async function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  const chunks: Buffer[] = []
  let bytes = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes <= REQUEST_BODY_BYTES_MAX) chunks.push(chunk)
      else chunks.length = 0
    }
  } catch {
    return 'aborted'
  }
  return bytes > REQUEST_BODY_BYTES_MAX ? 'too large' : Buffer.concat(chunks)
}

/** Sends the response and returns its status. Node omits the body of a response to HEAD. */
function writeResponse(response: ServerResponse, result: GatewayResponse, request_id: string): number {
  try {
    response.writeHead(result.status, {
      ...result.headers,
      'apigw-requestid': request_id,
      // 204 and 304 have neither a body nor a length.
      ...(result.status !== 204 && result.status !== 304 && { 'content-length': Buffer.byteLength(result.body) }),
    })
  } catch {
    // A header name or value that HTTP forbids is a malformed response of the function.
    return writeResponse(response, createMessageResponse(500, 'Internal Server Error'), request_id)
  }
  response.end(result.body)
  return result.status
}
