import { randomBytes } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { LOCAL_ACCOUNT_ID } from './local-aws.ts'

/** An HTTP request as the gateway read it. `path` is decoded; `raw_query` is as sent, without the question mark. */
export interface GatewayRequest {
  method: string
  path: string
  raw_query: string
  raw_headers: string[]
  http_version: string
  source_ip: string
  local_port: number
  body: Buffer
}

// Headers for one connection, not for the function.
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'])
const TEXT_TYPES = new Set(['application/json', 'application/xml', 'application/javascript'])
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Splits a request target into path and query. HTTP APIs pass on the decoded path, also in `rawPath`, without anything
 * after an encoded question mark; the query string stays as sent. Returns undefined if the percent-encoding is invalid.
 */
export function splitTarget(target: string): { path: string; raw_query: string } | undefined {
  const question = target.indexOf('?')
  const encoded = question === -1 ? target : target.slice(0, question)
  try {
    const path = decodeURIComponent(encoded).split('?', 1)[0] ?? ''
    return {
      path: path.startsWith('/') ? path : `/${path}`,
      raw_query: question === -1 ? '' : target.slice(question + 1),
    }
  } catch {
    return undefined
  }
}

const POOL_BYTES = 4096
let pool = Buffer.alloc(0)

/** Random bytes of a pool: a call of the system for each request took 4% of its time. */
function takeRandomBytes(count: number): Buffer {
  if (pool.length < count) pool = randomBytes(POOL_BYTES)
  const taken = pool.subarray(0, count)
  pool = pool.subarray(count)
  return taken
}

/** Returns a request id as HTTP APIs create it: 16 characters of base64. */
export function createGatewayRequestId(): string {
  return takeRandomBytes(11).toString('base64')
}

/**
 * Creates an event of payload format 2.0: duplicate headers and query parameters are joined by commas, header names are
 * lower case, cookies are in a separate list and not among the headers, and empty fields are omitted.
 */
export function createGatewayEvent(
  request: GatewayRequest,
  match: { route_key: string; path_parameters: Record<string, string> | undefined },
  request_id: string,
  now: Date,
): APIGatewayProxyEventV2 {
  const { headers, cookies } = readHeaders(request)
  const is_text = isTextType(headers['content-type'])
  const query = readQuery(request.raw_query)
  const domain = withoutPort(headers.host ?? 'localhost')
  return {
    version: '2.0',
    routeKey: match.route_key,
    rawPath: request.path,
    rawQueryString: request.raw_query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(query && { queryStringParameters: query }),
    requestContext: {
      accountId: LOCAL_ACCOUNT_ID,
      apiId: 'local',
      domainName: domain,
      domainPrefix: domain.split('.', 1)[0] ?? domain,
      http: {
        method: request.method,
        path: request.path,
        protocol: `HTTP/${request.http_version}`,
        sourceIp: request.source_ip,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: request_id,
      routeKey: match.route_key,
      stage: '$default',
      time: formatCommonLogTime(now),
      timeEpoch: now.getTime(),
    },
    ...(request.body.length > 0 && { body: request.body.toString(is_text ? 'utf8' : 'base64') }),
    ...(match.path_parameters && { pathParameters: match.path_parameters }),
    isBase64Encoded: request.body.length > 0 && !is_text,
  }
}

const withoutPort = (host: string): string => (host.includes(':') ? host.replace(/:\d+$/, '') : host)

// AWS does not document which types are text. Observed: text/* and these three. Everything else arrives as base64,
// including a missing content type, form data and application/…+json.
function isTextType(content_type: string | undefined): boolean {
  const type = content_type?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return type.startsWith('text/') || TEXT_TYPES.has(type)
}

// Names come from the caller. In a Map, `constructor` and `__proto__` are ordinary names.
function readHeaders(request: GatewayRequest): { headers: Record<string, string>; cookies: string[] } {
  const headers = new Map<string, string>()
  const cookies: string[] = []
  for (let index = 0; index + 1 < request.raw_headers.length; index += 2) {
    const name = (request.raw_headers[index] ?? '').toLowerCase()
    const value = request.raw_headers[index + 1] ?? ''
    if (HOP_BY_HOP.has(name)) continue
    if (name === 'cookie') cookies.push(...value.split(';').flatMap((cookie) => cookie.trim() || []))
    else appendTo(headers, name, value)
  }
  const forwarded = headers.get('x-forwarded-for')
  headers.set('x-forwarded-for', forwarded ? `${forwarded}, ${request.source_ip}` : request.source_ip)
  headers.set('x-forwarded-port', String(request.local_port))
  headers.set('x-forwarded-proto', 'http')
  if (!headers.has('x-amzn-trace-id')) headers.set('x-amzn-trace-id', createTraceId())
  return { headers: Object.fromEntries(headers), cookies }
}

function readQuery(raw_query: string): Record<string, string> | undefined {
  if (raw_query === '') return undefined
  const query = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(raw_query)) appendTo(query, name, value)
  return query.size > 0 ? Object.fromEntries(query) : undefined
}

function appendTo(values: Map<string, string>, name: string, value: string): void {
  const before = values.get(name)
  values.set(name, before === undefined ? value : `${before},${value}`)
}

/** Returns a new X-Ray trace header: `Root=1-<epoch seconds in hex>-<24 hex digits>`. */
export function createTraceId(): string {
  return `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${takeRandomBytes(12).toString('hex')}`
}

let formatted = { second: 0, text: '' }

/** Formatted once a second: thousands of requests may share it. */
function formatCommonLogTime(time: Date): string {
  const second = Math.floor(time.getTime() / 1000)
  if (second === formatted.second) return formatted.text
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  const date = `${twoDigits(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}`
  const text = `${date}:${twoDigits(time.getUTCHours())}:${twoDigits(time.getUTCMinutes())}:${twoDigits(time.getUTCSeconds())} +0000`
  formatted = { second, text }
  return text
}
