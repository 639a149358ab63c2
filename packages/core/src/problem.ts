/**
 * The closed set of errors that the product answers with: each code has one HTTP status and one title, and is listed in
 * docs/api.md. The public detail and the internal cause are separate: only the former leaves the process.
 */
export const problemCodes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_cursor: { status: 400, title: 'The cursor is not valid here' },
  unknown_parameter: { status: 400, title: 'There is no such query parameter' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  insufficient_scope: { status: 403, title: 'The API key may not do this' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  already_exists: { status: 409, title: 'It exists already' },
  merged: { status: 409, title: 'The lead was merged into another one' },
  conflict: { status: 409, title: 'The request does not fit the present state' },
  idempotency_in_progress: { status: 409, title: 'A request with this Idempotency-Key is still in progress' },
  gone: { status: 410, title: 'It was deleted' },
  precondition_failed: { status: 412, title: 'The resource has changed in the meantime' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported' },
  validation_failed: { status: 422, title: 'The body does not fit the schema' },
  batch_failed: { status: 422, title: 'An operation of the batch failed, so none was done' },
  idempotency_mismatch: { status: 422, title: 'The Idempotency-Key was used for another request' },
  response_too_large: { status: 422, title: 'The response would be too large' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Not available at the moment' },
} as const

export type ProblemCode = keyof typeof problemCodes

/** The problem of one field (`pointer`, RFC 6901), query or path parameter, or header. */
export interface FieldError {
  detail: string
  pointer?: string
  parameter?: string
  header?: string
}

/** An error of the closed set. `message` is public: what happened and what to do, without values of other people. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly errors: readonly FieldError[]
  /** Members in addition to the standard ones, e.g. `existing`. */
  readonly extensions: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    message: string,
    options: {
      errors?: readonly FieldError[]
      extensions?: Readonly<Record<string, unknown>>
      headers?: Readonly<Record<string, string>>
      cause?: unknown
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.errors = options.errors ?? []
    this.extensions = options.extensions ?? {}
    this.headers = options.headers ?? {}
  }

  get status(): number {
    return problemCodes[this.code].status
  }
}

/** The RFC 9457 document of a problem. `type` is stable: a URN, not an address that must be kept alive. */
export function toProblemDocument(problem: Problem, request_id: string | null): Record<string, unknown> {
  const { status, title } = problemCodes[problem.code]
  return {
    type: `urn:leads:problem:${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    ...(request_id !== null && { request_id }),
    ...(problem.errors.length > 0 && { errors: problem.errors }),
    ...problem.extensions,
  }
}
