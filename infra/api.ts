import { EXPOSED_HEADERS } from '../functions/http/build-response.ts'
import { routes } from '../functions/routes.ts'
import { type FunctionName, type FunctionSpec, functionManifest } from '../functions/runtime/manifest.ts'
import { configParts } from '../packages/core/src/config/read-config.ts'
import { createFunction } from './functions.ts'
import { migration } from './migration.ts'
import { componentName } from './names.ts'
import { settings } from './settings.ts'

const origins = configParts.api.shape.CORS_ORIGINS.parse(process.env.CORS_ORIGINS)

/** Limits of single routes can only be set once the routes exist, so the stage waits for them. */
const routesExist = Promise.withResolvers<$util.Resource[]>()

const throttle = (throttlingRateLimit: number, throttlingBurstLimit: number) => ({
  throttlingRateLimit,
  throttlingBurstLimit,
})

/** A flood of API requests must not turn Apify's webhooks away, and monitoring must not use up the API's limit. */
const routeSettings = [
  {
    routeKey: 'POST /webhooks/apify',
    ...throttle(settings.WEBHOOK_REQUESTS_PER_SECOND, settings.WEBHOOK_REQUESTS_BURST),
  },
  { routeKey: 'GET /health', ...throttle(5, 10) },
]

/** A function per resource, whose routes share its warm instances. Keys are checked by the functions themselves. */
export const api = new sst.aws.ApiGatewayV2('Api', {
  accessLog: { retention: settings.LOG_RETENTION },
  cors: origins.length > 0 && {
    allowOrigins: origins,
    allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowHeaders: ['authorization', 'x-api-key', 'content-type', 'if-match', 'if-none-match', 'idempotency-key'],
    exposeHeaders: EXPOSED_HEADERS.split(', '),
    maxAge: '1 day',
  },
  ...(settings.API_DOMAIN && {
    domain: settings.API_DOMAIN_CERTIFICATE_ARN
      ? { name: settings.API_DOMAIN, dns: false as const, cert: settings.API_DOMAIN_CERTIFICATE_ARN }
      : settings.API_DOMAIN,
  }),
  transform: {
    stage: (stage, options) => {
      stage.defaultRouteSettings = throttle(settings.API_REQUESTS_PER_SECOND, settings.API_REQUESTS_BURST)
      stage.routeSettings = routeSettings
      options.dependsOn = routesExist.promise
    },
  },
})

/** The functions of the API, by name. */
export const apiFunctions = new Map<FunctionName, sst.aws.Function>()
const integrations = new Map<FunctionName, aws.apigatewayv2.Integration>()

/**
 * One function, one integration and one permission for all routes of a resource. SST's own `route()` creates all three
 * per route, and the permissions of a resource with thirty routes would not fit into a function's policy (20 KB).
 */
function integrationOf(name: FunctionName): aws.apigatewayv2.Integration {
  const known = integrations.get(name)
  if (known) return known
  const { config }: FunctionSpec = functionManifest[name]
  const routed = createFunction(name, { after: config.includes('database') ? [migration] : [] })
  const permission = new aws.lambda.Permission(`${componentName(name)}Permission`, {
    action: 'lambda:InvokeFunction',
    function: routed.name,
    principal: 'apigateway.amazonaws.com',
    sourceArn: $interpolate`${api.nodes.api.executionArn}/*`,
  })
  const integration = new aws.apigatewayv2.Integration(
    `${componentName(name)}Integration`,
    {
      apiId: api.nodes.api.id,
      integrationType: 'AWS_PROXY',
      integrationUri: routed.arn,
      payloadFormatVersion: '2.0',
      timeoutMilliseconds: 30_000,
    },
    { dependsOn: [permission] },
  )
  apiFunctions.set(name, routed)
  integrations.set(name, integration)
  return integration
}

routesExist.resolve(
  routes.map(({ method, path, function_name }) => {
    const routeKey = path === '$default' ? '$default' : `${method} ${path}`
    return new aws.apigatewayv2.Route(`Route ${routeKey}`, {
      apiId: api.nodes.api.id,
      routeKey,
      target: $interpolate`integrations/${integrationOf(function_name).id}`,
      // The functions check keys and scopes themselves, against the database.
      authorizationType: 'NONE',
    })
  }),
)
