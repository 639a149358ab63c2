import type { Facts } from './facts.ts'
import { COMPANY, PERSON, SELF } from './fields.ts'

const COMPANY_TYPE =
  /^(?:organi[sz]ation|company|restaurant|hotel|attraction|place|agency|vendor|dealer|venue|page|business_page|school|doctor|firm|ngo|charity)$|(?:business|store|shop|organization)$/i

/** Returns true for a stated type that only companies and places have: `LocalBusiness`, `restaurant`. */
export function isCompanyType(type: string): boolean {
  return COMPANY_TYPE.test(type.trim())
}

/**
 * Returns true for an offer: a flat, a car, a service or a product. Its title and text describe the offer instead of
 * the person or company that makes it.
 */
export function isOffer(facts: Facts): boolean {
  if (facts.hasAuthor) return false
  if (facts.all(SELF, 'type').some(({ value }) => typeof value === 'string' && isCompanyType(value))) return false
  const offer = facts.count(SELF, 'post_evidence')
  if (offer >= 2) return offer > facts.count(SELF, 'place_evidence')
  if (offer === 0 || facts.has(SELF, 'place_evidence') || facts.has(SELF, 'name')) return false
  // A single sign counts if a name is given that differs from the title and the text.
  const isNamed = facts.has(COMPANY, 'name') || facts.has(PERSON, 'full_name')
  return isNamed && (facts.has(SELF, 'title') || facts.has(SELF, 'description'))
}

const PRIVATE_SELLER = /^(?:private?|privat(?:e?person|anbieter|verkauf)?|particulier|particular|individual|c2c)$/i

/** Returns true if the item states that a private person makes the offer. */
export function hasPrivateSeller(facts: Facts): boolean {
  if (facts.all(SELF, 'seller_type').some(({ value }) => isPrivate(value))) return true
  return (
    isOffer(facts) &&
    [...facts.all(COMPANY, 'type'), ...facts.all(PERSON, 'type')].some(({ value }) => isPrivate(value))
  )
}

const isPrivate = (value: unknown) => typeof value === 'string' && PRIVATE_SELLER.test(value.trim())
