import { toRegistrableDomain } from '../normalize/domain.ts'
import { SHARED_DOMAINS } from '../normalize/hosts.ts'
import { cleanText } from '../normalize/text.ts'
import { getHost, getPath, isSearchPage } from '../normalize/url.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, PERSON, SELF } from './fields.ts'
import { extractPlaceId } from './identify-item.ts'
import { hasPrivateSeller, isOffer } from './listing.ts'
import type { Linkedin } from './resolve-linkedin-pages.ts'
import { isUnknownLocation } from './resolve-location.ts'
import type { Subject } from './resolve-subject.ts'

const NO_LEAD_TYPE =
  /^(?:user|reviewer|review|comment|post|article|blogposting|newsarticle|group|event|photo|image|video|sidecar|question|answer|hashtag|search|query|news|tweet|reel|story|product|webpage|website_page|ad)$/
/** Types that some Actors give to companies: a product listing names its maker, a group may be a business. */
const LOOSE_TYPE = /^(?:product|group|ad|search|query|article|user)$/
const KINDS_OF_PAGE: readonly [RegExp, string][] = [
  [/(?:^|\/)groups?\//, 'a group'],
  [/(?:^|\/)events?\//, 'an event'],
  [/(?:^|\/)(?:users?|user_details|members?|memberprofile[^/]*|reviewers?|contrib)(?:\/|$)/, 'a user or reviewer'],
]

const isTrue = (value: unknown) => (value === true || value === 'true' ? true : null)

/**
 * Returns why an item cannot be a lead, or null. The reasons are stored: their texts must not change.
 *
 * @param isReachable the item has an email address or a phone number
 * @param hasDomain the item has a company's own domain
 */
export function findNotALeadReason(
  facts: Facts,
  pageUrl: string | null,
  isReachable: boolean,
  isNamed: boolean,
  hasDomain: boolean,
): string | null {
  return (
    findErrorReason(facts, isReachable || isNamed) ??
    findTypeReason(facts, isReachable, isNamed && hasDomain) ??
    findPrivateReason(facts, isReachable) ??
    findPageReason(pageUrl, isReachable) ??
    findReviewOrPostReason(facts, isReachable, isNamed && hasDomain)
  )
}

function findErrorReason(facts: Facts, hasData: boolean): string | null {
  if (hasData) return null
  const error = facts.first(SELF, 'error', (value) =>
    value === true ? 'the Actor reported an error' : typeof value === 'object' ? null : cleanText(value, 200),
  )
  const hasFailed = facts.all(SELF, 'failed').some((flag) => flag.value === false)
  return error !== null || hasFailed ? `error record: ${error ?? 'the Actor reported a failure'}` : null
}

function findTypeReason(facts: Facts, isReachable: boolean, isCompany: boolean): string | null {
  const type = cleanText(facts.all(SELF, 'type')[0]?.value, 40)?.toLowerCase() ?? ''
  if (!NO_LEAD_TYPE.test(type) || facts.hasAuthor) return null
  if (LOOSE_TYPE.test(type) && (isReachable || isCompany)) return null
  return `not a lead: an item of type "${type}"`
}

function findPrivateReason(facts: Facts, isReachable: boolean): string | null {
  if (isReachable) return null
  if (hasPrivateSeller(facts)) return 'not a lead: a private seller without contact data'
  const isPrivate = facts.first(SELF, 'private', isTrue) === true || facts.has(SELF, 'personal_profile')
  return isPrivate ? 'a private profile without contact data' : null
}

function findPageReason(pageUrl: string | null, isReachable: boolean): string | null {
  if (pageUrl === null || isReachable) return null
  const path = getPath(pageUrl).toLowerCase()
  const kind = KINDS_OF_PAGE.find(([pattern]) => pattern.test(path))
  return kind === undefined ? null : `not a lead: ${kind[1]}`
}

function findReviewOrPostReason(facts: Facts, isReachable: boolean, isCompany: boolean): string | null {
  // Even with the phone of the reviewed place: the name is the reviewer's.
  if (facts.count(SELF, 'review_evidence') >= 2) return 'not a lead: a review'
  const isPost = facts.count(SELF, 'post_evidence') >= 3 && !facts.hasAuthor
  const isMadeBySomebody = facts.has(COMPANY, 'name') || hasContactPerson(facts) || isCompany
  return isPost && !isReachable && !isMadeBySomebody ? 'not a lead: a post or product' : null
}

/** Returns the reason if an item contains too little to be a lead, or null. The reasons are stored, see above. */
export function findMissingDataReason(
  facts: Facts,
  kind: Kind,
  subject: Subject,
  isReachable: boolean,
  web: string | null,
  linkedin: Linkedin,
  pageUrl: string | null,
): string | null {
  if (kind === 'person') return isReachable ? null : findMissingPersonReason(facts, subject, linkedin, pageUrl)
  if (isReachable || (kind === 'job' && subject.companyName !== null)) return null
  const isMapPlace = facts.has(SELF, 'place_id') || (pageUrl !== null && extractPlaceId(pageUrl) !== null)
  const isLocated = !isUnknownLocation(subject.companyGeo) || subject.companyGeo.has_street
  // Maps list boroughs, parks and stops next to businesses. Those have neither category nor address nor phone.
  if (isMapPlace && !isLocated && !facts.has(SELF, 'industry')) return 'a place on the map that is no business'
  if (web !== null) return facts.visited < 3 ? 'nothing but an address of a page' : null
  const hasEvidence = isMapPlace || linkedin.company !== null || hasBusinessEvidence(facts, subject, pageUrl)
  if (subject.companyName !== null && hasEvidence) return null
  return findAnonymousReason(facts, subject, pageUrl)
}

function findAnonymousReason(facts: Facts, subject: Subject, pageUrl: string | null): string | null {
  // An offer by a named person: who makes it can be reached over its page.
  if (subject.name.full !== null && isProfilePage(pageUrl)) return null
  if (facts.has(SELF, 'page_evidence') || (pageUrl !== null && subject.companyName !== null))
    return 'not a lead: a page without contact or company data'
  return facts.visited === 0 ? 'empty item' : 'nothing to contact: no name, e-mail, phone, website or address'
}

function findMissingPersonReason(
  facts: Facts,
  subject: Subject,
  linkedin: Linkedin,
  pageUrl: string | null,
): string | null {
  if (subject.name.full === null)
    return linkedin.person === null ? 'nothing to contact: no name, e-mail, phone or profile' : null
  if (linkedin.person !== null || subject.companyName !== null || isNetworkPerson(pageUrl)) return null
  // A professional in a directory, and an owner with a postal address.
  const isProfessional =
    facts.has(SELF, 'industry') ||
    facts.has(SELF, 'job_title') ||
    facts.has(SELF, 'place_evidence') ||
    facts.has(PERSON, 'url') ||
    (facts.has(SELF, 'title') && facts.has(SELF, 'person_evidence'))
  const isListed = isProfilePage(pageUrl) && (isProfessional || isOffer(facts))
  if (isListed || subject.geo.has_street) return null
  return 'nothing to contact: a name without e-mail, phone, company or professional profile'
}

/** The profile of a person on a professional network: a way to reach them. */
const NETWORK_PERSON = /^https?:\/\/(?:www\.)?(?:xing\.com\/profile|viadeo\.com\/p|wantedly\.com\/id)\/[^/?#]+/i

const isNetworkPerson = (pageUrl: string | null): boolean => pageUrl !== null && NETWORK_PERSON.test(pageUrl)

/** A page of one item, on any site. Posts and search results are not. */
function isProfilePage(pageUrl: string | null): boolean {
  return pageUrl !== null && getPath(pageUrl) !== '' && !isSearchPage(pageUrl)
}

/** What only a business has, apart from contact data. */
function hasBusinessEvidence(facts: Facts, subject: Subject, pageUrl: string | null): boolean {
  const { companyGeo } = subject
  // Offers (a flat, a car) have a town, too. There, only an address belongs to a business.
  const isOffered = facts.count(SELF, 'post_evidence') > facts.count(SELF, 'place_evidence')
  const isLocated = !isUnknownLocation(companyGeo) && !isOffered
  return (
    companyGeo.has_street ||
    companyGeo.postal_code !== null ||
    isLocated ||
    facts.all(SELF, 'business_account').some((flag) => flag.value === true) ||
    facts.has(SELF, 'industry') ||
    facts.has(SELF, 'employees') ||
    facts.has(SELF, 'registration') ||
    facts.has(COMPANY, 'registration') ||
    facts.has(COMPANY, 'industry') ||
    isNetworkProfile(facts, pageUrl)
  )
}

/** The page of a company on a social network: a profile like a person's. */
function isNetworkProfile(facts: Facts, pageUrl: string | null): boolean {
  const host = pageUrl === null ? null : getHost(pageUrl)
  const domain = host === null ? null : toRegistrableDomain(host)
  if (domain === null || pageUrl === null || !SHARED_DOMAINS.has(domain)) return false
  return (
    facts.has(SELF, 'name') &&
    getPath(pageUrl) !== '' &&
    !facts.has(SELF, 'page_evidence') &&
    !facts.has(SELF, 'post_evidence')
  )
}

const hasContactPerson = (facts: Facts) => facts.has(PERSON, 'full_name') || facts.has(PERSON, 'first_name')
