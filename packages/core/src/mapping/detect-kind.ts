import { cleanCompanyName, hasCompanyWord, hasLegalForm } from '../normalize/company-name.ts'
import { cleanEmail } from '../normalize/email.ts'
import { parseLinkedinPage } from '../normalize/linkedin.ts'
import { cleanNamePart, isCouple, isParticle, isTitledPerson, parseByline, parsePersonName } from '../normalize/name.ts'
import { cleanText, foldText } from '../normalize/text.ts'
import { getPath } from '../normalize/url.ts'
import type { Facts } from './facts.ts'
import { COMPANY, PERSON, SELF } from './fields.ts'
import { isNamedMailbox } from './find-related.ts'
import { hasPrivateSeller, isCompanyType, isOffer } from './listing.ts'

/** What an item is about: a person, a company or place, or a job post (whose lead is the company). */
export type Kind = 'person' | 'company' | 'job'

const PERSON_TYPE =
  /^(?:person|people|profile|lead|contact|employee|individual|prospect|physician|realestateagent|attorney)$/
/** The page of a person in a directory: `/doctor/jane-doe`, `/real-estate-agent/…`. */
const PERSON_PATH =
  /(?:^|\/)(?:[a-z-]*(?:doctor|physician|dentist|lawyer|attorney|solicitor|therapist|agent|realtor|broker|coach|tutor|freelancer|expert|arzt|aerzte|anwalt|medecin|avocat|dottori|medici|medico|abogado|advogado)s?|people|person|staff|team-members?)\/[^/]+/i

/** The page of a job post. */
const JOB_PATH =
  /(?:^|[/_-])(?:jobs?|job-?details?|jobdetail|viewjob|vacanc(?:y|ies)|vagas?|stellenangebote?|stelle|emplois?|offre-?emploi|offres-emploi|karriere|careers?|empleos?|ofertas?-de-trabajo|lavoro|vacatures?|praca)(?:[/_-]|$)/i

/** The mark for all genders behind the title of a post: `(m/w/d)`, `(H/F)`. */
const GENDER_MARK =
  /\((?:[mwfdhxi]|gn|all genders?)(?:\s*[/|,*]\s*(?:[mwfdhxi]|gn|div))*\)|[/-](?:in|frau)\b.*\(|\bh\/f\b/i

/** "Celine Duv***" names nobody. */
const cleanUnmasked = (value: unknown) => {
  const text = cleanText255(value)
  return text?.includes('**') === true ? null : text
}

const cleanText255 = (value: unknown) => cleanText(value, 255)

/** Tells person, company and job post apart by what is stated, not by the Actor that wrote it. */
export function detectKind(facts: Facts): Kind {
  const hasParts =
    facts.first(SELF, 'first_name', cleanNamePart) !== null || facts.first(SELF, 'last_name', cleanNamePart) !== null
  const company = facts.first(COMPANY, 'name', cleanText255)
  if (!hasParts && company !== null && isJobPost(facts)) return 'job'
  if (hasParts || hasPrivateSeller(facts)) return 'person'
  const type = facts.first(SELF, 'type', cleanText255)?.toLowerCase() ?? ''
  if (isCompanyType(type) && !hasNamedRole(facts)) return 'company'
  if (facts.all(SELF, 'business_account').some((flag) => flag.value === true)) return 'company'
  const isPlace = facts.has(SELF, 'place_evidence')
  if (PERSON_TYPE.test(type) && !isPlace) return 'person'
  if (!isPlace && facts.crawlKeys < 3 && hasPersonPage(facts)) return 'person'
  return detectByName(facts, company)
}

function isJobPost(facts: Facts): boolean {
  const evidence = facts.count(SELF, 'job_evidence')
  if (evidence >= 2) return true
  if (facts.has(SELF, 'email') || facts.has(SELF, 'full_name')) return false
  const isMarked = facts.all(SELF, 'title').some(({ value }) => typeof value === 'string' && GENDER_MARK.test(value))
  return (isMarked ? 2 : 0) + evidence + (hasPath(facts, JOB_PATH) ? 1 : 0) >= 2
}

function hasPath(facts: Facts, path: RegExp): boolean {
  return facts
    .all(SELF, 'url')
    .some(({ value }) => typeof value === 'string' && path.test(getPath(value.slice(0, 500))))
}

/** `providerName: "Dr. Ann Lee"` and no other name: the record is the person's. */
function hasNamedRole(facts: Facts): boolean {
  return (
    facts.has(PERSON, 'full_name') &&
    !facts.has(SELF, 'name') &&
    !facts.has(SELF, 'title') &&
    !facts.has(SELF, 'full_name') &&
    !facts.has(COMPANY, 'name')
  )
}

/** Numbers of people, registers, opening hours: what companies and places have. */
function countCompanyEvidence(facts: Facts): number {
  return (
    facts.count(SELF, 'place_evidence') +
    facts.count(SELF, 'company_evidence') +
    facts.count(SELF, 'registration') +
    facts.count(COMPANY, 'registration') +
    facts.count(SELF, 'employees')
  )
}

function detectByName(facts: Facts, company: string | null): Kind {
  const whole = facts.first(SELF, 'full_name', cleanUnmasked)
  if (whole !== null) return detectByWholeName(facts, whole, company)
  const name = facts.first(SELF, 'name', cleanText255)
  if (name === null) return detectWithoutName(facts, company)
  if (hasLegalForm(name)) return 'company'
  if (parseByline(name) !== null) return 'person'
  if (!facts.has(SELF, 'place_id') && isTitledPerson(name)) return 'person'
  if (!hasCompanyWord(name) && hasPath(facts, PERSON_PATH) && parsePersonName(name).last !== null) return 'person'
  return isPersonName(facts, name, company) ? 'person' : 'company'
}

/** A whole name next to another company's, a job or a mailbox is a person's. Next to opening hours it is a shop's. */
function detectByWholeName(facts: Facts, whole: string, company: string | null): Kind {
  if (whole === company || hasLegalForm(whole)) return 'company'
  const isCompany =
    countCompanyEvidence(facts) > 0 &&
    company === null &&
    !hasJobTitle(facts) &&
    !facts.has(SELF, 'person_evidence') &&
    !facts.has(SELF, 'email')
  return isCompany ? 'company' : 'person'
}

const hasJobTitle = (facts: Facts) => facts.has(SELF, 'job_title') || facts.has(SELF, 'headline')

function detectWithoutName(facts: Facts, company: string | null): Kind {
  const hasContact = facts.has(PERSON, 'full_name') || facts.has(PERSON, 'first_name')
  if (company === null && hasContact && (!facts.has(SELF, 'title') || isOffer(facts))) return 'person'
  if (facts.first(SELF, 'title', parseByline) !== null) return 'person'
  if (hasContact && isAboutContact(facts)) return 'person'
  return hasJobTitle(facts) && countCompanyEvidence(facts) === 0 && facts.crawlKeys < 3 ? 'person' : 'company'
}

/** `{speakerName, speakerTitle, speakerCompany}`: everything that is stated belongs to the person. */
function isAboutContact(facts: Facts): boolean {
  const hasProfile = facts.has(PERSON, 'linkedin') || facts.has(PERSON, 'job_title') || facts.has(PERSON, 'title')
  const hasOwn = (['title', 'address', 'street', 'phone', 'website', 'industry'] as const).some((field) =>
    facts.has(SELF, field),
  )
  return hasProfile && !hasOwn && countCompanyEvidence(facts) === 0
}

function isPersonName(facts: Facts, name: string, company: string | null): boolean {
  // The name of an event or offer next to the company that makes it.
  if (countCompanyEvidence(facts) > 0 || (company !== null && isOffer(facts))) return false
  if (hasJobTitle(facts) || facts.count(SELF, 'person_evidence') >= 2) return true
  if (company !== null && company !== name) return !isLooseCompany(facts) || !hasCompanyWord(name)
  return !facts.has(SELF, 'industry') && looksPersonal(facts, name)
}

/** A key that names a company in some items only (`shop: "clothes"`) does not make the name next to it a person's. */
function isLooseCompany(facts: Facts): boolean {
  return (facts.all(COMPANY, 'name')[0]?.rank ?? 0) >= 20 || facts.first(COMPANY, 'name', cleanCompanyName) === null
}

function hasPersonPage(facts: Facts): boolean {
  const isPerson = (value: unknown) => parseLinkedinPage(value)?.kind === 'in'
  return (
    facts.all(SELF, 'linkedin').some((candidate) => candidate.rank < 50 && isPerson(candidate.value)) ||
    facts.all(SELF, 'url').some((candidate) => isPerson(candidate.value))
  )
}

const hasSmallWord = (name: string) =>
  name !== name.toLowerCase() && name.split(' ').some((word) => /^\p{Ll}{3,}$/u.test(word) && !isParticle(word))

/** Returns true for a name of two to four words that the email address repeats: `Jane Doe`, `jane.doe@…`. */
function looksPersonal(facts: Facts, name: string): boolean {
  const words = foldText(name).split(' ')
  // "Baking with Olga": besides particles, no word of a name is in small letters.
  const isFirm = (hasCompanyWord(name) && !isCouple(name)) || hasSmallWord(name)
  if (words.length < 2 || words.length > 4 || isFirm || parsePersonName(name).last === null) return false
  const email = facts.first(SELF, 'email', cleanEmail)
  if (email === null) return false
  const [local = '', host = ''] = email.split('@')
  // A mailbox named after the given name is a person's, although the firm bears the family name: tomasz@bielawa.pl.
  if (isNamedMailbox(name, email)) return true
  // The address of a company repeats its name too, but behind the @.
  return (
    words.some((word) => word.length > 2 && local.includes(word)) &&
    !words.some((word) => word.length > 2 && host.includes(word))
  )
}
