import type { ApiKeyIdentity } from '@leads/core/api-keys/authenticate'
import { type PresentedKey, presentKey } from '@leads/core/api-keys/secret'
import { readConfig } from '@leads/core/config/read-config'
import { withinDeadline } from '@leads/core/deadlines'
import { createLogger, type Log } from '@leads/core/log'
import { Problem } from '@leads/core/problem'
import middy, { type MiddlewareObj } from '@middy/core'
import httpHeaderNormalizer from '@middy/http-header-normalizer'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { FunctionName } from '../runtime/manifest.ts'
import type { AuthGuard, CheckedDatabase } from './auth-guard.ts'
import { buildOptionsResponse, buildResponse } from './build-response.ts'
import type { Operation, OperationCall, OperationResponse } from './operation.ts'
import { parseBody } from './parse-body.ts'
import { toProblem, toProblemResponse } from './problem-response.ts'
import { createRateLimiter, type RateLimit } from './rate-limit.ts'
import { readBody, readParams, readQuery } from './read-request.ts'
import { type ReplicaRead, readFromReplica } from './replica-reads.ts'
import { isSameIdentity } from './same-identity.ts'

/** State that the middlewares share for one request. */
interface State {
  started_ms: number
  /** When the request is late, by the same clock. */
  deadline_ms: number
  operation?: Operation
  /** Set for OPTIONS. */
  methods?: readonly string[]
  identity?: ApiKeyIdentity
  /** `identity` is cached; this check of the key is still running. */
  pendingIdentity?: Promise<ApiKeyIdentity>
  /** `identity` is cached; the transaction of the operation checks the key. */
  checked?: CheckedDatabase
  /** The body cannot be read. Told only to the owner of a valid key. */
  bodyError?: unknown
  /** The answer was read from a replica. */
  replica_read?: ReplicaRead
  /** Remaining requests of the key. */
  rate_limit?: RateLimit
}
type Event = Omit<APIGatewayProxyEventV2, 'body'> & { body?: unknown; state: State }
type Result = APIGatewayProxyStructuredResultV2
type Middleware = MiddlewareObj<Event, Result | OperationResponse, Error, Context>

/** A Lambda function behind the gateway. */
export type HttpHandler = (event: APIGatewayProxyEventV2, context: Context) => Promise<Result>

/** A request that takes longer is abandoned. After 30 s the gateway would answer it in its own format. */
const REQUEST_MS_MAX = 25_000
/** Time in which the response is built and sent. */
const RESPONSE_MS = 2000

const limitRate = createRateLimiter()
const ANONYMOUS: ApiKeyIdentity = { api_key_id: 0, name: 'anonymous', scopes: [] }

/**
 * The request chain of every HTTP function: headers → route → key and scope → body → handler → response headers.
 * Errors become problem documents in one place. One line is logged per request, without query, body or secrets.
 */
export function serve(function_name: FunctionName, operations: readonly Operation[], guard?: AuthGuard): HttpHandler {
  // Its own time-out is not needed: the handler has one.
  return middy<Event, Result | OperationResponse, Error, Context>({ timeoutEarlyInMillis: 0 })
    .use(responseMiddleware(function_name, guard))
    .use(httpHeaderNormalizer())
    .use(routeMiddleware(operations))
    .use(authMiddleware(guard))
    .use(bodyMiddleware())
    .handler((event) => inTime(event, guard, () => respondIfAuthorized(event, guard))) as unknown as HttpHandler
}

/** The outermost middleware: builds the gateway's response and logs the request. */
function responseMiddleware(function_name: FunctionName, guard: AuthGuard | undefined): Middleware {
  let logger: Log | undefined
  const finish = (event: Event, answer: OperationResponse, problem?: Problem): Result => {
    const { CORS_ORIGINS } = readConfig(['api'])
    const { requestId: request_id, routeKey: route, http } = event.requestContext
    const { started_ms, identity, rate_limit } = event.state
    const result = buildResponse(event as APIGatewayProxyEventV2, answer, {
      cors_origins: CORS_ORIGINS,
      request_id,
      ...(rate_limit && { rate_limit }),
    })
    logger ??= createLogger(function_name)
    const line = {
      request_id,
      route,
      method: http.method,
      status: result.statusCode,
      duration_ms: Math.round(performance.now() - started_ms),
      ...(identity && { api_key: identity.name }),
      ...(problem && { code: problem.code }),
    }
    if (problem && problem.status >= 500) logger.error('request failed', { ...line, error: problem.cause as Error })
    else logger.info('request', line)
    return result
  }
  return {
    before: ({ event, context }) => {
      event.headers ??= {}
      const started_ms = performance.now()
      const limit_ms = Math.min(REQUEST_MS_MAX, Math.max(0, context.getRemainingTimeInMillis() - RESPONSE_MS))
      event.state = { started_ms, deadline_ms: started_ms + limit_ms }
    },
    after: (request) => {
      request.response = finish(request.event, request.response as OperationResponse)
    },
    onError: (request) => {
      const problem = toProblem(request.error, guard?.classifyError(request.error))
      const answer = toProblemResponse(problem, request.event.requestContext.requestId)
      request.response = finish(request.event, answer, problem)
    },
  }
}

/** Finds the operation by the gateway's route key. Answers OPTIONS, 404 and 405 itself. */
function routeMiddleware(operations: readonly Operation[]): Middleware {
  const byKey = new Map(operations.map((operation) => [`${operation.method} ${operation.path}`, operation]))
  const methodsOf = (path: string): string[] =>
    operations
      .filter((operation) => operation.path === path)
      .flatMap(({ method, other_methods = [] }) => [method, ...other_methods])
      .flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
  return {
    before: ({ event }) => {
      const { routeKey, http } = event.requestContext
      const path = routeKey.slice(routeKey.indexOf(' ') + 1)
      const operation = byKey.get(`${http.method === 'HEAD' ? 'GET' : http.method} ${path}`)
      if (operation) {
        event.state.operation = operation
        return
      }
      const methods = methodsOf(path)
      if (methods.length === 0) throw new Problem('not_found', `No resource exists at ${http.path.slice(0, 200)}.`)
      event.state.methods = methods
      if (http.method === 'OPTIONS') return
      const allow = [...methods, 'OPTIONS'].join(', ')
      throw new Problem('method_not_allowed', `Allowed methods: ${allow}.`, { headers: { allow } })
    },
  }
}

/**
 * Checks the key at every request, so that a revoked key stops working immediately. With a key that was valid before, a
 * read runs concurrently with the check, and a change checks the key in its transaction: one round trip less each.
 */
const authMiddleware = (guard: AuthGuard | undefined): Middleware => ({
  before: async ({ event }) => {
    const { state, headers } = event
    const { scope, method } = state.operation ?? {}
    if (!scope) return
    const { authorize, findCachedIdentity, checkInTransactions } = requireGuard(guard)
    const key = readApiKey(headers)
    const canCheckInTransaction = state.operation?.has_one_transaction && headers['idempotency-key'] === undefined
    const cached = method === 'GET' || canCheckInTransaction ? findCachedIdentity(key, scope) : undefined
    if (cached && canCheckInTransaction) {
      const checked = await checkInTransactions(key, scope, cached)
      if (checked) {
        Object.assign(state, { checked, identity: cached })
        countRequest(state, key)
        return
      }
    }
    const pendingIdentity = authorize(key, scope)
    if (!cached || method !== 'GET') {
      state.identity = await inTime(event, guard, () => pendingIdentity)
      countRequest(state, key)
      return
    }
    state.identity = cached
    state.pendingIdentity = pendingIdentity
    // Awaited with the response. Until then a failure must not count as unhandled.
    pendingIdentity.catch(() => {})
    countRequest(state, key)
  },
})

/** Counts a request of a key that exists. @throws Problem rate_limited */
function countRequest(state: State, key: PresentedKey | null): void {
  const { RATE_LIMIT_PER_MINUTE } = readConfig(['api'])
  if (key !== null && RATE_LIMIT_PER_MINUTE > 0) state.rate_limit = limitRate(key.hash, RATE_LIMIT_PER_MINUTE)
}

/** Responds with a problem before Lambda would end the invocation with its own error. */
const inTime = <Result>(
  { state, requestContext }: Event,
  guard: AuthGuard | undefined,
  work: () => Promise<Result>,
): Promise<Result> =>
  withinDeadline(state.deadline_ms, work, () => {
    guard?.discardStalledConnections()
    throw lateProblem(requestContext.http.method)
  })

function lateProblem(method: string): Problem {
  const advice =
    method === 'GET' || method === 'HEAD'
      ? 'Repeat it. If it is late again, narrow it by filters or a smaller limit.'
      : 'It may have been carried out: look before you repeat it, or repeat it with its Idempotency-Key.'
  return new Problem('unavailable', `The request took too long and was abandoned. ${advice}`, {
    headers: { 'retry-after': '5' },
  })
}

/** Responds if the key is valid. Discards the prepared response otherwise. */
async function respondIfAuthorized(event: Event, guard: AuthGuard | undefined): Promise<OperationResponse> {
  const { pendingIdentity, identity, checked } = event.state
  if (checked) return respondInTransaction(event, guard, checked)
  if (!pendingIdentity) return handleOperation(event, guard)
  const [authorized, answer] = await Promise.allSettled([pendingIdentity, handleOperation(event, guard)])
  if (authorized.status === 'rejected') throw authorized.reason
  event.state.identity = authorized.value
  // The key's scopes have changed, or it has written in another process: run the operation again with what is known now.
  const { replica_read } = event.state
  const is_behind = replica_read && !replica_read.covers(authorized.value)
  if (is_behind || `${authorized.value.scopes}` !== `${identity?.scopes}`) return handleOperation(event, guard)
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}

/** Responds if the transaction found the key valid. Nothing was written otherwise. */
async function respondInTransaction(
  event: Event,
  guard: AuthGuard | undefined,
  checked: CheckedDatabase,
): Promise<OperationResponse> {
  const { identity: cached = ANONYMOUS } = event.state
  const [answer] = await Promise.allSettled([handleOperation(event, guard)])
  const identity = await checked.readIdentity()
  event.state.identity = identity
  delete event.state.checked
  if (!isSameIdentity(identity, cached)) return handleOperation(event, guard)
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}

/** A function that serves operations with a scope must be able to check keys. */
function requireGuard(guard: AuthGuard | undefined): AuthGuard {
  if (!guard) throw new Error('An operation with a scope is served without a guard.')
  return guard
}

/** Reads the key from `Authorization: Bearer …` or `x-api-key`. */
function readApiKey(headers: Readonly<Record<string, string | undefined>>): PresentedKey | null {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1]
  const secret = bearer ?? headers['x-api-key'] ?? ''
  return secret === '' ? null : presentKey(secret)
}

function bodyMiddleware(): Middleware {
  return {
    before: ({ event }) => {
      const { operation } = event.state
      const text = event.body as string | undefined
      if (!operation?.body || (operation.is_body_optional && !text)) {
        delete event.body
        return
      }
      try {
        event.body = parseBody(operation, { headers: event.headers, text, is_base64: event.isBase64Encoded })
      } catch (error) {
        if (!event.state.checked) throw error
        event.state.bodyError = error
      }
    },
  }
}

async function handleOperation(event: Event, guard: AuthGuard | undefined): Promise<OperationResponse> {
  const { operation, methods, identity = ANONYMOUS, bodyError } = event.state
  if (bodyError !== undefined) throw bodyError
  if (!operation) return buildOptionsResponse(methods ?? [])
  const params = readParams(operation, event as APIGatewayProxyEventV2)
  const query = readQuery(operation, event as APIGatewayProxyEventV2)
  const body = readBody(operation, event.body)
  // An operation without a scope opens the database itself if it needs it.
  if (operation.scope === null)
    return operation.handle({ params, query, body, headers: event.headers } as OperationCall)
  const { database, findReplica, stateWrite, loadCursorSecret, runOnce } = requireGuard(guard)
  const db = await database()
  const call: OperationCall = {
    params,
    query,
    body,
    headers: event.headers,
    identity,
    request_id: event.requestContext.requestId,
    db: event.state.checked?.db ?? db,
    cursor_secret: await loadCursorSecret(db),
  }
  const key = operation.method === 'POST' ? event.headers['idempotency-key'] : undefined
  if (key !== undefined && operation.is_response_secret) {
    const detail = 'The response contains a secret and is not stored. Omit the header.'
    throw new Problem('invalid_request', 'This operation does not accept an Idempotency-Key.', {
      errors: [{ header: 'Idempotency-Key', detail }],
    })
  }
  if (operation.has_replica_reads) {
    const read = await readFromReplica(operation, call, await findReplica(db))
    delete event.state.replica_read
    if (read) {
      event.state.replica_read = read
      return read.answer
    }
  }
  if (operation.method !== 'GET') await stateWrite(db, identity)
  const answer = await (key === undefined ? operation.handle(call) : runOnce(operation, call, key))
  // Read from the primary, so it was committed before: as if the key had written it.
  if (answer.shows_recent_work) await stateWrite(db, identity)
  return answer
}
