import {
  compareCities,
  compareEmails,
  comparePhones,
  comparePostalCodes,
  compareStates,
  compareStreets,
} from './compare-contacts.ts'
import { compareCompanyNames, compareNames } from './compare-names.ts'
import { compareLinkedin } from './compare-pages.ts'
import type { DuplicateFeatures } from './features.ts'
import { fullNameKey, phoneKey } from './match-keys.ts'
import {
  CERTAIN_MIN,
  COLLEAGUE_BITS_MAX,
  companyWeights,
  NAME_BITS_LOST_MAX,
  NAME_LEADS_MAX,
  OTHER_NAME_BITS_MAX,
  PRIOR_BITS,
  personWeights,
  SHARED_BITS_MAX,
  SWITCHBOARD_LEADS_MIN,
  toCertainty,
  VALUE_LEADS_MAX,
} from './weights.ts'

/** How many leads have a match key; 0 if unknown. */
export type CountLeads = (key: number) => number

/** Field → level of agreement, as `lead_duplicates.reasons` stores it. */
export type PairReasons = Record<string, string>

export interface PairScore {
  bits: number
  certainty: number
  /** At least 0.99, and no name, LinkedIn page or place at Google contradicts. */
  is_certain: boolean
  reasons: PairReasons
}

/** Scores two leads of one kind. */
export function scorePair(a: DuplicateFeatures, b: DuplicateFeatures, countLeads: CountLeads): PairScore {
  return a.kind === 'person' || b.kind === 'person' ? scorePeople(a, b, countLeads) : scoreCompanies(a, b, countLeads)
}

const phoneLimits = { ignored: VALUE_LEADS_MAX, switchboard: SWITCHBOARD_LEADS_MIN }

class Evidence {
  bits = 0
  readonly reasons: PairReasons = {}

  add<Level extends string>(field: string, level: Level | undefined, weights: Record<Level, number>): number {
    if (level === undefined) return 0
    this.reasons[field] = level
    return weights[level]
  }
}

function scorePeople(a: DuplicateFeatures, b: DuplicateFeatures, countLeads: CountLeads): PairScore {
  const weights = personWeights
  const evidence = new Evidence()
  const names = compareNames(a, b)
  if (names.first !== undefined) evidence.reasons.first_name = names.first
  if (names.last !== undefined) evidence.reasons.last_name = names.last
  if (names.is_swapped) evidence.reasons.names_swapped = 'yes'
  let bits = PRIOR_BITS + names.bits - lostToFrequency(a, b, countLeads)
  let shared = 0
  const email = compareEmails(a, b)
  const emailBits = evidence.add('email', email, weights.email)
  if (email === 'shared') shared += emailBits
  else bits += emailBits
  const company = a.company !== null && b.company !== null ? toPersonCompanyLevel(a, b) : undefined
  const companyBits = evidence.add('company', company, weights.company)
  const phone = comparePhones(a.phones, b.phones, (number) => countLeads(phoneKey(number)), phoneLimits)
  const phoneLevel = phone === 'same' && companyBits > 0 ? 'shared' : phone
  const phoneBits = evidence.add('phone', phoneLevel, weights.phone)
  if (phoneLevel === 'shared') shared += phoneBits
  else bits += phoneBits
  bits += evidence.add('linkedin', compareLinkedin(a.linkedin, b.linkedin), weights.linkedin)
  shared += companyBits + scoreAddress(a, b, weights, evidence)
  const hasTwoNames = names.first === 'other_name'
  const shared_max = hasTwoNames || (a.company !== null && b.company !== null) ? COLLEAGUE_BITS_MAX : SHARED_BITS_MAX
  bits += Math.min(shared, shared_max)
  const contradicts =
    names.first === 'differs' ||
    names.last === 'differs' ||
    names.first === 'unmatched' ||
    names.first === 'other_name' ||
    names.last === 'unmatched' ||
    evidence.reasons.linkedin === 'differs'
  return toPairScore(bits, contradicts, evidence)
}

/** Two people who share a common name are often two people. */
function lostToFrequency(a: DuplicateFeatures, b: DuplicateFeatures, countLeads: CountLeads): number {
  if (a.first === null || a.last === null || b.first === null || b.last === null) return 0
  const leads = Math.max(countLeads(fullNameKey(a.first, a.last)), countLeads(fullNameKey(b.first, b.last)))
  return leads > NAME_LEADS_MAX ? Math.min(NAME_BITS_LOST_MAX, Math.log2(leads / NAME_LEADS_MAX)) : 0
}

function toPersonCompanyLevel(a: DuplicateFeatures, b: DuplicateFeatures): keyof typeof personWeights.company {
  if (a.company === null || b.company === null) return 'differs'
  const level = compareCompanyNames(a.company, b.company)
  if (level === 'same' || level === 'close' || level === 'part') return level
  return a.domain !== null && a.domain === b.domain ? 'close' : 'differs'
}

function compareIdentities(a: readonly string[], b: readonly string[]): 'same' | 'differs' | undefined {
  if (a.length === 0 || b.length === 0) return undefined
  return a.some((identity) => b.includes(identity)) ? 'same' : 'differs'
}

const compareDomains = (a: string | null, b: string | null): 'same' | 'differs' | undefined =>
  a === null || b === null ? undefined : a === b ? 'same' : 'differs'

function scoreAddress(
  a: DuplicateFeatures,
  b: DuplicateFeatures,
  weights: Pick<typeof personWeights | typeof companyWeights, 'street' | 'postal_code' | 'city' | 'state'>,
  evidence: Evidence,
): number {
  return (
    evidence.add('street', compareStreets(a.street, b.street), weights.street) +
    evidence.add('postal_code', comparePostalCodes(a.postal_code, b.postal_code), weights.postal_code) +
    evidence.add('city', compareCities(a.city, b.city), weights.city) +
    evidence.add('state', compareStates(a.state, b.state), weights.state)
  )
}

function scoreCompanies(a: DuplicateFeatures, b: DuplicateFeatures, countLeads: CountLeads): PairScore {
  const weights = companyWeights
  const evidence = new Evidence()
  const level = a.company !== null && b.company !== null ? compareCompanyNames(a.company, b.company) : undefined
  const nameBits = evidence.add('company', level, weights.company)
  const phone = comparePhones(a.phones, b.phones, (number) => countLeads(phoneKey(number)), phoneLimits)
  let other = evidence.add('phone', phone, weights.phone)
  other += evidence.add('domain', compareDomains(a.domain, b.domain), weights.domain)
  other += evidence.add('email', compareEmails(a, b), weights.email)
  other += evidence.add('linkedin', compareLinkedin(a.linkedin, b.linkedin), weights.linkedin)
  other += scoreAddress(a, b, weights, evidence)
  const hasOtherName = level === 'near' || level === 'other_type' || level === 'differs'
  if (hasOtherName) other = Math.min(other, OTHER_NAME_BITS_MAX)
  const google = compareIdentities(a.google, b.google)
  const bits = PRIOR_BITS + nameBits + other + evidence.add('google', google, weights.google)
  return toPairScore(bits, hasOtherName || google === 'differs' || evidence.reasons.linkedin === 'differs', evidence)
}

function toPairScore(bits: number, contradicts: boolean, { reasons }: Evidence): PairScore {
  const certainty = toCertainty(bits)
  return { bits, certainty, is_certain: certainty >= CERTAIN_MIN && !contradicts, reasons }
}
