import type { FunctionName, FunctionSpec } from '../functions/manifest.ts'
import { functionManifest } from '../functions/manifest.ts'
import { routes } from '../functions/routes.ts'
import { configParts } from '../packages/core/src/config/config.ts'
import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { settings } from './settings.ts'

/** A function per resource, whose routes share its warm instances. Keys are checked by the functions themselves. */
const origins = configParts.api.shape.CORS_ORIGINS.parse(process.env.CORS_ORIGINS)

export const api = new sst.aws.ApiGatewayV2('Api', {
  accessLog: { retention: settings.LOG_RETENTION },
  cors: origins.length > 0 && {
    allowOrigins: origins,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'x-api-key', 'content-type', 'if-match', 'if-none-match', 'idempotency-key'],
    exposeHeaders: ['etag', 'link', 'location', 'retry-after', 'x-request-id'],
    maxAge: '1 day',
  },
  ...(settings.API_DOMAIN && {
    domain: settings.API_DOMAIN_CERTIFICATE_ARN
      ? { name: settings.API_DOMAIN, dns: false as const, cert: settings.API_DOMAIN_CERTIFICATE_ARN }
      : settings.API_DOMAIN,
  }),
  transform: {
    stage: {
      defaultRouteSettings: {
        throttlingRateLimit: settings.API_REQUESTS_PER_SECOND,
        throttlingBurstLimit: settings.API_REQUESTS_BURST,
        // Figures per route: the alarm of the webhook is about its route alone.
        detailedMetricsEnabled: true,
      },
    },
  },
})

/** The functions behind the API, by name. */
export const apiFunctions = new Map<FunctionName, sst.aws.Function>()

for (const { method, path, function_name } of routes) {
  const name = function_name as FunctionName
  const { config }: FunctionSpec = functionManifest[name]
  const routed =
    apiFunctions.get(name) ?? createFunction(name, { after: config.includes('database') ? [migration] : [] })
  apiFunctions.set(name, routed)
  api.route(`${method} ${path}`, routed.arn)
}
