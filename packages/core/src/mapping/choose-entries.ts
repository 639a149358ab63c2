import type { Field } from './fields.ts'
import { recognizeKey } from './recognize-key.ts'

/** An object parsed from JSON. */
export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const PRESENT_KEYS = ['current', 'new', 'after', 'now', 'present'] as const
const PAST_KEYS = ['previous', 'old', 'before', 'former', 'past'] as const
const CHANGE_KEYS_MAX = 6

/** Returns the present value of `{current, previous}` or `{before, after}`, or null for all that is no such pair. */
export function findPresentValue(value: object): NonNullable<unknown> | null {
  if (Array.isArray(value)) return null
  const record = value as JsonObject
  const past = PAST_KEYS.find((key) => Object.hasOwn(record, key))
  if (past === undefined || Object.keys(record).length > CHANGE_KEYS_MAX) return null
  for (const key of PRESENT_KEYS) if (Object.hasOwn(record, key)) return record[key] ?? null
  return null
}

const LABEL_KEYS =
  'label key title name type field caption system channel kind typ art bezeichnung tipo etichetta etiqueta libelle'.split(
    ' ',
  )
const CONTENT_KEYS = 'value text content val wert inhalt valeur valor valore waarde wartosc'.split(' ')
const PAIRS_MAX = 50
const PAIR_KEYS_MAX = 4
const LABEL_LENGTH_MAX = 60

/**
 * Returns `[{label: "Telefon", value: "030 …"}, …]` as an object with the labels as keys, or null for a list of other
 * objects. At least two different labels must mean something.
 */
export function toRecordOfPairs(list: readonly unknown[], first: JsonObject): JsonObject | null {
  if (list.length < 2 || Object.keys(first).length > PAIR_KEYS_MAX) return null
  const content = CONTENT_KEYS.find((key) => typeof first[key] === 'string')
  const label = LABEL_KEYS.find((key) => typeof first[key] === 'string')
  if (content === undefined || label === undefined) return null
  const record: JsonObject = {}
  const fields = new Set<Field>()
  for (const entry of list.slice(0, PAIRS_MAX)) {
    if (!isObject(entry)) return null
    const key = textOf(entry[label]).trim().replace(/:$/, '')
    const value = entry[content]
    if (key === '' || key.length > LABEL_LENGTH_MAX || typeof value !== 'string') continue
    const { field } = recognizeKey(key)
    if (field !== null) fields.add(field)
    // A second number of one kind has a key of its own.
    record[Object.hasOwn(record, key) ? `${key}${Object.keys(record).length}` : key] = value
  }
  return fields.size >= 2 ? record : null
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 200) : '')

const HEADQUARTER_KEYS = [
  'headquarter',
  'isHeadquarter',
  'headquarters',
  'isHeadquarters',
  'is_headquarter',
  'is_headquarters',
  'hq',
  'isHq',
  'is_hq',
  'primary',
  'isPrimary',
  'is_primary',
  'main',
  'isMain',
]
const PART_OF_TYPE: Record<string, Field> = {
  city: 'city',
  town: 'city',
  region: 'state',
  state: 'state',
  province: 'state',
  country: 'country',
}

const HEADQUARTERS =
  /^(?:headquarters?|hq|main office|head office|hauptsitz|si[eè]ge(?: social)?|sede(?: legale| central)?)$/i

const PURPOSE_KEYS = ['type', 'kind', 'purpose', 'address_type', 'addressType', 'address_purpose', 'label', 'use']
/** Addresses that say where letters and goods go, not where a company is. */
const OTHER_PURPOSE = /^(?:mailing|billing|shipping|delivery|invoice|correspondence|post(?:al)?|po box|home|private)\b/i

/** Reads the parts of one place from a list of typed values: `{location_type: "city", value: "London"}`. */
export function parseTypedParts(list: readonly unknown[]): { field: Field; value: string }[] {
  return list
    .slice(0, 200)
    .filter(isObject)
    .flatMap((entry) => {
      const field = PART_OF_TYPE[textOf(entry.location_type ?? entry.type).toLowerCase()]
      const value = textOf(entry.value ?? entry.name)
      return field === undefined || value === '' ? [] : [{ field, value }]
    })
}

/** Returns the place that is marked as headquarters, or the only one. Returns undefined if none stands out. */
export function chooseLocation(list: readonly unknown[]): JsonObject | undefined {
  const objects = list.slice(0, 200).filter(isObject)
  const marked = objects.find((entry) => HEADQUARTER_KEYS.some((key) => entry[key] === true || entry[key] === 1))
  if (marked !== undefined || objects.length === 1) return marked ?? objects[0]
  const places = objects.filter((entry) => !PURPOSE_KEYS.some((key) => OTHER_PURPOSE.test(textOf(entry[key]))))
  if (places.length === 1) return places[0]
  return objects.find((entry) =>
    HEADQUARTERS.test(textOf(entry.type) || textOf(entry.description) || textOf(entry.name)),
  )
}

/** Returns the current position of a job history. `current`: the key says that all positions of the list are. */
export function choosePosition(list: readonly unknown[], current: boolean): JsonObject | undefined {
  const objects = list.slice(0, 50).filter(isObject)
  const chosen = objects.find((entry) => isCurrent(entry) === true)
  if (chosen !== undefined) return chosen
  return current || objects.every((entry) => isCurrent(entry) === null) ? objects[0] : undefined
}

const END_KEYS = [
  'endDate',
  'end_date',
  'endsAt',
  'ends_at',
  'end',
  'to',
  'dateTo',
  'date_to',
  'endYear',
  'end_year',
  'ended_on',
]

/** Returns whether a position is current, or null if it states nothing about its end. */
function isCurrent(entry: JsonObject): boolean | null {
  for (const key of ['current', 'isCurrent', 'is_current', 'present', 'isPresent', 'is_primary'])
    if (typeof entry[key] === 'boolean') return entry[key] as boolean
  const endKey = END_KEYS.find((key) => Object.hasOwn(entry, key))
  if (endKey !== undefined) return isOpenEnd(entry[endKey])
  for (const key of ['caption', 'duration', 'dateRange', 'date_range', 'dates', 'period']) {
    if (typeof entry[key] === 'string' && isPresent(entry[key] as string)) return true
  }
  return null
}

function isOpenEnd(end: unknown): boolean {
  if (end === null || end === '') return true
  if (typeof end === 'number') return isPresent(String(end))
  if (!isObject(end)) return isPresent(textOf(end))
  const text = textOf(end.text)
  return (text === '' && end.year == null) || isPresent(text)
}

function isPresent(text: string): boolean {
  return /\b(?:present|current|heute|aujourd|actualidad|presente|actuel|now|today|ongoing)/i.test(text.slice(0, 100))
}
