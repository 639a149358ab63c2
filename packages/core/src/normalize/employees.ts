import { memoize } from './memoize.ts'

/** A number of employees: an exact count, or a range. An open end is null. */
export interface EmployeeSize {
  count: number | null
  min: number | null
  max: number | null
}

const NONE: EmployeeSize = { count: null, min: null, max: null }
const MAX = 10_000_000

function whole(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 && value <= MAX ? Math.round(value) : null
  if (typeof value !== 'string' || value.length > 20) return null
  const match = /^(\d+(?:[.,\s'’]\d{3})*)(?:[.,](\d{1,2}))?\s*([kKmM]?)\+?$/.exec(value.trim())
  if (match === null) return null
  const base = Number((match[1] ?? '').replace(/\D/g, '')) + (match[2] === undefined ? 0 : Number(`0.${match[2]}`))
  const unit = match[3]?.toLowerCase()
  const scaled = Math.round(base * (unit === 'k' ? 1_000 : unit === 'm' ? 1_000_000 : 1))
  return scaled <= MAX ? scaled : null
}

function range(min: number | null, max: number | null): EmployeeSize {
  if (min === null && max === null) return NONE
  if (min !== null && max !== null && max < min) return NONE
  return { count: null, min, max }
}

/** `c_00051_00100`, `c_10001_max`, `SIZE_11_50`: ranges as members of an enumeration. */
const ENUMERATED = /^[a-z]{1,12}_0*(\d+)_(?:0*(\d+)|max|plus)$/i

const COUNT = /^\d{1,6}$/

function readText(text: string): EmployeeSize {
  if (COUNT.test(text)) return { count: Number(text), min: null, max: null }
  const enumerated = ENUMERATED.exec(text)
  if (enumerated !== null) return range(whole(enumerated[1]), whole(enumerated[2]))
  const short = text.trim().slice(0, 60).toLowerCase()
  const plain = short
    .replace(
      /\b(?:employees?|mitarbeiter(?:innen)?|beschäftigte|employés?|salariés?|empleados|dipendenti|addetti|people|staff|members?|persons?|medewerkers|pracowników|funcionários|colaboradores|anställda|ansatte)(?![\p{L}\d])(?: (?:on|in|auf|sur|en|su|at) linkedin)?®?/gu,
      '',
    )
    .replace(/[()~≈]/g, '')
    .replace(
      /^\s*(?:ca|circa|cca|approx|approximately|about|etwa|rund|env|environ|aprox|ok|około|ongeveer)\b\.?\s*/,
      '',
    )
    .trim()
  if (/^(?:self[- ]?employed|myself only|just me|solo)$/.test(short)) return { count: 1, min: null, max: null }
  const between =
    /^(?:from |between |von |de |da )?(\d[\d.,\s'’]*[km]?)\s*(?:-|–|—|to|bis|à|a|und|and|\.\.\.?|_)\s*(\d[\d.,\s'’]*[km]?)$/.exec(
      plain,
    )
  if (between !== null) return range(whole((between[1] ?? '').trim()), whole((between[2] ?? '').trim()))
  const open =
    /^(?:more than |over |above |mehr als |über |plus de |más de |oltre |>=?\s*)(\d[\d.,\s'’]*[km]?)$/.exec(plain) ??
    /^(\d[\d.,\s'’]*[km]?)\s*(?:\+|or more|and more|and above|plus)$/.exec(plain)
  if (open !== null) return range(whole((open[1] ?? '').trim()), null)
  const below =
    /^(?:less than |under |up to |fewer than |weniger als |bis |bis zu |moins de |menos de |meno di |<=?\s*)(\d[\d.,\s'’]*[km]?)$/.exec(
      plain,
    )
  if (below !== null) return range(null, whole((below[1] ?? '').trim()))
  const count = whole(plain)
  return count === null ? NONE : { count, min: null, max: null }
}

/** Items of one source repeat a few ranges, and reading one takes 2 µs. */
const fromText = memoize(readText, { results_max: 64, length_max: 60 })

/** Two numbers are a range; a number and a range say both: `["88", "50 - 99"]`. */
function readPair(first: unknown, second: unknown): EmployeeSize {
  const [low, high] = [whole(first), whole(second)]
  if (low !== null && high !== null) return range(low, high)
  const [one, other] = [parseEmployeeSize(first), parseEmployeeSize(second)]
  const ends = one.min === null && one.max === null ? other : one
  return { count: one.count ?? other.count, min: ends.min, max: ends.max }
}

/**
 * Reads `12`, `"12"`, `"501-1000"`, `"10,001+ employees"`, `"1K-5K"`, `[51, 100]`, `{start: 1, end: 10}`, `{min, max}`,
 * `{value}`. An exact number becomes the count, a range its two ends. An open end is null.
 */
export function parseEmployeeSize(value: unknown): EmployeeSize {
  if (typeof value === 'string') return fromText(value)
  if (typeof value === 'number') {
    const count = whole(value)
    return count === null || count === 0 ? NONE : { count, min: null, max: null }
  }
  if (Array.isArray(value)) {
    if (value.length === 1) return parseEmployeeSize(value[0])
    return value.length === 2 ? readPair(value[0], value[1]) : NONE
  }
  if (typeof value !== 'object' || value === null) return NONE
  const object = value as Record<string, unknown>
  const own = (...keys: string[]) =>
    keys.map((key) => (Object.hasOwn(object, key) ? whole(object[key]) : null)).find((found) => found !== null) ?? null
  const min = own('start', 'min', 'from', 'low', 'minimum', 'lower', 'gte', 'begin')
  const max = own('end', 'max', 'to', 'high', 'maximum', 'upper', 'lte')
  if (min !== null || max !== null) return range(min, max)
  for (const key of ['value', 'text', 'label', 'name', 'count', 'range', 'total']) {
    const inner = Object.hasOwn(object, key) ? object[key] : undefined
    if (typeof inner === 'string' || typeof inner === 'number') return parseEmployeeSize(inner)
  }
  return NONE
}
