import type { Facts } from './facts.ts'
import { type Owner, SELF } from './fields.ts'
import { type AddressParts, parseAddress } from './normalize/address.ts'
import { toCountryCode } from './normalize/country.ts'
import { inferCountry } from './normalize/phone.ts'
import { cleanText } from './normalize/text.ts'

export interface Location extends AddressParts {
  /** True where a street or a full address is stated: then the item is about one place. */
  has_street: boolean
}

export const NO_LOCATION: Location = { city: null, state: null, postal_code: null, country: null, has_street: false }

const cleanPlace = (value: unknown) => {
  const text = cleanText(value, 100)
  return text === null || /^(?:remote|worldwide|nd)$/i.test(text) ? null : text
}
const cleanPostal = (value: unknown) => {
  const text = cleanText(value, 20)
  return text !== null && /\d/.test(text) && !text.includes('@') ? text : null
}
const cleanCountry = (value: unknown) => (typeof value === 'string' ? toCountryCode(value.trim()) : null)

/** Where the owner of these facts is: stated parts first, then what address and location texts add without contradiction. */
export function resolveLocation(facts: Facts, owner: Owner): Location {
  const city = facts.first(owner, 'city', cleanPlace)
  const stated: AddressParts = {
    city,
    state: facts.first(owner, 'state', cleanPlace),
    postal_code: facts.first(owner, 'postal_code', cleanPostal),
    country: facts.first(owner, 'country_code', cleanCountry) ?? facts.first(owner, 'country', cleanCountry),
  }
  if (city?.includes(',') === true || (city !== null && /^\d{4,5} /.test(city))) {
    // "San Francisco, CA" or "10115 Berlin" under the key of a city.
    stated.city = null
    fillMissingParts(stated, parseAddress(city, true))
    stated.city ??= city
  }
  for (const candidate of facts.all(owner, 'country'))
    if (stated.country === null) fillMissingParts(stated, parseAddress(candidate.value, true))
  for (const candidate of facts.all(owner, 'address')) fillMissingParts(stated, parseAddress(candidate.value, false))
  for (const candidate of facts.all(owner, 'location')) {
    const text = typeof candidate.value === 'string' ? candidate.value.replace(/^From /, '') : candidate.value
    fillMissingParts(stated, parseAddress(text, true))
  }
  stated.country ??= inferCountry(stated.state, stated.postal_code)
  return { ...stated, has_street: facts.has(owner, 'street') || (owner === SELF && facts.has(owner, 'address')) }
}

/** Fills what is missing, unless the text speaks of another country or city. */
function fillMissingParts(stated: AddressParts, parsed: AddressParts): void {
  if (parsed.country !== null && stated.country !== null && parsed.country !== stated.country) return
  if (parsed.city !== null && stated.city !== null && stated.city !== parsed.city && parsed.postal_code === null) {
    // Another city's state would be wrong; its country is still right.
    stated.country ??= parsed.country
    if (stated.state === null && parsed.country === null) return
    return
  }
  const hadPlace = stated.city !== null && stated.state !== null
  stated.city ??= parsed.city
  if (!hadPlace) stated.state ??= parsed.state
  stated.postal_code ??= cleanPostal(parsed.postal_code)
  stated.country ??= parsed.country
}

/** True where nothing is known but perhaps a postal code. */
export function isUnknownLocation(geo: Location): boolean {
  return geo.city === null && geo.state === null && geo.country === null
}
