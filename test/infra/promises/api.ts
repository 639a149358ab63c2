import { routes } from '../../../functions/routes.ts'
import { arn, at, lambda, lambdas, ofType, only } from '../stack-queries.ts'
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
    promise: 'The API, and only it, may invoke each function behind it',
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
    promise: 'A function answers before the gateway gives up on it (30 s)',
    broken: (stack) =>
      [...new Set(table.values())].flatMap((name) => unless(Number(at(lambda(stack, name), 'timeout')) < 30, name)),
  },
  {
    promise: 'No function has an address of its own that goes round the API',
    broken: (stack) =>
      unless(ofType(stack, 'aws:lambda/functionUrl:FunctionUrl').length === 0 && lambdas(stack).length > 0, 'a URL'),
  },
  {
    promise: 'Requests are throttled, to what the settings say',
    broken(stack, variant) {
      const settings = 'defaultRouteSettings'
      const api = only(stack, stage, 'ApiStage')
      const rate = Number(settingOf(variant, 'API_REQUESTS_PER_SECOND') ?? 50)
      const burst = Number(settingOf(variant, 'API_REQUESTS_BURST') ?? 100)
      return [
        ...unless(at(api, `${settings}.throttlingRateLimit`) === rate, `not ${rate} a second`),
        ...unless(at(api, `${settings}.throttlingBurstLimit`) === burst, `not ${burst} at once`),
      ]
    },
  },
  {
    promise: 'Every request is logged with its id, status and time, and never with its query, which may hold a token',
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
        | { allowOrigins?: string[]; allowHeaders?: string[] }
        | undefined
      const wanted = settingOf(variant, 'CORS_ORIGINS')
      return [
        ...unless(String(cors?.allowOrigins ?? '') === (wanted ?? ''), `from ${String(cors?.allowOrigins)}`),
        ...unless(!wanted || cors?.allowHeaders?.includes('if-match') === true, 'without If-Match'),
      ]
    },
  },
  {
    promise: 'A domain of one’s own is served with TLS 1.2 at least, when it is set',
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
