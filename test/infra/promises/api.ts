import { EXPOSED_HEADERS } from '../../../functions/http/build-response.ts'
import { routes } from '../../../functions/routes.ts'
import { arn, at, lambda, lambdas, ofType, only, same } from '../stack-queries.ts'
import { settingOf } from '../variants.ts'
import { type Promised, unless } from './promise.ts'

const route = 'aws:apigatewayv2/route:Route'
const integration = 'aws:apigatewayv2/integration:Integration'
const stage = 'aws:apigatewayv2/stage:Stage'

/** Each route key and the function behind it, by the product's own table. */
const table = new Map<string, string>(
  routes.map(({ method, path, function_name }) => [path === '$default' ? path : `${method} ${path}`, function_name]),
)

export const apiPromises: Promised[] = [
  {
    promise: 'Every route of the route table is deployed, and no other',
    broken(stack) {
      const deployed = new Set(ofType(stack, route).map((each) => String(at(each, 'routeKey'))))
      return [
        ...[...table.keys()].filter((key) => !deployed.has(key)).map((key) => `${key} is missing`),
        ...[...deployed].filter((key) => !table.has(key)).map((key) => `${key} is in no table`),
      ]
    },
  },
  {
    promise: 'Every route leads to the function that the route table names',
    broken: (stack) =>
      ofType(stack, route).flatMap((each) => {
        const key = String(at(each, 'routeKey'))
        const target = ofType(stack, integration).find(({ name }) => at(each, 'target') === `integrations/${name}-id`)
        const behind = target && String(at(target, 'integrationUri'))
        const wanted = arn('lambda', `function:sales-leads-${stack.stage}-${table.get(key)}`)
        return unless(behind === wanted, `${key} leads to ${behind}`)
      }),
  },
  {
    promise: 'Functions get events of the version that they read (payload 2.0)',
    broken: (stack) =>
      ofType(stack, integration).flatMap((each) => unless(at(each, 'payloadFormatVersion') === '2.0', each.name)),
  },
  {
    promise: 'Only the API may invoke the functions behind it',
    broken(stack) {
      const permissions = ofType(stack, 'aws:lambda/permission:Permission')
      const allowed = permissions.map((each) => at(each, 'function'))
      return [
        ...[...new Set(table.values())]
          .map((name) => `sales-leads-${stack.stage}-${name}`)
          .filter((name) => !allowed.includes(name))
          .map((name) => `${name} may not be invoked`),
        ...permissions.flatMap((each) =>
          unless(
            at(each, 'principal') === 'apigateway.amazonaws.com' &&
              at(each, 'sourceArn') === `${arn('execute-api', 'ApiApi-id')}/*`,
            `${each.name} lets others in`,
          ),
        ),
      ]
    },
  },
  {
    promise: 'A function times out before the gateway does (30 s)',
    broken: (stack) =>
      [...new Set(table.values())].flatMap((name) => unless(Number(at(lambda(stack, name), 'timeout')) < 30, name)),
  },
  {
    promise: 'No function has a URL that bypasses the API',
    broken: (stack) =>
      unless(ofType(stack, 'aws:lambda/functionUrl:FunctionUrl').length === 0 && lambdas(stack).length > 0, 'a URL'),
  },
  {
    promise: 'Requests are throttled as the settings state, apart for webhook, health and the rest of the API',
    broken(stack, variant) {
      const settings = 'defaultRouteSettings'
      const api = only(stack, stage, 'ApiStage')
      const rate = Number(settingOf(variant, 'API_REQUESTS_PER_SECOND') ?? 50)
      const burst = Number(settingOf(variant, 'API_REQUESTS_BURST') ?? 100)
      const limits = at(api, 'routeSettings') as { routeKey: string; throttlingRateLimit: number }[] | undefined
      const limitOf = (key: string) => limits?.find(({ routeKey }) => routeKey === key)?.throttlingRateLimit
      const webhook = Number(settingOf(variant, 'WEBHOOK_REQUESTS_PER_SECOND') ?? 50)
      return [
        ...unless(at(api, `${settings}.throttlingRateLimit`) === rate, `not ${rate} a second`),
        ...unless(at(api, `${settings}.throttlingBurstLimit`) === burst, `not ${burst} at once`),
        ...unless(limitOf('POST /webhooks/apify') === webhook, 'the webhook shares the limit of the API'),
        ...unless((limitOf('GET /health') ?? rate) < rate, 'health shares the limit of the API'),
      ]
    },
  },
  {
    promise: 'A limit for a route is set only after the route exists',
    broken(stack) {
      const api = only(stack, stage, 'ApiStage')
      const limited = (at(api, 'routeSettings') ?? []) as { routeKey: string }[]
      return [
        ...unless(limited.length > 0, 'no route has a limit'),
        ...limited.flatMap(({ routeKey }) =>
          unless(table.has(routeKey) && api.waits_for.includes(`Route ${routeKey}`), `${routeKey} may not exist yet`),
        ),
      ]
    },
  },
  {
    promise: 'Every request is logged with its id, status and time, but without its query, which may contain a token',
    broken(stack) {
      const format = String(at(only(stack, stage, 'ApiStage'), 'accessLogSettings.format'))
      return [
        ...['requestId', 'routeKey', 'status', 'responseLatency']
          .filter((field) => !format.includes(`$context.${field}`))
          .map((field) => `${field} is not logged`),
        ...unless(!/querystring|authorizer|\$context\.requestOverride/i.test(format), 'the query is logged'),
      ]
    },
  },
  {
    promise: 'A browser may call the API only from the origins that were set',
    broken(stack, variant) {
      const cors = at(only(stack, 'aws:apigatewayv2/api:Api', 'ApiApi'), 'corsConfiguration') as
        | { allowOrigins?: string[]; allowHeaders?: string[]; exposeHeaders?: string[] }
        | undefined
      const wanted = settingOf(variant, 'CORS_ORIGINS')
      return [
        ...unless(String(cors?.allowOrigins ?? '') === (wanted ?? ''), `from ${String(cors?.allowOrigins)}`),
        ...unless(!wanted || cors?.allowHeaders?.includes('if-match') === true, 'without If-Match'),
      ]
    },
  },
  {
    promise: 'A browser may read the same response headers behind the gateway as from the functions',
    broken(stack, variant) {
      const cors = at(only(stack, 'aws:apigatewayv2/api:Api', 'ApiApi'), 'corsConfiguration.exposeHeaders')
      if (!settingOf(variant, 'CORS_ORIGINS')) return []
      const sent = EXPOSED_HEADERS.split(', ').sort()
      return unless(same([...((cors ?? []) as string[])].sort(), sent), `${String(cors)} instead of ${String(sent)}`)
    },
  },
  {
    promise: 'With a certificate of one’s own the deployment prints the DNS record to set',
    broken(stack, variant) {
      const record = String(stack.outputs.dns_record ?? '')
      const wanted = settingOf(variant, 'API_DOMAIN_CERTIFICATE_ARN')
        ? `${settingOf(variant, 'API_DOMAIN')} CNAME target.example.com`
        : ''
      return unless(record === wanted, `printed: ${record}`)
    },
  },
  {
    promise: 'A custom domain is served with TLS 1.2 or newer',
    broken(stack, variant) {
      const domains = ofType(stack, 'aws:apigatewayv2/domainName:DomainName')
      const wanted = settingOf(variant, 'API_DOMAIN')
      return [
        ...unless(domains.map((each) => at(each, 'domainName')).join() === (wanted ?? ''), 'another domain'),
        ...domains.flatMap((each) =>
          unless(at(each, 'domainNameConfiguration.securityPolicy') === 'TLS_1_2', 'older TLS'),
        ),
        ...unless(
          ofType(stack, 'aws:apigatewayv2/apiMapping:ApiMapping').length === domains.length || !wanted,
          'no mapping',
        ),
      ]
    },
  },
]
