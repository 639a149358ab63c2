import { type FieldError, Problem } from '../problem.ts'
import type { FilterKind, FilterValue, ListDefinition, RawFilters } from './definition.ts'

/**
 * The filter language of query strings: `country=India`, `country=in:India,Nepal`, `country=not:India`,
 * `company_name=prefix:Acme`, `lead_score=gte:50`,
 * `created_at=gte:2026-01-01T00:00:00Z`, `email=is:null`, `tags=has:hotel`. A repeated parameter means that all
 * must match. A word before a colon that is not an operator belongs to the value (`external_id=google_place:…`); `eq:`
 * makes this explicit.
 */
export type { RawFilters } from './definition.ts'

export type Operator = 'eq' | 'not' | 'prefix' | 'in' | 'gt' | 'gte' | 'lt' | 'lte' | 'is_null' | 'is_not_null' | 'has'

export interface Filter {
  column: string
  operator: Operator
  values: readonly FilterValue[]
}

/** Maximum number of values of an `in:` list. Each is a lookup in an index. */
export const IN_VALUES_MAX = 50

/** Maximum length of a text of a filter. */
export const FILTER_CHARACTERS_MAX = 255

const comparisons = new Set(['gt', 'gte', 'lt', 'lte'])

function operatorsOf(kind: FilterKind): readonly string[] {
  if (kind === 'tags') return ['has', 'is']
  if (kind === 'boolean') return ['eq']
  if (kind === 'relation') return ['eq', 'in']
  if (kind === 'integer' || kind === 'time') return ['eq', 'in', 'gt', 'gte', 'lt', 'lte', 'is']
  if (kind === 'prefix_text') return ['eq', 'in', 'not', 'prefix', 'is']
  return typeof kind === 'string' ? ['eq', 'in', 'not', 'is'] : ['eq', 'in', 'not']
}

/** Describes the filters of a kind, for messages and documentation. */
export function describeFilter(kind: FilterKind): string {
  if (kind === 'tags') return 'has:VALUE, is:null or is:not_null'
  if (kind === 'boolean') return 'true or false'
  if (kind === 'relation') return 'a value or in:A,B'
  if (kind === 'integer') return 'a whole number, gte:50, gt:, lte:, lt:, in:1,2, is:null or is:not_null'
  if (kind === 'time') return 'an ISO 8601 time such as gte:2026-01-01T00:00:00Z; also gt:, lte:, lt:'
  if (kind === 'text') return 'a value, in:A,B, not:VALUE, is:null or is:not_null'
  if (kind === 'prefix_text') return 'a value, in:A,B, not:VALUE, prefix:VALUE, is:null or is:not_null'
  return `one of ${kind.join(', ')}; several as in:A,B; all but one as not:A`
}

/** Parses the filters of a list. @throws Problem invalid_request that names every invalid parameter */
export async function parseFilters(definition: ListDefinition, raw: RawFilters): Promise<Filter[]> {
  const filters: Filter[] = []
  const errors: FieldError[] = []
  for (const column of Object.keys(definition.filters)) {
    const given = raw[column]
    const kind = definition.filters[column]
    if (given === undefined || kind === undefined) continue
    for (const text of typeof given === 'string' ? [given] : given) {
      const filter = parseFilter(column, kind, text)
      if (filter) filters.push(await toStoredFilter(definition, filter, raw))
      else errors.push({ parameter: column, detail: `Use ${describeFilter(kind)}.` })
    }
  }
  if (errors.length > 0) throw new Problem('invalid_request', 'A filter is invalid.', { errors })
  return filters
}

/** Values that one filter compares at most. */
const STORED_FORMS_MAX = 500

/** Replaces the texts of a filter by the forms in which they are stored. */
async function toStoredFilter(definition: ListDefinition, filter: Filter, raw: RawFilters): Promise<Filter> {
  const { column, operator, values } = filter
  if (typeof values[0] !== 'string') return filter
  const compose = (text: FilterValue): string => String(text).normalize('NFC')
  if (operator === 'prefix') {
    const isLowerCase = definition.lower_case?.includes(column) ?? false
    return { ...filter, values: values.map((text) => (isLowerCase ? compose(text).toLowerCase() : compose(text))) }
  }
  // Without a form of its own a text is stored composed, or as an older version or another service wrote it.
  const toForms = definition.stored_forms?.[column] ?? ((text: string) => [text, compose(text)])
  const forms = await Promise.all(values.map(async (text) => toForms(String(text), raw)))
  const all = [...new Set(forms.flat())]
  const stored = all.length > STORED_FORMS_MAX ? [...new Set(forms.flatMap((few) => few.slice(0, 3)))] : all
  return { column, operator: operator === 'eq' && stored.length > 1 ? 'in' : operator, values: stored }
}

function parseFilter(column: string, kind: FilterKind, text: string): Filter | null {
  const colon = text.indexOf(':')
  const word = colon < 0 ? '' : text.slice(0, colon)
  const operator = operatorsOf(kind).includes(word) ? word : null
  const rest = operator === null ? text : text.slice(colon + 1)
  if (operator === 'is') return parseNullFilter(column, rest)
  if (operator === 'in') return parseInFilter(column, kind, rest)
  const value = parseValue(kind, rest)
  if (value === null) return null
  if (kind === 'tags') return operator === 'has' ? { column, operator: 'has', values: [value] } : null
  if (operator === 'not' || operator === 'prefix') return { column, operator, values: [value] }
  if (operator !== null && comparisons.has(operator)) return { column, operator: operator as Operator, values: [value] }
  return { column, operator: 'eq', values: [value] }
}

function parseNullFilter(column: string, word: string): Filter | null {
  if (word === 'null') return { column, operator: 'is_null', values: [] }
  return word === 'not_null' ? { column, operator: 'is_not_null', values: [] } : null
}

function parseInFilter(column: string, kind: FilterKind, text: string): Filter | null {
  const texts = splitValues(text)
  if (texts.length > IN_VALUES_MAX) return null
  const values = texts.map((value) => parseValue(kind, value))
  return values.some((value) => value === null) ? null : { column, operator: 'in', values: values as FilterValue[] }
}

/** Splits at commas; `\,` is a literal comma. */
function splitValues(text: string): string[] {
  return text.split(/(?<!\\),/).map((value) => value.replaceAll('\\,', ','))
}

function parseValue(kind: FilterKind, text: string): FilterValue | null {
  if (text === '') return null
  if (kind === 'text' || kind === 'prefix_text' || kind === 'relation' || kind === 'tags')
    return text.length <= FILTER_CHARACTERS_MAX ? text : null
  if (kind === 'boolean') return text === 'true' || text === 'false' ? text === 'true' : null
  if (kind === 'integer') {
    const value = Number(text)
    return /^-?\d{1,10}$/.test(text) && Math.abs(value) <= 2_147_483_647 ? value : null
  }
  if (kind === 'time') return parseTime(text)
  return kind.includes(text) ? text : null
}

/** Parses a date or an ISO 8601 time with a zone, within the range that every engine can store. */
export function parseTime(text: string): Date | null {
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/.test(text)) return null
  const time = new Date(text)
  const year = time.getUTCFullYear()
  // JavaScript reads 31 February as 3 March.
  if (new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() !== Number(text.slice(8, 10))) return null
  return year >= 1900 && year <= 9998 ? time : null
}
