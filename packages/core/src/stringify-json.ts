import { findSourceText, parseExactly } from './json-source.ts'

/**
 * `JSON.stringify` for values that contain scraped items. An item is written as the text that is stored; with an indent,
 * with its exact numbers. `JSON.stringify` itself fails at about 4,000 levels, while `JSON.parse` and PostgreSQL take
 * 6,000 and MySQL any number: such an item is written without indent, so that its list can be read.
 */
export function stringifyJson(value: unknown, indent = 0): string {
  try {
    const sources: string[] = []
    const marked = markSources(value, indent, sources)
    const text = JSON.stringify(marked, null, indent)
    return sources.length === 0 ? text : text.replace(sourceMark, (_, index) => sources[Number(index)] ?? 'null')
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return stringifyDeep(value)
  }
}

/** Placeholder of a text until it is spliced in. Random, so that no text of a client can contain it. */
const MARK = `source-${crypto.randomUUID()}-`
const sourceMark = new RegExp(`"${MARK}(\\d+)"`, 'g')
export const ITEM_COLUMN = 'raw_data'

/** Replaces items by marks: the value itself, and `raw_data` of a row, of a list of rows, or of a page with `data`. */
function markSources(value: unknown, indent: number, sources: string[]): unknown {
  const source = findSourceText(value)
  if (source !== undefined) return indent > 0 ? parseExactly(source) : `${MARK}${sources.push(toOneLine(source)) - 1}`
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.some(hasSource) ? value.map((row) => markSources(row, indent, sources)) : value
  const { data } = value as { data?: unknown }
  const isPage = Array.isArray(data) && data.some(hasSource)
  if (!hasSource(value) && !isPage) return value
  return {
    ...value,
    ...(isPage && { data: markSources(data, indent, sources) }),
    ...(hasSource(value) && { [ITEM_COLUMN]: markSources(value[ITEM_COLUMN], indent, sources) }),
  }
}

const hasSource = (row: unknown): row is { [ITEM_COLUMN]: unknown } =>
  typeof row === 'object' && row !== null && findSourceText((row as { raw_data?: unknown }).raw_data) !== undefined

/** Line breaks outside of strings are only layout, and NDJSON has one line per row. */
const toOneLine = (source: string): string => (/[\r\n]/.test(source) ? source.replace(/[\r\n]+/g, ' ') : source)

/** A list or object that is not written to its end yet. */
interface OpenContainer {
  keys: readonly string[] | null
  values: readonly unknown[]
  next: number
}

/** For parsed data. Open lists and objects are kept in an array, not on the stack. */
function stringifyDeep(root: unknown): string {
  const parts: string[] = []
  const open: OpenContainer[] = []
  const begin = (value: unknown): void => {
    const source = findSourceText(value)
    if (source !== undefined) parts.push(toOneLine(source))
    else if (typeof value !== 'object' || value === null || 'toJSON' in value) {
      parts.push(JSON.stringify(value) ?? 'null')
    } else if (Array.isArray(value)) {
      parts.push('[')
      open.push({ keys: null, values: value, next: 0 })
    } else {
      const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
      parts.push('{')
      open.push({ keys: entries.map(([key]) => key), values: entries.map(([, inner]) => inner), next: 0 })
    }
  }
  begin(root)
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    const { keys, values, next } = inner
    if (next === values.length) {
      parts.push(keys ? '}' : ']')
      open.pop()
      continue
    }
    inner.next += 1
    if (next > 0) parts.push(',')
    if (keys) parts.push(JSON.stringify(keys[next]), ':')
    begin(values[next])
  }
  return parts.join('')
}
