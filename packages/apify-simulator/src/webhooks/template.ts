/** What `{{…}}` may name, with dot paths below. */
export interface TemplateVariables {
  userId: string
  createdAt: string
  eventType: string
  eventData: unknown
  resource: unknown
  globals: { dateISO: string; dateUnix: number }
}

/** The template Apify uses for a webhook that has none. */
export const DEFAULT_PAYLOAD_TEMPLATE = `{
  "userId": {{userId}},
  "createdAt": {{createdAt}},
  "eventType": {{eventType}},
  "eventData": {{eventData}},
  "resource": {{resource}}
}`

const NAMES: ReadonlySet<string> = new Set(['userId', 'createdAt', 'eventType', 'eventData', 'resource', 'globals'])
const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g
const ONLY_VARIABLE = /^\{\{\s*([^{}]*?)\s*\}\}$/
// A whole JSON string, or a variable outside of any.
const STRING_OR_VARIABLE = /"(?:[^"\\]|\\.)*"|\{\{\s*([^{}]*?)\s*\}\}/g

/** A template that Apify would refuse to save. */
export class TemplateError extends Error {}

function valueAt(path: string, variables: TemplateVariables): unknown {
  let value: unknown = variables
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

function interpolateStrings(value: unknown, variables: TemplateVariables): unknown {
  if (typeof value === 'string') {
    const only = ONLY_VARIABLE.exec(value)
    if (only?.[1] !== undefined) return valueAt(only[1], variables) ?? null
    return value.replace(VARIABLE, (_all, path: string) => {
      const found = valueAt(path, variables)
      return typeof found === 'string' ? found : JSON.stringify(found ?? null)
    })
  }
  if (Array.isArray(value)) return value.map((element) => interpolateStrings(element, variables))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, interpolateStrings(inner, variables)]))
  }
  return value
}

/**
 * Fills a payload or headers template. Bare variables become JSON; with `in_strings` a string that is only a variable
 * becomes its value, and variables inside longer strings are put in as text.
 *
 * @throws TemplateError where the result is not JSON.
 */
export function fillTemplate(template: string, variables: TemplateVariables, in_strings: boolean): unknown {
  const bare = template.replace(STRING_OR_VARIABLE, (all, path: string | undefined) =>
    path === undefined ? all : JSON.stringify(valueAt(path, variables) ?? null),
  )
  let value: unknown
  try {
    value = JSON.parse(bare)
  } catch (cause) {
    throw new TemplateError('The template does not give valid JSON.', { cause })
  }
  return in_strings ? interpolateStrings(value, variables) : value
}

/** Throws a TemplateError for what Apify refuses to save: unknown variables, and what gives no JSON. */
export function checkTemplate(template: string, in_strings: boolean): void {
  for (const [all, inside] of template.matchAll(in_strings ? VARIABLE : STRING_OR_VARIABLE)) {
    if (inside === undefined) continue
    if (!NAMES.has(inside.split('.')[0] ?? '')) throw new TemplateError(`Unknown variable ${all}.`)
  }
  const nothing = { dateISO: '', dateUnix: 0 }
  const example = { userId: '', createdAt: '', eventType: '', eventData: null, resource: null, globals: nothing }
  fillTemplate(template, example, in_strings)
}
