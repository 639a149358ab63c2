import { ApiError } from './answer.ts'

/** A whole number of at least 0, or null where it is not given. @throws ApiError 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (text === null || text === '') return null
  if (!/^\d{1,15}$/.test(text)) throw new ApiError(400, 'invalid-value', `Invalid value of "${name}": ${text}`)
  return Number(text)
}

/** A limit: the API takes 0 for none. */
export function limitOf(query: URLSearchParams): number | null {
  return wholeNumber(query, 'limit') || null
}

export function flag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name)
  return text === '1' || text === 'true'
}

/** A comma-separated list, or null where it is not given. */
export function listOf(query: URLSearchParams, name: string): string[] | null {
  const text = query.get(name)
  if (!text) return null
  return text.split(',').map((part) => part.trim())
}

/** A time in ISO form as milliseconds since 1970, or null where it is not given. @throws ApiError 400 */
export function timeOf(query: URLSearchParams, name: string): number | null {
  const text = query.get(name)
  if (!text) return null
  const stamp = Date.parse(text)
  if (Number.isNaN(stamp)) throw new ApiError(400, 'invalid-value', `Invalid value of "${name}": ${text}`)
  return stamp
}

const LIST_MAX = 1000

/** Cuts a page of a list as the API does: at most 1,000, offset and direction by the query. */
export function listPage<T>(query: URLSearchParams, all: readonly T[], view: (one: T) => unknown) {
  const offset = wholeNumber(query, 'offset') ?? 0
  const limit = Math.min(limitOf(query) ?? LIST_MAX, LIST_MAX)
  const desc = flag(query, 'desc')
  const ordered = desc ? [...all].reverse() : all
  const items = ordered.slice(offset, offset + limit).map(view)
  return { total: all.length, offset, limit, desc, count: items.length, items }
}
