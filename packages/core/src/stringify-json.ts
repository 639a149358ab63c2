/**
 * `JSON.stringify` for values that hold scraped items: it gives up at some 4,000 levels, while `JSON.parse` and
 * PostgreSQL take 6,000 and MySQL any number. One such item must not keep a whole list from being read.
 * What is nested that deep is written without indents.
 */
export function stringifyJson(value: unknown, indent = 0): string {
  try {
    return JSON.stringify(value, null, indent)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return stringifyDeep(value)
  }
}

/** A list or object that is not written to its end yet. */
interface OpenContainer {
  keys: readonly string[] | null
  values: readonly unknown[]
  next: number
}

/** Of plain data, as it was parsed: the open lists and objects are kept in a list rather than on the stack. */
function stringifyDeep(root: unknown): string {
  const parts: string[] = []
  const open: OpenContainer[] = []
  const begin = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || 'toJSON' in value) {
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
