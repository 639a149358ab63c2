/** A route in API Gateway's form: method (`GET` … or `ANY`) and path (`/leads/{id}`, `/files/{proxy+}`, `$default`). */
export interface RouteKey {
  method: string
  path: string
}

/** The route of a request, with the decoded values of its path variables, if any. */
export interface RouteMatch<TRoute> {
  route: TRoute
  path_parameters: Record<string, string> | undefined
}

interface Segment {
  kind: 'static' | 'variable' | 'greedy'
  value: string
}
interface CompiledRoute<TRoute> {
  route: TRoute
  method: string
  segments: Segment[]
  has_variables: boolean
}

const segmentRanks = { static: 0, variable: 1, greedy: 2 }

/** Returns the route's key as it appears in events: `GET /leads/{id}`, or `$default`. */
export function toRouteKey(route: RouteKey): string {
  return route.path === '$default' ? '$default' : `${route.method} ${route.path}`
}

/**
 * Compiles a route table into a lookup with API Gateway's priority: a full match of path and method, then the most
 * specific greedy `{proxy+}`, then `$default`. Within a kind, static segments come before variables from left to right,
 * and a named method before `ANY`.
 * @throws Error on a malformed path and on two routes with the same key, as API Gateway does on creation
 */
export function compileRoutes<TRoute extends RouteKey>(
  routes: readonly TRoute[],
): (method: string, path: string) => RouteMatch<TRoute> | undefined {
  const keys = new Set<string>()
  for (const route of routes) {
    const key = toRouteKey(route).replaceAll(/\{[^}+]+(\+?)\}/g, '{$1}')
    if (keys.has(key)) throw new Error(`Two routes have the same key: ${toRouteKey(route)}`)
    keys.add(key)
  }
  const fallback = routes.find((route) => route.path === '$default')
  const compiled = routes
    .filter((route) => route.path !== '$default')
    .map(compileRoute)
    .sort(compareSpecificity)
  const ofMethod = new Map(
    compiled.map(({ method }) => [method, compiled.filter((each) => each.method === method || each.method === 'ANY')]),
  )
  const ofAny = ofMethod.get('ANY') ?? []
  return (method, path) => {
    const parts = path.slice(1).split('/')
    for (const { route, segments, has_variables } of ofMethod.get(method) ?? ofAny) {
      if (!matchesSegments(segments, parts)) continue
      return { route, path_parameters: has_variables ? readVariables(segments, parts) : undefined }
    }
    return fallback && { route: fallback, path_parameters: undefined }
  }
}

function compileRoute<TRoute extends RouteKey>(route: TRoute): CompiledRoute<TRoute> {
  const segments = parsePath(route.path)
  return { route, method: route.method, segments, has_variables: segments.some(({ kind }) => kind !== 'static') }
}

function parsePath(path: string): Segment[] {
  if (!path.startsWith('/')) throw new Error(`A route's path starts with / or is $default: ${path}`)
  const parts = path.slice(1).split('/')
  return parts.map((part, index) => {
    const variable = /^\{([A-Za-z0-9._-]+)(\+?)\}$/.exec(part)
    if (!variable) {
      if (/[{}]/.test(part)) throw new Error(`A variable must be a whole segment of the path: ${path}`)
      return { kind: 'static', value: part }
    }
    if (variable[2] === '+' && index < parts.length - 1) throw new Error(`{name+} must end the path: ${path}`)
    return { kind: variable[2] === '+' ? 'greedy' : 'variable', value: variable[1] ?? '' }
  })
}

function compareSpecificity<TRoute>(a: CompiledRoute<TRoute>, b: CompiledRoute<TRoute>): number {
  const greedy = Number(a.segments.at(-1)?.kind === 'greedy') - Number(b.segments.at(-1)?.kind === 'greedy')
  if (greedy !== 0) return greedy
  for (const [index, segment] of a.segments.entries()) {
    const other = b.segments[index]
    if (!other) break
    if (segmentRanks[segment.kind] !== segmentRanks[other.kind])
      return segmentRanks[segment.kind] - segmentRanks[other.kind]
  }
  return b.segments.length - a.segments.length || Number(a.method === 'ANY') - Number(b.method === 'ANY')
}

function matchesSegments(segments: readonly Segment[], parts: readonly string[]): boolean {
  const isGreedy = segments.at(-1)?.kind === 'greedy'
  if (isGreedy ? parts.length < segments.length : parts.length !== segments.length) return false
  return segments.every(({ kind, value }, index) => {
    const part = parts[index]
    if (kind === 'static') return part === value
    return part !== '' || (kind === 'greedy' && parts.length > segments.length)
  })
}

function readVariables(segments: readonly Segment[], parts: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {}
  for (const [index, { kind, value }] of segments.entries()) {
    if (kind !== 'static') parameters[value] = kind === 'greedy' ? parts.slice(index).join('/') : (parts[index] ?? '')
  }
  return parameters
}
