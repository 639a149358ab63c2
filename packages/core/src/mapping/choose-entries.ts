import type { Field } from './fields.ts'

/** An object parsed from JSON. */
export type JsonObject = Record<string, unknown>

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
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
