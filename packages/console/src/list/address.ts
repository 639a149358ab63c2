/**
 * The address of a list is the API's own query string; what begins with `ui.` is the console's. This module alone knows
 * the filter language.
 */

export type FilterKind = 'text' | 'prefix_text' | 'relation' | 'integer' | 'time' | 'tags' | 'choice' | 'boolean'

export type Operator = 'in' | 'is_null' | 'is_not_null' | 'gt' | 'gte' | 'lt' | 'lte' | 'has' | 'not' | 'prefix'

export interface Filter {
  field: string
  operator: Operator
  /** Empty for `is_null` and `is_not_null`, several for `in` only. */
  values: readonly string[]
}

/** A query string as the router hands it on: a parameter given twice is an array. */
export type Search = Readonly<Record<string, string | readonly string[]>>

export interface Address {
  filters: readonly Filter[]
  q: string
  /** Empty: the list's own order. */
  sort: string
  /** Parameters of the console, without their `ui.`. */
  ui: Readonly<Record<string, string>>
  /** Parameters that are not a filter of the list: passed to the API, which reports the problem. */
  rest: Search
}

export type FilterKinds = Readonly<Record<string, FilterKind>>

const UI_PREFIX = 'ui.'
const COMPARISONS = ['gt', 'gte', 'lt', 'lte']

/** The words before a colon that are operators; any other belongs to the value. */
const operatorsOf: Readonly<Record<FilterKind, ReadonlySet<string>>> = {
  text: new Set(['eq', 'in', 'not', 'is']),
  prefix_text: new Set(['eq', 'in', 'not', 'prefix', 'is']),
  relation: new Set(['eq', 'in']),
  integer: new Set(['eq', 'in', 'is', ...COMPARISONS]),
  time: new Set(['eq', 'in', 'is', ...COMPARISONS]),
  tags: new Set(['has', 'is']),
  choice: new Set(['eq', 'in', 'not']),
  boolean: new Set(['eq']),
}

const isOperator = (kind: FilterKind, word: string): boolean => operatorsOf[kind].has(word)

const splitValues = (text: string): string[] => text.split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ','))

export function parseFilter(field: string, kind: FilterKind, text: string): Filter {
  const colon = text.indexOf(':')
  const word = colon < 0 ? '' : text.slice(0, colon)
  const operator = isOperator(kind, word) ? word : 'eq'
  const rest = isOperator(kind, word) ? text.slice(colon + 1) : text
  if (operator === 'is') {
    if (rest === 'null') return { field, operator: 'is_null', values: [] }
    if (rest === 'not_null') return { field, operator: 'is_not_null', values: [] }
    return { field, operator: 'in', values: [text] }
  }
  if (operator === 'in') return { field, operator: 'in', values: splitValues(rest) }
  if (operator === 'eq') return { field, operator: 'in', values: [rest] }
  return { field, operator: operator as Operator, values: [rest] }
}

export function formatFilter(kind: FilterKind, { operator, values }: Filter): string {
  if (operator === 'is_null') return 'is:null'
  if (operator === 'is_not_null') return 'is:not_null'
  const [first = ''] = values
  if (operator !== 'in') return `${operator}:${first}`
  if (values.length === 1) {
    const colon = first.indexOf(':')
    return colon >= 0 && isOperator(kind, first.slice(0, colon)) ? `eq:${first}` : first
  }
  // A backslash before the comma between two values would join them, so a value that ends with one comes last.
  const ordered = values.toSorted((a, b) => Number(a.endsWith('\\')) - Number(b.endsWith('\\')))
  return `in:${ordered.map((value) => value.replaceAll(',', '\\,')).join(',')}`
}

const asList = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

const lastOf = (value: string | readonly string[] | undefined): string => asList(value).at(-1) ?? ''

export function parseAddress(kinds: FilterKinds, search: Search): Address {
  const filters: Filter[] = []
  const ui: Record<string, string> = {}
  const rest: Record<string, string | readonly string[]> = {}
  for (const [name, value] of Object.entries(search)) {
    const kind = kinds[name]
    if (name.startsWith(UI_PREFIX)) ui[name.slice(UI_PREFIX.length)] = lastOf(value)
    else if (kind) filters.push(...asList(value).map((text) => parseFilter(name, kind, text)))
    else if (name !== 'q' && name !== 'sort') rest[name] = value
  }
  return { filters, q: lastOf(search.q), sort: lastOf(search.sort), ui, rest }
}

/** What the API is asked: the address without the console's parameters. */
export function toApiQuery(kinds: FilterKinds, address: Omit<Address, 'ui'>): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {}
  for (const filter of address.filters) {
    const text = formatFilter(kinds[filter.field] ?? 'text', filter)
    const before = query[filter.field]
    query[filter.field] = before === undefined ? text : [...asList(before), text]
  }
  if (address.q.trim() !== '') query.q = address.q
  if (address.sort !== '') query.sort = address.sort
  for (const [name, value] of Object.entries(address.rest)) query[name] = typeof value === 'string' ? value : [...value]
  return query
}

export function formatAddress(kinds: FilterKinds, address: Address): Search {
  const search: Record<string, string | readonly string[]> = toApiQuery(kinds, address)
  for (const [name, value] of Object.entries(address.ui)) if (value !== '') search[UI_PREFIX + name] = value
  return search
}

/** For the router: a query string of plain texts, in which a filter stays readable. */
export function parseSearch(text: string): Search {
  const search: Record<string, string | string[]> = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = search[name]
    search[name] = before === undefined ? value : [...asList(before), value]
  }
  return search
}

const READABLE = /%(3A|2C|40|2F)/g

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue
    for (const each of Array.isArray(value) ? value : [value]) parameters.append(name, String(each))
  }
  const text = parameters.toString().replace(READABLE, (code) => decodeURIComponent(code))
  return text === '' ? '' : `?${text}`
}

export const isSameFilter = (a: Filter, b: Filter): boolean =>
  a.field === b.field && a.operator === b.operator && a.values.join('\0') === b.values.join('\0')
