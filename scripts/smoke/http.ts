/** Requests of the smoke test, and the sentences that say what an answer lacks. */

export class SmokeError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'SmokeError'
  }
}

export function assert(is_ok: boolean, message: string): asserts is_ok {
  if (!is_ok) throw new SmokeError(message)
}

export interface SmokeRequest {
  method?: string
  /** Null sends no key; the tested one when left out. */
  key?: string | null
  headers?: Record<string, string>
  body?: unknown
}

export interface SmokeResponse {
  status: number
  headers: Headers
  text: string
  duration_ms: number
  /** The body as JSON. @throws SmokeError */
  json(): Record<string, unknown>
}

const TIMEOUT_MS = 35_000

export type Ask = (path: string, request?: SmokeRequest) => Promise<SmokeResponse>

export function createAsk(url: string, key: string): Ask {
  return async (path, { method = 'GET', key: own_key = key, headers = {}, body } = {}) => {
    const started = performance.now()
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(own_key !== null && { authorization: `Bearer ${own_key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      duration_ms: performance.now() - started,
      json() {
        try {
          return JSON.parse(text) as Record<string, unknown>
        } catch {
          throw new SmokeError(`${method} ${path} answered ${response.status} without JSON: ${text.slice(0, 100)}`)
        }
      },
    }
  }
}

export function assertStatus(response: SmokeResponse, status: number, what: string): void {
  assert(response.status === status, `${what}: ${response.status} instead of ${status}. ${response.text.slice(0, 200)}`)
}

/** An error in the form of the API: a problem document with a code. */
export function assertProblem(response: SmokeResponse, status: number, code: string, what: string): void {
  assertStatus(response, status, what)
  const type = response.headers.get('content-type') ?? ''
  assert(type.startsWith('application/problem+json'), `${what}: the content type is ${type}`)
  assert(response.json().code === code, `${what}: the code is ${String(response.json().code)} instead of ${code}`)
}
