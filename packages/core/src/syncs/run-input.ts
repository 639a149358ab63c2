import type { Json } from '../model/fields.ts'

/** A run's input is copied to each of its leads' sources, so it must be small there. */
const SOURCE_CHARACTERS_MAX = 2000
const VALUE_CHARACTERS_MAX = 200

const secretKey = /cookie|token|passw|secret|api_?key|session|authorization|credential/i

/** An input nested deeper than a database takes must not keep the run's items from being imported. */
const LEVELS_MAX = 100

/**
 * The input without what looks like a credential: LinkedIn Actors, for one, are given session cookies. What is nested
 * deeper than any Actor asks for is left out.
 */
export function redactSecrets(input: Json, level = 0): Json {
  if (level > LEVELS_MAX) return '…'
  if (Array.isArray(input)) return input.map((value) => redactSecrets(value, level + 1))
  if (input === null || typeof input !== 'object') return input
  return Object.fromEntries(
    Object.entries(input).map(([key, value]) => [
      key,
      secretKey.test(key) && value !== null && typeof value !== 'boolean' ? '***' : redactSecrets(value, level + 1),
    ]),
  )
}

/** JSON text of the input for `lead_sources.scrape_params`; of a long one only the short values. */
export function toScrapeParams(input: Json): string | null {
  if (input === null) return null
  const text = JSON.stringify(input)
  if (text.length <= SOURCE_CHARACTERS_MAX || Array.isArray(input) || typeof input !== 'object') {
    return text.length <= SOURCE_CHARACTERS_MAX ? text : null
  }
  let length = 0
  const short = Object.entries(input).filter(([key, value]) => {
    const size = key.length + JSON.stringify(value).length
    if (size > VALUE_CHARACTERS_MAX || length + size > SOURCE_CHARACTERS_MAX) return false
    length += size
    return true
  })
  return JSON.stringify(Object.fromEntries(short))
}
