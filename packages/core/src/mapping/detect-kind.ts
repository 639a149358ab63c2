import type { Facts } from './facts.ts'
import { COMPANY, PERSON, SELF } from './fields.ts'
import { cleanEmail } from './normalize/email.ts'
import { parseLinkedinPage } from './normalize/linkedin.ts'
import { cleanNamePart, parsePersonName } from './normalize/name.ts'
import { cleanText, foldText } from './normalize/text.ts'

/** What an item is about: a person, a company or place, or a job post (whose lead is the company). */
export type Kind = 'person' | 'company' | 'job'

const PERSON_TYPE = /^(?:person|people|profile|lead|contact|employee|individual|prospect)$/
const COMPANY_TYPE =
  /^(?:business|organi[sz]ation|company|restaurant|hotel|attraction|place|store|local_?business|agency|vendor|dealer|shop|venue|page|business_page|school|doctor|firm)$/

export const cleanText255 = (value: unknown) => cleanText(value, 255)

/** Tells person from company from job post, by what is stated, not by which Actor wrote it. */
export function detectKind(facts: Facts): Kind {
  const type = facts.first(SELF, 'type', cleanText255)?.toLowerCase() ?? ''
  const parts =
    facts.first(SELF, 'first_name', cleanNamePart) !== null || facts.first(SELF, 'last_name', cleanNamePart) !== null
  const company = facts.first(COMPANY, 'name', cleanText255)
  if (!parts && company !== null && facts.all(SELF, 'job_evidence').length >= 2) return 'job'
  if (parts) return 'person'
  if (COMPANY_TYPE.test(type) || facts.all(SELF, 'business_account').some((flag) => flag.value === true))
    return 'company'
  const placeEvidence = facts.all(SELF, 'place_evidence').length
  const companyEvidence =
    placeEvidence + facts.all(SELF, 'company_evidence').length + facts.all(SELF, 'employees').length
  if (PERSON_TYPE.test(type) && placeEvidence === 0) return 'person'
  const crawled = facts.crawlKeys >= 3
  if (placeEvidence === 0 && !crawled && hasPersonPage(facts)) return 'person'
  const personEvidence = facts.all(SELF, 'person_evidence').length
  const jobTitle = facts.has(SELF, 'job_title') || facts.has(SELF, 'headline')
  const whole = facts.first(SELF, 'full_name', cleanText255)
  if (whole !== null) {
    if (whole === company) return 'company'
    // A whole name beside a different company's, a job or a mailbox is a person's; beside opening hours it is a shop's.
    return companyEvidence > 0 && company === null && !jobTitle && personEvidence === 0 && !facts.has(SELF, 'email')
      ? 'company'
      : 'person'
  }
  const name = facts.first(SELF, 'name', cleanText255)
  if (!facts.has(SELF, 'place_id') && isTitledPerson(name)) return 'person'
  if (name !== null && companyEvidence === 0) {
    if (jobTitle || personEvidence >= 2) return 'person'
    if (company !== null && company !== name) return 'person'
    if (!facts.has(SELF, 'industry') && looksPersonal(facts, name)) return 'person'
  }
  if (
    name === null &&
    company === null &&
    !facts.has(SELF, 'title') &&
    (facts.has(PERSON, 'full_name') || facts.has(PERSON, 'first_name'))
  )
    return 'person'
  if (name === null && jobTitle && companyEvidence === 0 && !crawled) return 'person'
  return 'company'
}

const COMPANY_WORD =
  /[&\d]|\b(?:praxis|clinic|klinik|centre|center|cabinet|studio|institut|dental|medical|group|partner|gmbh|inc|llc|ltd|sarl|srl|kg|ag|office|kanzlei|pharma|apotheke)/i

/** `Dr. Claire Fontaine` in a directory is a person, `Dr. Fontaine Dental Clinic` is not. */
function isTitledPerson(name: string | null): boolean {
  if (name === null || name.length > 60 || COMPANY_WORD.test(name)) return false
  return /^(?:dr|prof|herr|frau|mme|mr|mrs|ms)\b/i.test(name) && parsePersonName(name).last !== null
}

function hasPersonPage(facts: Facts): boolean {
  if (
    facts
      .all(SELF, 'linkedin')
      .some((candidate) => candidate.rank < 50 && parseLinkedinPage(candidate.value)?.kind === 'in')
  )
    return true
  return facts.all(SELF, 'url').some((candidate) => parseLinkedinPage(candidate.value)?.kind === 'in')
}

/** A name of two to four words that the e-mail address repeats: `Jane Doe`, `jane.doe@…`. */
function looksPersonal(facts: Facts, name: string): boolean {
  const words = foldText(name).split(' ')
  if (words.length < 2 || words.length > 4 || parsePersonName(name).last === null) return false
  const email = facts.first(SELF, 'email', cleanEmail)
  if (email === null) return false
  const at = email.indexOf('@')
  const local = email.slice(0, at)
  const host = email.slice(at + 1)
  // A company's address repeats its name too, but behind the @.
  return (
    words.some((word) => word.length > 2 && local.includes(word)) &&
    !words.some((word) => word.length > 2 && host.includes(word))
  )
}
