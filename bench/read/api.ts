import { type Gateway, startGateway } from '@leads/cli/stack/gateway'
import { createGatewayEvent, splitTarget } from '@leads/cli/stack/gateway-event'
import { compileRoutes, toRouteKey } from '@leads/cli/stack/gateway-routes'
import { createContext, markSelfTimed } from '@leads/cli/stack/lambda'
import { ensureApiKey } from '@leads/core/api-keys/api-keys'
import { keepConfig } from '@leads/core/config/read-config'
import { openDatabase } from '@leads/core/database/open-database'
import type { HttpHandler } from '@leads/functions/http/serve'
import { type Route, routes } from '@leads/functions/routes'
import { closeDatabase } from '@leads/functions/runtime/database'
import type { FunctionName } from '@leads/functions/runtime/manifest'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

interface Served {
  match: ReturnType<typeof compileRoutes<Route>>
  handlers: ReadonlyMap<string, HttpHandler>
  headers: Readonly<Record<string, string>>
}

interface Call {
  function_name: FunctionName
  handler: HttpHandler
  event: APIGatewayProxyEventV2
}

const KEY = 'lk_bench'.padEnd(43, '0')

export interface Api {
  /** Calls the function as API Gateway does; returns the body's text. */
  invoke(target: string): Promise<string>
  /** The same over HTTP, through the local gateway. */
  request(target: string): Promise<string>
  close(): Promise<void>
}

/** The functions of the API on this database, in this process. */
export async function startApi(database_url: string): Promise<Api> {
  await prepareEnvironment(database_url)
  // As on AWS, where the environment stays as it is.
  const stopKeeping = keepConfig()

  const handlers = new Map<string, HttpHandler>()
  const names = new Set(['leads', 'stats', 'companies', 'syncs'])
  for (const name of names)
    handlers.set(name, ((await import(`../../functions/handlers/${name}.ts`)) as { handler: HttpHandler }).handler)
  const served = routes.filter(({ function_name }) => names.has(function_name))
  const match = compileRoutes<Route>(served)
  const headers = { host: 'api.test', authorization: `Bearer ${KEY}` }

  const calls = new Map<string, Call>()
  const invoke: Api['invoke'] = async (target) => {
    // The gateway makes the event, so that is not measured. The function replaces its headers, and adds to it.
    const call = calls.get(target) ?? buildCall(target, { match, handlers, headers })
    calls.set(target, call)
    const { function_name, handler, event } = call
    const context = createContext({ function_name, request_id: 'bench', deadline_ms: Date.now() + 29_000 })
    const { statusCode, body = '' } = await handler({ ...event, headers: { ...event.headers } }, context)
    if (statusCode !== 200) throw new Error(`${target} was answered ${statusCode}: ${body}`)
    return body
  }

  const gateway: Gateway = await startGateway({
    port: 0,
    routes: served.map(({ method, path, function_name }) => ({
      method,
      path,
      function_name,
      handler: markSelfTimed(((event: never, context: never) =>
        handlers.get(function_name)?.(event, context)) as never),
    })),
  })
  return {
    invoke,
    async request(target) {
      const response = await fetch(gateway.url + target, { headers })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${target} was answered ${response.status}: ${text}`)
      return text
    },
    async close() {
      await gateway.close()
      await closeDatabase()
      stopKeeping()
    },
  }
}

/** The function that a GET request goes to, and the event that the gateway makes of it. */
function buildCall(target: string, { match, handlers, headers }: Served): Call {
  const split = splitTarget(target)
  const found = split && match('GET', split.path)
  if (!split || !found) throw new Error(`There is no route for ${target}`)
  const request = {
    method: 'GET',
    ...split,
    raw_headers: Object.entries(headers).flat(),
    http_version: '1.1',
    source_ip: '127.0.0.1',
    local_port: 443,
    body: Buffer.alloc(0),
  }
  const route = { route_key: toRouteKey(found.route), path_parameters: found.path_parameters }
  const { function_name } = found.route
  const handler = handlers.get(function_name) as HttpHandler
  return { function_name, handler, event: createGatewayEvent(request, route, 'bench', new Date()) }
}

/** Sets what the functions read at their first request, and creates the API key. */
async function prepareEnvironment(database_url: string): Promise<void> {
  Object.assign(process.env, {
    DATABASE_URL: database_url,
    // As on AWS: one connection per function.
    DATABASE_CONNECTIONS_MAX: '1',
    LOG_LEVEL: 'ERROR',
    RATE_LIMIT_PER_MINUTE: '0',
    POWERTOOLS_LOG_LEVEL: 'CRITICAL',
  })
  const db = await openDatabase(database_url, { connections_max: 1 })
  await ensureApiKey(db, { name: 'bench', key: KEY, scopes: ['admin'] })
  await db.close()
}
