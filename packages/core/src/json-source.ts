/**
 * Scraped items are stored to the letter, but `JSON.parse` changes them: it rounds long numbers, turns 1e400 into
 * Infinity and drops repeated keys. So the text of an item stays with the parsed value, and stringifyJson writes it.
 */

const sourceTexts = new WeakMap<object, string>()

/** `JSON.rawJSON` of Node 22: a number that `JSON.stringify` writes exactly as it is given. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): object }

/** Parses JSON and keeps its text for as long as the value lives. */
export function parseKeepingSource(text: string): unknown {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null) sourceTexts.set(value, text)
  return typeof value === 'number' ? toExactNumber(value, text.trim()) : value
}

/** Returns the text of which a value was parsed; undefined for other values. */
export const findSourceText = (value: unknown): string | undefined =>
  typeof value === 'object' && value !== null ? sourceTexts.get(value) : undefined

/** Parses JSON with exact numbers, for a text that is written in another layout. */
export function parseExactly(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? toExactNumber(value, context?.source ?? String(value)) : value
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown)
}

const toExactNumber = (value: number, text: string): unknown => (String(value) === text ? value : rawJSON(text))
