import type { SimulatorState } from '../state.ts'
import { type Answer, ApiError } from './answer.ts'
import type { ApiRequest } from './request.ts'

export type Handler = (request: ApiRequest, state: SimulatorState) => Answer | Promise<Answer>

/** `GET /v2/things/:id`; a part that begins with a colon is a parameter. */
export type Routes = Record<string, Handler>

interface Route {
  method: string
  parts: string[]
  handler: Handler
}

function matchParts(pattern: readonly string[], parts: readonly string[]): string[] | null {
  const params: string[] = []
  for (const [i, part] of pattern.entries()) {
    const given = parts[i] as string
    if (part.startsWith(':')) params.push(given)
    else if (part !== given) return null
  }
  return params
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new ApiError(400, 'invalid-request', 'The path is not valid')
  }
}

/** Finds the handler of a request and its parameters. */
export class Router {
  readonly #by_length = new Map<number, Route[]>()

  constructor(...tables: Routes[]) {
    for (const [pattern, handler] of tables.flatMap((table) => Object.entries(table))) {
      const [method = '', path = ''] = pattern.split(' ')
      const parts = path.split('/').slice(1)
      this.#by_length.set(parts.length, [...(this.#by_length.get(parts.length) ?? []), { method, parts, handler }])
    }
  }

  /**
   * @throws ApiError 404 `page-not-found` for a path that no route has, 405 for a method that none of them has.
   */
  find(method: string, path: string): { handler: Handler; params: string[] } {
    // `/v2/acts` is the old name of `/v2/actors` and still works.
    const parts = path
      .replace(/^\/v2\/acts(?=\/|$)/, '/v2/actors')
      .split('/')
      .slice(1)
      .map(decoded)
    let path_is_known = false
    for (const route of this.#by_length.get(parts.length) ?? []) {
      const params = matchParts(route.parts, parts)
      if (!params) continue
      if (route.method === method) return { handler: route.handler, params }
      path_is_known = true
    }
    if (path_is_known) {
      throw new ApiError(405, 'method-not-allowed', `This API end-point can not be accessed by method ${method}`)
    }
    throw new ApiError(404, 'page-not-found', 'We have bad news: there is no API end-point at this URL.')
  }
}
