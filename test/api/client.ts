import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { createGatewayEvent, splitTarget } from '@leads/cli/stack/gateway-event'
import { createGatewayResponse } from '@leads/cli/stack/gateway-response'
import { compileRoutes, toRouteKey } from '@leads/cli/stack/gateway-routes'
import { createContext } from '@leads/cli/stack/lambda'
import { ensureApiKey } from '@leads/core/api-keys/api-keys'
import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import type { Scope } from '@leads/core/model/api-key'
import type { HttpHandler } from '@leads/functions/http/serve'
import { type Route, routes } from '@leads/functions/routes'
import { closeDatabase } from '@leads/functions/runtime/database'
import { type FreshDatabase, freshDatabase, type TestEngine } from '../setup/engines.ts'
import { deviation } from './document.ts'

export interface TestAnswer {
  status: number
  headers: Record<string, string | string[]>
  text: string
  /** The body parsed as JSON; undefined if there is none. */
  body: AnyJson
}
// biome-ignore lint/suspicious/noExplicitAny: tests read any response; every response is validated against the document.
type AnyJson = any

export interface RequestOptions {
  body?: unknown
  headers?: Record<string, string>
  /** Scope of the key that is sent; null sends none. Default: admin. */
  as?: Scope | null
  /** Time that the function has. Default: 29 s, as on AWS. */
  remaining_ms?: number
}

export interface TestApi {
  readonly db: Database
  readonly keys: Record<Scope, string>
  request(method: string, target: string, options?: RequestOptions): Promise<TestAnswer>
  get(target: string, options?: RequestOptions): Promise<TestAnswer>
  post(target: string, body?: unknown, options?: RequestOptions): Promise<TestAnswer>
  patch(target: string, body: unknown, options?: RequestOptions): Promise<TestAnswer>
  put(target: string, body: unknown, options?: RequestOptions): Promise<TestAnswer>
  delete(target: string, options?: RequestOptions): Promise<TestAnswer>
  close(): Promise<void>
}

const match = compileRoutes(routes)
const handlers = new Map<string, Promise<{ handler: HttpHandler }>>()

function handlerOf({ function_name }: Route): Promise<{ handler: HttpHandler }> {
  const loading = handlers.get(function_name) ?? import(`../../functions/handlers/${function_name}.ts`)
  handlers.set(function_name, loading)
  return loading
}

/** The API on a fresh database. Requests become gateway events for the same handlers that run on AWS. */
export async function startApi(engine: TestEngine, database?: FreshDatabase): Promise<TestApi> {
  const { database_url, drop } = database ?? (await freshDatabase(engine))
  process.env.DATABASE_URL = database_url
  process.env.LOG_LEVEL ??= 'ERROR'
  process.env.RATE_LIMIT_PER_MINUTE ??= '0'
  process.env.POWERTOOLS_LOG_LEVEL ??= 'CRITICAL'
  const db = await openDatabase(database_url, { connections_max: 5 })
  const keys = { read: testKey('read'), write: testKey('write'), admin: testKey('admin') }
  for (const scope of ['read', 'write', 'admin'] as const)
    await ensureApiKey(db, { name: `${scope} key`, key: keys[scope], scopes: [scope] })

  const request: TestApi['request'] = async (method, target, options = {}) => {
    const { as = 'admin', remaining_ms = 29_000 } = options
    const headers: Record<string, string> = { host: 'api.test', ...(as && { authorization: `Bearer ${keys[as]}` }) }
    const is_raw = typeof options.body === 'string' || options.body instanceof Uint8Array
    const has_body = options.body !== undefined
    if (has_body) headers['content-type'] = 'application/json'
    Object.assign(headers, options.headers)
    const content = is_raw ? (options.body as string) : has_body ? JSON.stringify(options.body) : ''
    const split = splitTarget(target)
    const found = split && match(method, split.path)
    if (!split || !found) throw new Error(`The gateway has no route for ${method} ${target}`)
    const event = createGatewayEvent(
      {
        method,
        ...split,
        raw_headers: Object.entries(headers).flat(),
        http_version: '1.1',
        source_ip: '127.0.0.1',
        local_port: 443,
        body: Buffer.from(content),
      },
      { route_key: toRouteKey(found.route), path_parameters: found.path_parameters },
      `test-${Math.random().toString(36).slice(2)}`,
      new Date(),
    )
    const { handler } = await handlerOf(found.route)
    const { function_name } = found.route
    const context = createContext({ function_name, request_id: 'test', deadline_ms: Date.now() + remaining_ms })
    const response = createGatewayResponse(JSON.parse(JSON.stringify(await handler(event, context))))
    const answer = readAnswer(response)
    // Every response of every test is validated against the OpenAPI document.
    const wrong = deviation(method, found.route.path, answer)
    if (wrong) throw new Error(wrong)
    return answer
  }

  return {
    db,
    keys,
    request,
    get: (target, options) => request('GET', target, options),
    post: (target, body, options) => request('POST', target, { ...options, ...(body !== undefined && { body }) }),
    patch: (target, body, options) => request('PATCH', target, { ...options, body }),
    put: (target, body, options) => request('PUT', target, { ...options, body }),
    delete: (target, options) => request('DELETE', target, options),
    async close() {
      await closeDatabase()
      await db.close()
      await drop()
    },
  }
}

const testKey = (scope: string): string => `lk_${scope}`.padEnd(43, '0')

function readAnswer({ status, headers, body: sent }: ReturnType<typeof createGatewayResponse>): TestAnswer {
  const body = Buffer.from(sent)
  const encoding = headers['content-encoding']
  const bytes = encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
  const text = bytes.toString('utf8')
  const is_json = /^application\/([a-z-]+\+)?json/.test(String(headers['content-type'] ?? ''))
  return { status, headers, text, body: is_json && text !== '' ? JSON.parse(text) : undefined }
}
