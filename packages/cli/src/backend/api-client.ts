import { setTimeout as wait } from 'node:timers/promises'
import { Problem, type ProblemCode, problemCodes } from '@leads/core/problem'
import { callRetryDelayS } from '@leads/core/syncs/retry-policy'
import type { paths } from '@leads/functions/openapi/paths'
import createClient from 'openapi-fetch'
import { CommandError } from '../output/errors.ts'
import type { ApiTarget } from './api-target.ts'

/** A request may take as long as the gateway waits for a function, 30 s. */
const TIMEOUT_MS = 40_000
const ATTEMPTS_MAX = 5
const DELAY_MAX_MS = 20_000
/** The request was not processed, so that any method may be repeated. */
const notProcessed = new Set([429, 503])

export type ApiClient = ReturnType<typeof createApiClient>

/** Creates the client of a deployed API, typed by the generated types. */
export function createApiClient({ url, key }: ApiTarget) {
  return createClient<paths>({
    baseUrl: url,
    headers: { authorization: `Bearer ${key}`, 'user-agent': 'leads-cli' },
    querySerializer: { array: { style: 'form', explode: true } },
    fetch: fetchWithRetries,
  })
}

/** Retries what may succeed a moment later: busy answers of any request, and lost connections of reads. */
async function fetchWithRetries(request: Request): Promise<Response> {
  const isRead = request.method === 'GET'
  for (let attempt = 1; ; attempt += 1) {
    const isLast = attempt === ATTEMPTS_MAX
    try {
      // `Request.clone`, because a body can be sent only once.
      const response = await fetch(request.clone(), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'manual' })
      if (isLast || !(notProcessed.has(response.status) || (isRead && response.status >= 502))) return response
      await response.body?.cancel()
      await wait(getDelay(attempt, response.headers.get('retry-after')))
    } catch (error) {
      if (isLast || !isRead) throw toConnectionError(error)
      await wait(getDelay(attempt, null))
    }
  }
}

const getDelay = (attempt: number, retry_after: string | null): number =>
  Math.min(DELAY_MAX_MS, callRetryDelayS(attempt - 1, Number(retry_after) || null) * 1000)

function toConnectionError(error: unknown): unknown {
  if ((error as Error).name !== 'TimeoutError') return error
  return new CommandError('unavailable', 'The API did not answer in time. Try again later.', { cause: error })
}

interface ClientResult<Data> {
  data?: Data
  error?: unknown
  response: Response
}

/** Of a merged row, the API redirects to the one that it was merged into. */
function describeRedirect(location: string): string {
  const [, kind, id] = /^\/(lead|companie)s\/(\d+)$/.exec(location) ?? []
  if (id === undefined) return `The API redirects to ${location}.`
  return `It was merged into ${kind === 'lead' ? 'lead' : 'company'} ${id}: use that one, or undo the merge.`
}

/**
 * Returns the body of a successful response. @throws Problem as the API reports it, CommandError for other responses
 */
export async function unwrap<Data>(pending: Promise<ClientResult<Data>>): Promise<Data> {
  const { data, error, response } = await pending
  if (response.ok) return data as Data
  if (isProblem(error)) throw toProblem(error)
  if (response.status >= 300 && response.status < 400)
    throw new CommandError('conflict', describeRedirect(response.headers.get('location') ?? 'another URL'))
  const isDown = response.status >= 500 || response.status === 429
  throw new CommandError(
    isDown ? 'unavailable' : 'failed',
    `The API answered ${response.status} without details. ${isDown ? 'Try again later.' : 'Check that LEADS_URL is the URL of the API.'}`,
  )
}

interface ProblemDocument {
  code: ProblemCode
  detail: string
  errors?: Problem['errors']
}

const isProblem = (error: unknown): error is ProblemDocument =>
  typeof error === 'object' && error !== null && 'code' in error && Object.hasOwn(problemCodes, String(error.code))

function toProblem({ code, detail, errors = [], ...extensions }: ProblemDocument): Problem {
  return new Problem(code, detail, { errors, extensions: { ...extensions } })
}
