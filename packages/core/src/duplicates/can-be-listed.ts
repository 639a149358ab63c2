import { compareEmails, comparePhones } from './compare-contacts.ts'
import { compareCompanyNames, compareNames } from './compare-names.ts'
import { compareLinkedin } from './compare-pages.ts'
import type { DuplicateFeatures } from './features.ts'
import {
  COLLEAGUE_BITS_MAX,
  companyWeights,
  OTHER_NAME_BITS_MAX,
  PRIOR_BITS,
  personWeights,
  SHARED_BITS_MAX,
} from './weights.ts'

/**
 * Whether two leads can be more likely one than not, judged by an upper bound of the evidence. Of the pairs that share a
 * match key, 1% are listed: for nearly all others the bound spares the comparison of companies, addresses and counts.
 */
export function canBeListed(a: DuplicateFeatures, b: DuplicateFeatures): boolean {
  return (a.kind === 'person' || b.kind === 'person' ? boundPeople(a, b) : boundCompanies(a, b)) >= 0
}

const noLimits = { ignored: Number.POSITIVE_INFINITY, switchboard: Number.POSITIVE_INFINITY }
const countNone = (): number => 0

/** The bits of two people at most. Stops at the first bound below zero; the cheapest come first. */
function boundPeople(a: DuplicateFeatures, b: DuplicateFeatures): number {
  const { linkedin, phone, email } = personWeights
  let bits = PRIOR_BITS + boundShared(a, b)
  const pageLevel = compareLinkedin(a.linkedin, b.linkedin)
  if (pageLevel !== undefined) bits += linkedin[pageLevel]
  const phoneLevel = comparePhones(a.phones, b.phones, countNone, noLimits)
  // A number of many leads counts neither way: what differs may count nothing.
  if (phoneLevel === 'same' || phoneLevel === 'close') bits += phone[phoneLevel]
  bits += compareNames(a, b).bits
  const hasEmails = a.emails.length > 0 && b.emails.length > 0
  if (!hasEmails || bits + email.same < 0) return hasEmails ? bits + email.same : bits
  const emailLevel = compareEmails(a, b)
  return emailLevel === undefined || emailLevel === 'shared' ? bits : bits + email[emailLevel]
}

/** What two people may have in common without being one: address, company, mailbox and switchboard. */
function boundShared(a: DuplicateFeatures, b: DuplicateFeatures): number {
  const { street, postal_code, city, state, company, email, phone } = personWeights
  let bits = email.shared + phone.shared
  if (a.street !== null && b.street !== null) bits += street.same
  if (a.postal_code !== null && b.postal_code !== null) bits += postal_code.same
  if (a.city !== null && b.city !== null) bits += city.same
  if (a.state !== null && b.state !== null) bits += state.same
  if (a.company === null || b.company === null) return Math.min(bits, SHARED_BITS_MAX)
  return Math.min(bits + company.same, COLLEAGUE_BITS_MAX)
}

/** The bits of two places or companies at most: another name leaves only the number at Google. */
function boundCompanies(a: DuplicateFeatures, b: DuplicateFeatures): number {
  const google = a.google.some((place) => b.google.includes(place)) ? companyWeights.google.same : 0
  if (google > 0 || a.company === null || b.company === null) return Number.POSITIVE_INFINITY
  const level = compareCompanyNames(a.company, b.company)
  if (level !== 'near' && level !== 'other_type' && level !== 'differs') return Number.POSITIVE_INFINITY
  return PRIOR_BITS + companyWeights.company[level] + OTHER_NAME_BITS_MAX
}
