import createClient from 'openapi-fetch'
import type { paths } from './paths.ts'
import { ApiError, toApiError } from './problem.ts'
import { awaitSignIn, getSession, lowerScope } from './session.ts'
import { createStore } from './store.ts'

const TRIES_MAX = 4
const RETRY_STATUSES = new Set([429, 502, 503, 504])
const FIRST_WAIT_MS = 400
const WAIT_MAX_MS = 8000

/** The service's last answer came, or did not; the banner shows it. */
export const connection = createStore({ is_up: true, failures: 0 })

const wait = (duration_ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, duration_ms))

/** These create secrets: they are sent once only and never retried. */
const isSecret = (path: string): boolean => path.startsWith('/api-keys')

/**
 * The one place that calls fetch. Adds the key and, to a POST, an Idempotency-Key, by which it may be sent again after a
 * broken connection. A refused key opens the sign-in form; the request is then made again.
 */
export async function apiFetch(request: Request): Promise<Response> {
  const path = new URL(request.url).pathname
  const is_post = request.method === 'POST' && !isSecret(path)
  const may_repeat = is_post || request.method === 'PUT'
  const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : await request.arrayBuffer()
  const headers = new Headers(request.headers)
  if (is_post && !headers.has('idempotency-key')) headers.set('idempotency-key', crypto.randomUUID())
  for (let tries = 1; ; tries += 1) {
    const { key } = getSession()
    if (key) headers.set('authorization', `Bearer ${key}`)
    const is_last = !may_repeat || tries >= TRIES_MAX
    const response = await send(request, headers, body, is_last)
    if (response?.status === 401 && key !== null) await awaitSignIn()
    else if (response && (is_last || !(await isWorthRepeating(response)))) return noteScope(request, response)
    else await wait(Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), WAIT_MAX_MS))
  }
}

async function send(
  request: Request,
  headers: Headers,
  body: ArrayBuffer | undefined,
  is_last: boolean,
): Promise<Response | undefined> {
  try {
    const init = { method: request.method, headers, signal: request.signal, cache: 'no-store' as const }
    const response = await fetch(request.url, body === undefined ? init : { ...init, body })
    connection.set((current) => (current.failures === 0 ? current : { is_up: true, failures: 0 }))
    return response
  } catch (error) {
    if (request.signal.aborted) throw error
    connection.set(({ failures }) => ({ is_up: false, failures: failures + 1 }))
    if (is_last) throw new ApiError(0, undefined)
    return undefined
  }
}

async function isWorthRepeating(response: Response): Promise<boolean> {
  if (RETRY_STATUSES.has(response.status)) return true
  if (response.status !== 409) return false
  const body = (await response.clone().json()) as { code?: string }
  return body.code === 'idempotency_in_progress'
}

function noteScope(request: Request, response: Response): Response {
  const is_admin_path = isSecret(new URL(request.url).pathname) || request.url.includes('include_deleted')
  if (response.status === 403 && request.method !== 'GET' && !is_admin_path) lowerScope('read')
  return response
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: apiFetch })

interface Answer<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** The body of a success. @throws ApiError */
export async function unwrap<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await readAnswer(answer)
  if (!response.ok) throw await toApiError(response, error)
  return data as Data
}

/** An answer that is not JSON comes from something in between, not from the service. */
async function readAnswer<Data>(answer: Promise<Answer<Data>>): Promise<Answer<Data>> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof SyntaxError) throw new ApiError(0, undefined)
    throw error
  }
}

/** The header that a change carries, so that no change in between is overwritten. */
export const ifMatch = (version: number): { 'If-Match': string } => ({ 'If-Match': `"${version}"` })
