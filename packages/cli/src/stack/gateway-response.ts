/** A response ready to be sent: header names in lower case, a list for a repeated header. */
export interface GatewayResponse {
  status: number
  headers: Record<string, string | string[]>
  /** A text is sent as UTF-8, in one piece with the headers. */
  body: Buffer | string
}

// Set by the gateway, or specific to a connection.
const RESERVED_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'])

const NOT_ASCII = /[^\0-\x7f]/

/** Creates a response of the gateway itself: `{"message": …}`. */
export function createMessageResponse(status: number, message: string): GatewayResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) }
}

/**
 * Converts a function's result to an HTTP response by the rules of payload format 2.0. Without a `statusCode` the response
 * is inferred: status 200, application/json, a string as is and anything else as JSON. With one, `headers`, `cookies`,
 * `body` and `isBase64Encoded` are read. An invalid result becomes a 500, as API Gateway does.
 */
export function createGatewayResponse(payload: unknown): GatewayResponse {
  if (!isStructured(payload)) {
    const body = typeof payload === 'string' ? payload : JSON.stringify(payload)
    return { status: 200, headers: { 'content-type': 'application/json' }, body }
  }
  const status = Number(payload.statusCode)
  const body = payload.body ?? ''
  const headers = readHeaders(payload.headers)
  const cookies = readCookies(payload.cookies)
  if (!Number.isInteger(status) || status < 200 || status > 599 || typeof body !== 'string' || !headers || !cookies) {
    return createMessageResponse(500, 'Internal Server Error')
  }
  if (cookies.length > 0) headers['set-cookie'] = cookies
  // Observed on AWS: plain text, although inferred responses are JSON.
  if (body !== '') headers['content-type'] ??= 'text/plain; charset=utf-8'
  return { status, headers, body: toBody(body, payload.isBase64Encoded === true, headers) }
}

/** Node sends a text together with the headers as UTF-8, which would change a header of other letters than ASCII. */
function toBody(body: string, is_base64: boolean, headers: GatewayResponse['headers']): Buffer | string {
  if (is_base64) return Buffer.from(body, 'base64')
  for (const name in headers) if (NOT_ASCII.test(String(headers[name]))) return Buffer.from(body)
  return body
}

function isStructured(payload: unknown): payload is Record<string, unknown> {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return false
  return 'statusCode' in payload && payload.statusCode !== null
}

function readHeaders(value: unknown): Record<string, string | string[]> | undefined {
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) return undefined
  const headers: Record<string, string | string[]> = {}
  for (const name of Object.keys(value)) {
    const content = (value as Record<string, unknown>)[name]
    const lower = name.toLowerCase()
    if (content === null || RESERVED_HEADERS.has(lower)) continue
    if (typeof content === 'object') return undefined
    headers[lower] = String(content)
  }
  return headers
}

function readCookies(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return []
  return Array.isArray(value) && value.every((cookie) => typeof cookie === 'string') ? value : undefined
}
