import type { Json } from '../model/fields.ts'

/** The input of a run is copied to the source of each of its leads, so it must be small there. */
const SOURCE_CHARACTERS_MAX = 2000
const VALUE_CHARACTERS_MAX = 200

const secretKey = /cookie|token|passw|secret|api_?key|session|authorization|credential/i

/** An input nested deeper than a database accepts must not stop the import of the run's items. */
const LEVELS_MAX = 100

/**
 * Returns the input without values that look like credentials: LinkedIn Actors, for example, receive session cookies.
 * Levels deeper than any Actor requests are left out.
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

/** Returns the input as JSON text for `lead_sources.scrape_params`; of a long input only the short values. */
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
