import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import { guard } from '../http/auth-guard.ts'
import { serve } from '../http/serve.ts'
import { healthOperations } from '../operations/health.ts'

const serveApi = serve('health', healthOperations, guard)

/** Paths without a route arrive here. `/console/` is one: the gateway's `{proxy+}` does not match an empty rest. */
export const handler = (event: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2> =>
  event.rawPath === '/console/'
    ? Promise.resolve({ statusCode: 302, headers: { location: '/console', 'cache-control': 'no-store' } })
    : serveApi(event, context)
