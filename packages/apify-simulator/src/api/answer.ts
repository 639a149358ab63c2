/** What a route answers; the body of a big page is generated while it is sent. */
export interface Answer {
  status: number
  headers: Record<string, string>
  body: Buffer | Iterable<Buffer> | null
}

/** An error as the API writes it: `{"error": {"type", "message"}}`. */
export class ApiError extends Error {
  readonly status: number
  readonly type: string

  constructor(status: number, type: string, message: string) {
    super(message)
    this.status = status
    this.type = type
  }
}

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  }
}

/** An answer in Apify's envelope: `{"data": …}`. */
export function dataAnswer(data: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(status, { data }, headers)
}

export function errorAnswer(error: ApiError, headers: Record<string, string> = {}): Answer {
  return jsonAnswer(error.status, { error: { type: error.type, message: error.message } }, headers)
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'record-not-found', `${what} was not found`)
}

const ERRORS: Record<number, [string, string]> = {
  400: ['invalid-request', 'The request is not valid'],
  401: ['invalid-token', 'Authentication token is not valid'],
  402: ['x402-payment-required', 'Payment is required'],
  403: ['insufficient-permissions', 'Insufficient permissions for the resource'],
  404: ['record-not-found', 'The record was not found'],
  405: ['method-not-allowed', 'This API end-point can not be accessed by this method'],
  408: ['run-timeout-exceeded', 'The run exceeded the timeout'],
  413: ['request-too-large', 'The request body is too large'],
  429: ['rate-limit-exceeded', 'You have exceeded the rate limit of 60 requests per second'],
}

/** Apify's error for a status, unless a fault names another one. */
export function errorOf(status: number, type?: string): ApiError {
  const [usual_type, message] = ERRORS[status] ?? ['internal-server-error', 'Internal server error']
  return new ApiError(status, type ?? usual_type, message)
}
