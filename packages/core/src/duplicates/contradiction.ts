import { compareEmails } from './compare-contacts.ts'
import { compareCompanyNames, compareNames, type FirstNameLevel } from './compare-names.ts'
import { compareLinkedin } from './compare-pages.ts'
import type { DuplicateFeatures } from './features.ts'

/** By what an item and a lead matched: the weaker it is, the less it takes to contradict it. */
export type MatchKind = 'network' | 'id' | 'file_id' | 'email'

export function toMatchKind(identity: string, isFile: boolean): MatchKind {
  if (/^(?:google_cid|google_place|linkedin|domain):/.test(identity)) return 'network'
  if (identity.startsWith('email:')) return 'email'
  return isFile ? 'file_id' : 'id'
}

/**
 * Whether names, pages or numbers of a place (and for strong identities also email addresses) say that two leads with one
 * identity are not one person or company. They then stay two leads.
 */
export function isContradicted(a: DuplicateFeatures, b: DuplicateFeatures, kind: MatchKind): boolean {
  if (hasOtherPage(a, b, kind)) return true
  if (a.company !== null && b.company !== null && a.kind === 'company' && b.kind === 'company') {
    const level = compareCompanyNames(a.company, b.company)
    return (kind === 'file_id' || kind === 'email') && (level === 'differs' || level === 'other_type')
  }
  const differing = countDifferingParts(a, b)
  if (differing === 0) return false
  if (kind === 'email') return true
  const hasOtherEmail = compareEmails(a, b) === 'differs'
  return kind === 'network' ? differing === 2 && hasOtherEmail : differing === 2 || hasOtherEmail
}

/** A place has one number at Google, and a person one page at LinkedIn: a match by something weaker does not outweigh it. */
function hasOtherPage(a: DuplicateFeatures, b: DuplicateFeatures, kind: MatchKind): boolean {
  if (haveNoneInCommon(a.google, b.google)) return true
  if (kind === 'network') return false
  return compareLinkedin(a.linkedin.filter(isPerson), b.linkedin.filter(isPerson)) === 'differs'
}

const isPerson = (identity: string): boolean => /^linkedin(?:_member:|:in\/)/.test(identity)

const haveNoneInCommon = (a: readonly string[], b: readonly string[]): boolean =>
  a.length > 0 && b.length > 0 && !a.some((identity) => b.includes(identity))

/** Whether both have a full name, or both are companies, and the names are one. */
export function isNameAgreed(a: DuplicateFeatures, b: DuplicateFeatures): boolean {
  if (a.kind === 'company' && b.kind === 'company' && a.company !== null && b.company !== null)
    return compareCompanyNames(a.company, b.company) === 'same'
  const hasNames = a.first !== null && a.last !== null && b.first !== null && b.last !== null
  return hasNames && countDifferingParts(a, b) === 0
}

/** Only full names are compared: a part that one side leaves out says nothing. */
function countDifferingParts(a: DuplicateFeatures, b: DuplicateFeatures): number {
  if (a.first === null || a.last === null || b.first === null || b.last === null) return 0
  const { first, last } = compareNames(a, b)
  return [first, last].filter(differs).length
}

const differs = (level: FirstNameLevel | undefined): boolean =>
  level === 'differs' || level === 'unmatched' || level === 'other_name'
