import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { healthOperations } from '../operations/health.ts'

const serveApi = serve('health', healthOperations, guard)

/** Paths without a route arrive here. `/console/` is one: the gateway's `{proxy+}` does not match an empty rest. */
export const handler = (event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> =>
  event.rawPath === '/console/' ? Promise.resolve(redirectToConsole(event)) : serveApi(event, context)

/** The query string is the state of the page: a link to it must not lose it. */
function redirectToConsole({ rawQueryString }: APIGatewayProxyEventV2): APIGatewayProxyStructuredResultV2 {
  const location = rawQueryString ? `/console?${rawQueryString}` : '/console'
  return { statusCode: 302, headers: { location, 'cache-control': 'no-store' } }
}
