import { toCountryCode } from '../normalize/country.ts'
import { getHost } from '../normalize/url.ts'
import type { Facts } from './facts.ts'
import { COMPANY, SELF } from './fields.ts'

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
    for (const { value } of facts.all(owner, 'url')) {
      const host = typeof value === 'string' ? getHost(value) : null
      const country = host === null || !host.includes('.') ? null : toHostCountry(host)
      if (country !== null) return country
    }
  }
  return null
}

function toHostCountry(host: string): string | null {
  const tld = host.slice(host.lastIndexOf('.') + 1)
  return tld.length !== 2 || GLOBAL_TLDS.has(tld) ? null : toCountryCode(tld)
}
