import type { AddressParts } from '../normalize/address-parts.ts'
import { toCountryCode } from '../normalize/country.ts'
import { isUsState } from '../normalize/subdivisions.ts'
import { getHost } from '../normalize/url.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, type Owner, PERSON, SELF } from './fields.ts'

/** Country domains that the whole world uses. They say nothing about a country. */
const GLOBAL_TLDS = new Set(
  'co io ai me tv cc fm am to ly gg sh st so gl ws nu la vc bz sc tk ml ga cf gq eu'.split(' '),
)

/**
 * Returns the country that the host of an item's page on its source suggests (`pagesjaunes.fr` → `FR`), or null.
 *
 * It only makes national phone numbers and abbreviated states readable. It never becomes a lead's country.
 */
export function findSourceCountry(facts: Facts): string | null {
  for (const owner of [SELF, COMPANY] as const) {
    const country = findCountryOfHosts(facts, owner, 'url')
    if (country !== null) return country
  }
  return findCountryOfHosts(facts, SELF, 'source_page') ?? toHostCountry(facts.actorHost)
}

/** Returns the country of the lead's own site or mailbox: `kontakt@holzbau-ried.de`. It makes national numbers readable. */
export function findContactCountry(facts: Facts): string | null {
  for (const owner of [SELF, COMPANY, PERSON] as const) {
    for (const field of ['website', 'domain', 'email'] as const) {
      for (const { value } of facts.all(owner, field)) {
        const text = typeof value === 'string' && value.length <= 300 ? value.trim() : ''
        const host = field === 'website' ? getHost(text) : text.slice(text.lastIndexOf('@') + 1).toLowerCase()
        const country = toHostCountry(host)
        if (country !== null) return country
      }
    }
  }
  return null
}

/** Forms of postal codes that one country uses. */
const POSTAL_FORMS: readonly [RegExp, string][] = [
  [/^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$/, 'GB'],
  [/^[A-Z]\d[A-Z] \d[A-Z]\d$/, 'CA'],
  [/^\d{4} [A-Z]{2}$/, 'NL'],
  [/^\d{2}-\d{3}$/, 'PL'],
  [/^\d{4}-\d{3}$/, 'PT'],
  [/^\d{5}-\d{3}$/, 'BR'],
]
/** `(512) 555-0191`, as numbers are written in North America only. */
const NORTH_AMERICAN = /^\(?\d{3}\)?[ .-]+\d{3}[ .-]\d{4}$/

/** Returns the country that the form of the postal code tells, or the state next to a number of its form. */
export function findPlaceCountry(facts: Facts, places: { geo: AddressParts; companyGeo: AddressParts }): string | null {
  for (const { postal_code, state } of [places.geo, places.companyGeo]) {
    const form = postal_code === null ? undefined : POSTAL_FORMS.find(([pattern]) => pattern.test(postal_code))
    if (form !== undefined) return form[1]
    if (state !== null && isUsState(state) && hasNorthAmericanNumber(facts)) return 'US'
  }
  return null
}

function hasNorthAmericanNumber(facts: Facts): boolean {
  return ([SELF, COMPANY, PERSON] as const).some((owner) =>
    facts.all(owner, 'phone').some(({ value }) => typeof value === 'string' && NORTH_AMERICAN.test(value.trim())),
  )
}

function findCountryOfHosts(facts: Facts, owner: Owner, field: Field): string | null {
  for (const { value } of facts.all(owner, field)) {
    const country = typeof value === 'string' ? toHostCountry(getHost(value)) : null
    if (country !== null) return country
  }
  return null
}

function toHostCountry(host: string | null): string | null {
  if (host === null || !host.includes('.')) return null
  const tld = host.slice(host.lastIndexOf('.') + 1)
  return tld.length !== 2 || GLOBAL_TLDS.has(tld) ? null : toCountryCode(tld)
}
