import type { components } from './paths.ts'

export type Problem = components['schemas']['Problem'] & { current_etag?: string }
export type FieldError = NonNullable<Problem['errors']>[number]

/** An answer of the API that is no success, or none at all (`code` is then `network`). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: Problem['code'] | 'network'
  readonly problem: Problem | undefined
  /** Seconds, from `Retry-After`. */
  readonly retry_after_s: number | undefined

  constructor(status: number, problem: Problem | undefined, retry_after_s?: number) {
    super(problem?.detail ?? 'The service does not answer.')
    this.status = status
    this.code = problem?.code ?? 'network'
    this.problem = problem
    this.retry_after_s = retry_after_s
  }

  get errors(): readonly FieldError[] {
    return this.problem?.errors ?? []
  }
}

export const isApiError = (error: unknown, code?: ApiError['code']): error is ApiError =>
  error instanceof ApiError && (code === undefined || error.code === code)

/** Worth another try in a moment. */
export const isTemporary = (error: unknown): boolean =>
  isApiError(error) && (error.code === 'network' || [429, 502, 503, 504].includes(error.status))

/** The text of an error for people. */
export function describeError(error: unknown): string {
  if (!isApiError(error)) return error instanceof Error ? error.message : 'Something went wrong.'
  if (error.code === 'network') return 'The service does not answer.'
  if (error.code === 'insufficient_scope') return 'This key may only read.'
  if (error.code === 'rate_limited' || error.code === 'unavailable')
    return 'The service is busy. Try again in a moment.'
  if (error.code === 'internal')
    return `The service made a mistake. Its log has the cause under ${error.problem?.request_id ?? 'this request'}.`
  const details = error.errors.map(({ detail, pointer, parameter, header }) => {
    const place = pointer?.replace(/^\//, '') || parameter || header
    return place ? `${place}: ${detail}` : detail
  })
  return details.length > 0 && error.code === 'validation_failed' ? details.join(' ') : error.message
}

/** The message for one field, by the pointers of the problem. */
export function fieldError(error: unknown, field: string): string | undefined {
  if (!isApiError(error)) return undefined
  return error.errors.find(({ pointer }) => pointer === `/${field}` || pointer?.startsWith(`/${field}/`))?.detail
}

/** Reads an answer's body as a problem; a gateway's own errors carry `{ message }` only. */
export async function toApiError(response: Response, body?: unknown): Promise<ApiError> {
  const read = body ?? (await response.json().catch(() => undefined))
  const retry_after = Number(response.headers.get('retry-after'))
  const wait_s = Number.isFinite(retry_after) && retry_after > 0 ? retry_after : undefined
  const problem = isProblem(read) ? read : gatewayProblem(response.status, read)
  return new ApiError(response.status, problem, wait_s)
}

const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && typeof (value as Problem).code === 'string'

function gatewayProblem(status: number, body: unknown): Problem | undefined {
  const message = (body as { message?: unknown } | undefined)?.message
  if (status < 400 || typeof message !== 'string') return undefined
  const code = gatewayCode(status)
  return { type: `urn:leads:problem:${code}`, title: message, status, code, detail: message }
}

function gatewayCode(status: number): Problem['code'] {
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429) return 'rate_limited'
  return status >= 502 ? 'unavailable' : 'internal'
}
