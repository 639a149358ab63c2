import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, SELF } from './fields.ts'
import { extractPlaceId } from './identify-item.ts'
import { cleanText } from './normalize/text.ts'
import { getPath } from './normalize/url.ts'
import type { Linkedin } from './resolve-linkedin-pages.ts'
import { isUnknownLocation } from './resolve-location.ts'
import type { Subject } from './resolve-subject.ts'

const NO_LEAD_TYPE =
  /^(?:user|reviewer|review|comment|post|article|blogposting|newsarticle|group|event|photo|image|video|sidecar|question|answer|hashtag|search|query|news|tweet|reel|story|product|webpage|website_page|ad)$/
const KINDS_OF_PAGE: readonly [RegExp, string][] = [
  [/(?:^|\/)groups?\//, 'a group'],
  [/(?:^|\/)events?\//, 'an event'],
  [/(?:^|\/)(?:users?|user_details|members?|memberprofile[^/]*|reviewers?|contrib)(?:\/|$)/, 'a user or reviewer'],
]

const isTrue = (value: unknown) => (value === true || value === 'true' ? true : null)

/** Why an item that states nothing more can be no lead, in plain words, or null. `reachable`: it has an e-mail or phone. */
export function findNotALeadReason(
  facts: Facts,
  pageUrl: string | null,
  reachable: boolean,
  named: boolean,
): string | null {
  const error = facts.first(SELF, 'error', (value) =>
    value === true ? 'the Actor reported an error' : typeof value === 'object' ? null : cleanText(value, 200),
  )
  const failed = facts.all(SELF, 'failed').some((flag) => flag.value === false)
  if ((error !== null || failed) && !reachable && !named)
    return `error record: ${error ?? 'the Actor reported a failure'}`
  const type = cleanText(facts.all(SELF, 'type')[0]?.value, 40)?.toLowerCase() ?? ''
  if (NO_LEAD_TYPE.test(type) && !(type === 'user' && reachable)) return `not a lead: an item of type "${type}"`
  const isPrivate = facts.first(SELF, 'private', isTrue) === true || facts.has(SELF, 'personal_profile')
  if (isPrivate && !reachable) return 'a private profile without contact data'
  if (pageUrl !== null) {
    const path = getPath(pageUrl).toLowerCase()
    for (const [pattern, what] of KINDS_OF_PAGE) if (pattern.test(path) && !reachable) return `not a lead: ${what}`
  }
  // Even where the reviewed place's phone is in it: the name is the reviewer's.
  if (facts.all(SELF, 'review_evidence').length >= 2) return 'not a lead: a review'
  if (facts.all(SELF, 'post_evidence').length >= 3 && !reachable && !facts.has(COMPANY, 'name'))
    return 'not a lead: a post or product'
  return null
}

/** The reason where an item holds too little to be a lead, or null. */
export function findMissingDataReason(
  facts: Facts,
  kind: Kind,
  own: Subject,
  reachable: boolean,
  web: string | null,
  linkedin: Linkedin,
  pageUrl: string | null,
): string | null {
  if (kind === 'person') {
    if (reachable) return null
    if (own.name.full === null)
      return linkedin.person === null ? 'nothing to contact: no name, e-mail, phone or profile' : null
    if (linkedin.person !== null || own.companyName !== null) return null
    return 'nothing to contact: a name without e-mail, phone, company or professional profile'
  }
  if (kind === 'job' && own.companyName !== null) return null
  const located = !isUnknownLocation(own.companyGeo) || own.companyGeo.has_street
  const isPlace = facts.has(SELF, 'place_id') || (pageUrl !== null && extractPlaceId(pageUrl) !== null)
  // Maps list boroughs, parks and stops beside businesses: those have neither category nor address nor phone.
  if (isPlace && !reachable && !located && !facts.has(SELF, 'industry')) return 'a place on the map that is no business'
  if (reachable || web !== null) return facts.visited < 3 && !reachable ? 'nothing but an address of a page' : null
  const business = facts.all(SELF, 'business_account').some((flag) => flag.value === true)
  const evidence =
    linkedin.company !== null ||
    business ||
    facts.has(SELF, 'place_id') ||
    (pageUrl !== null && extractPlaceId(pageUrl) !== null) ||
    // A town alone is where an offer (a flat, a car) is, too; then only an address speaks of a business.
    (located &&
      (own.companyGeo.has_street ||
        own.companyGeo.postal_code !== null ||
        facts.all(SELF, 'post_evidence').length === 0)) ||
    facts.has(SELF, 'industry') ||
    facts.has(SELF, 'employees') ||
    facts.has(COMPANY, 'industry')
  if (own.companyName !== null && evidence) return null
  if (facts.all(SELF, 'page_evidence').length > 0 || (pageUrl !== null && own.companyName !== null))
    return 'not a lead: a page without contact or company data'
  return facts.visited === 0 ? 'empty item' : 'nothing to contact: no name, e-mail, phone, website or address'
}
