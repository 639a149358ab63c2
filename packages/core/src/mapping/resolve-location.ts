import { parseAddress } from '../normalize/address.ts'
import type { AddressParts } from '../normalize/address-parts.ts'
import { toCountryCode } from '../normalize/country.ts'
import { inferCountry } from '../normalize/phone.ts'
import { readCountry } from '../normalize/stated-country.ts'
import { cleanText } from '../normalize/text.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner } from './fields.ts'

export interface Location extends AddressParts {
  /** True if a street or a full address is stated: the item is about one place. */
  has_street: boolean
}

export const NO_LOCATION: Location = { city: null, state: null, postal_code: null, country: null, has_street: false }

/** Codes of a register are no names: a commune may be stated as `75108`. */
const cleanPlace = (value: unknown) => {
  const text = cleanText(value, 100)
  return text === null || NO_PLACE.test(text) ? null : text
}
const NO_PLACE = /^(?:remote|worldwide|nd|\d+)$/i
const cleanPostal = (value: unknown) => {
  const text = cleanText(value, 20)
  return text !== null && /\d/.test(text) && !text.includes('@') ? text : null
}
const cleanCountry = (value: unknown) =>
  typeof value === 'string' ? (toCountryCode(value.trim()) ?? readCountry(value)) : null

/**
 * Returns where the owner of these facts is: the stated parts, completed from address and location texts as far as they
 * do not contradict. `hint` is the country of the source, see `parseAddress`.
 */
export function resolveLocation(facts: Facts, owner: Owner, hint: string | null = null): Location {
  const stated = readStatedParts(facts, owner, hint)
  // Parsing a text is the expensive part. Most records of places state every part in a key of its own.
  if (!isComplete(stated)) fillFromTexts(stated, facts, owner, hint)
  stated.country ??= inferCountry(stated.state, stated.postal_code)
  return {
    city: stated.city,
    state: stated.state,
    postal_code: stated.postal_code,
    country: stated.country,
    has_street: facts.has(owner, 'street') || (owner !== COMPANY && facts.has(owner, 'address')),
  }
}

const isComplete = (parts: AddressParts): boolean =>
  parts.city !== null && parts.state !== null && parts.postal_code !== null && parts.country !== null

function fillFromTexts(stated: AddressParts, facts: Facts, owner: Owner, hint: string | null): void {
  for (const candidate of facts.all(owner, 'country'))
    if (stated.country === null) fillMissingParts(stated, parseAddress(candidate.value, true, hint))
  for (const candidate of facts.all(owner, 'address'))
    fillMissingParts(stated, parseAddress(candidate.value, isSeat(owner, candidate.value), hint))
  for (const candidate of facts.all(owner, 'location')) {
    const text = typeof candidate.value === 'string' ? candidate.value.replace(/^From /, '') : candidate.value
    fillMissingParts(stated, parseAddress(text, true, hint))
  }
}

/** `headquarters: "Gothenburg"`: the seat of a company without a number is the name of a place. */
const isSeat = (owner: Owner, value: unknown): boolean =>
  owner === COMPANY && typeof value === 'string' && !/\d/.test(value)

/** A city with more than its name: a postal code before it, or a state behind it. */
const HAS_MORE =
  /,|^(?:\d{4,5}|\d{2}-\d{3}|\d{4}-\d{3}|\d{3} \d{2}|\d{4} ?[A-Z]{2})(?: | ?[-–] ?)\p{L}|\p{L} ?[/-] ?[A-Z]{2}$/u
/** Rules nearly all cities out, in a quarter of the time. */
const MAY_HAVE_MORE = /^\d|[,/-]/
/** "São Paulo/SP", "Campinas - SP". */
const TOWN_AND_UF = /^(\p{L}.*\p{L}) ?(?:\/| - ) ?([A-Z]{2})$/u

function readStatedParts(facts: Facts, owner: Owner, hint: string | null): AddressParts {
  const city = facts.first(owner, 'city', cleanPlace)
  const stated: AddressParts = {
    city,
    state: facts.first(owner, 'state', cleanPlace),
    postal_code: facts.first(owner, 'postal_code', cleanPostal),
    country: facts.first(owner, 'country_code', cleanCountry) ?? facts.first(owner, 'country', cleanCountry),
  }
  if (city !== null && MAY_HAVE_MORE.test(city) && HAS_MORE.test(city)) {
    // "San Francisco, CA" or "10115 Berlin" under the key of a city.
    stated.city = null
    fillMissingParts(stated, parseAddress(city.replace(TOWN_AND_UF, '$1, $2'), true, hint))
    stated.city ??= city
  }
  return stated
}

/** Fills missing parts, unless the text is about another country or city. */
function fillMissingParts(stated: AddressParts, parsed: AddressParts): void {
  if (parsed.country !== null && stated.country !== null && parsed.country !== stated.country) return
  if (parsed.city !== null && stated.city !== null && stated.city !== parsed.city && parsed.postal_code === null) {
    // The state of another city would be wrong. Its country is still right.
    stated.country ??= parsed.country
    return
  }
  const hadPlace = stated.city !== null && stated.state !== null
  stated.city ??= parsed.city
  if (!hadPlace) stated.state ??= parsed.state
  stated.postal_code ??= cleanPostal(parsed.postal_code)
  stated.country ??= parsed.country
}

/** Returns true if nothing but perhaps a postal code is known. */
export function isUnknownLocation(location: Location): boolean {
  return location.city === null && location.state === null && location.country === null
}

const STREET_MAX = 255
/** "4 rue du Port 29200 Brest": group 1 is the street. */
const STREET_AND_CODE = /^(.*\p{L}{2}.*?),? \d{5} \p{L}{2}/u

/** A unit or plot is no street: "Shop 4, Linking Road". */
const UNIT = /^\s*(?:shop|lot|plot|no|unit|flat|suite|office|block|level|floor|room|stall)\b[\s.#:]*[\w/-]{1,8}\s*$/i

function readFirstLine(address: string): string | undefined {
  const [first, second] = address.split(/[,;\n\r|]/, 2)
  return first !== undefined && second !== undefined && UNIT.test(first) ? `${first.trim()}, ${second.trim()}` : first
}

const cleanHouseNumber = (value: unknown) => {
  const text = typeof value === 'number' ? String(value) : cleanText(value, 20)
  return text !== null && /^\d+[\p{L}\d ./-]*$/u.test(text) ? text : null
}

/**
 * Returns the street with its house number, or null. Read from the street's own keys, else from the first piece of an
 * address text with a house number: "Ringstraße 12, 10115 Berlin" → "Ringstraße 12".
 */
export function resolveStreet(facts: Facts, owner: Owner): string | null {
  const street = facts.first(owner, 'street', (value) => {
    const text = cleanText(value, STREET_MAX)
    return text !== null && /\p{L}/u.test(text) ? text : null
  })
  if (street !== null) {
    const number = /\d/.test(street) ? null : facts.first(owner, 'house_number', cleanHouseNumber)
    return number === null ? street : `${street} ${number}`.slice(0, STREET_MAX)
  }
  return facts.first(owner, 'address', (value) => {
    const piece = typeof value === 'string' && value.length <= 600 ? readFirstLine(value) : undefined
    const text = cleanText(piece, STREET_MAX)
    if (text === null || !/\p{L}{2}/u.test(text) || /^\d{4,6} /.test(text)) return null
    const beforeCode = STREET_AND_CODE.exec(text)?.[1]
    if (beforeCode !== undefined && /\d/.test(beforeCode)) return beforeCode
    if (/\d/.test(text)) return text
    // The number of "Av. Paulista" in a key of its own.
    const number = text === value ? facts.first(owner, 'house_number', cleanHouseNumber) : null
    return number === null ? null : `${text} ${number}`.slice(0, STREET_MAX)
  })
}
