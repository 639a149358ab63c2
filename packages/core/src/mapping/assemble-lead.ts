import type { MapContext, MappedItem, MappedLead } from '../model/mapped-item.ts'
import { toCountryName } from '../normalize/country.ts'
import { findEmailDomain } from '../normalize/domain.ts'
import { isPrivacyEmail, isRoleEmail } from '../normalize/email.ts'
import { type LinkedinPage, parseLinkedinPage } from '../normalize/linkedin.ts'
import type { PersonName } from '../normalize/name.ts'
import { cleanTags } from '../normalize/tags.ts'
import { cleanText, foldText } from '../normalize/text.ts'
import { cleanUrl } from '../normalize/url.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'
import { findPersonIdentities } from './find-person-identities.ts'
import {
  cleanPlaceId,
  cleanPlaceNumber,
  extractPlaceId,
  extractPlaceNumber,
  findFormerId,
  type IdentityFacts,
  identifyItem,
} from './identify-item.ts'
import { findMissingDataReason, findNotALeadReason } from './rejection-reasons.ts'
import { findIndustry, resolveCompany } from './resolve-company.ts'
import {
  type Emails,
  isContactCrawl,
  type Phones,
  resolveEmails,
  resolvePhones,
  resolveWeb,
  type WebPresence,
} from './resolve-contacts.ts'
import { findCompanyPage, type Linkedin, resolveLinkedin } from './resolve-linkedin-pages.ts'
import { isUnknownLocation, type Location, resolveStreet } from './resolve-location.ts'
import { resolvePage } from './resolve-page.ts'
import { resolveSubject, type Subject } from './resolve-subject.ts'
import { scoreConfidence, scoreDataQuality } from './scores.ts'
import { findContactCountry, findPlaceCountry } from './source-country.ts'
import { addUnreadCountry, UnreadValues } from './unread.ts'

/** Which mapping found the facts. Part of the source's metadata and of the confidence. */
export interface MappingMatch {
  preset: string | null
  identity: { namespace: string; value: string } | null
}

/** Everything that the resolvers found in the facts of one item. */
interface Findings {
  facts: Facts
  kind: Kind
  match: MappingMatch
  subject: Subject
  pageUrl: string | null
  web: WebPresence
  emails: Emails
  phones: Phones
  linkedin: Linkedin
  unread: UnreadValues
  /** The company's domain, from its website or its email address. */
  domain: string | null
  /** Where the lead is: the person if the item states it, else the company. */
  geo: Location
}

/** Builds the lead of the collected facts, or a rejection with its reason. `isLenient` skips the rejection. */
export function assembleLead(
  facts: Facts,
  kind: Kind,
  match: MappingMatch,
  context: MapContext | undefined,
  isLenient = false,
): MappedItem {
  const findings = resolveFindings(facts, kind, match)
  const { subject, emails, phones, web, linkedin, pageUrl, unread } = findings
  const isReachable = emails.best !== null || emails.others.length > 0 || phones.best !== null
  const isNamed = subject.name.full !== null || subject.companyName !== null
  const reason =
    findNotALeadReason(facts, pageUrl, isReachable, isNamed, web.domain !== null) ??
    findMissingDataReason(facts, kind, subject, isReachable, web.domain ?? web.website, linkedin, pageUrl)
  if (reason !== null && !isLenient)
    return { outcome: 'rejected', reason, ...(unread.values.length > 0 && { unread: unread.values }) }
  return buildLead(findings, context)
}

function resolveFindings(facts: Facts, kind: Kind, match: MappingMatch): Findings {
  const unread = new UnreadValues()
  const pageUrl = resolvePage(facts, kind)
  const subject = resolveSubject(facts, kind)
  const webOrder: Owner[] = kind === 'company' ? [SELF, COMPANY] : kind === 'job' ? [COMPANY] : [COMPANY, SELF]
  const web = resolveWeb(facts, webOrder, pageUrl, subject.companyName, unread)
  const emails = resolveEmails(facts, kind, web.domain, foldNames(subject.name), unread)
  const isCountryKnown = (subject.geo.country ?? subject.companyGeo.country) !== null
  const phones = resolvePhones(
    facts,
    orderPhoneOwners(kind, subject),
    (owner) =>
      owner === COMPANY
        ? (subject.companyGeo.country ?? subject.geo.country)
        : (subject.geo.country ?? subject.companyGeo.country),
    () =>
      subject.sourceCountry ??
      (isCountryKnown ? null : (findContactCountry(facts) ?? findPlaceCountry(facts, subject))),
    unread,
  )
  const isPersonUnlocated = kind === 'person' && isUnknownLocation(subject.geo)
  const geo = kind !== 'person' || isPersonUnlocated ? subject.companyGeo : subject.geo
  addUnreadCountry(facts, unread)
  return {
    facts,
    kind,
    match,
    subject,
    pageUrl,
    web,
    emails,
    phones,
    linkedin: resolveLinkedin(facts),
    unread,
    domain: web.domain ?? findEmailDomain(emails.best),
    geo,
  }
}

/** Names that show that a private address is the lead's own. */
function foldNames(name: PersonName): string[] {
  return [name.first, name.last]
    .filter((part) => part !== null)
    .map((part) => foldText(part))
    .filter((part) => part.length > 2)
}

/** A company that only offers something in the item goes before the offer itself. */
function orderPhoneOwners(kind: Kind, subject: Subject): Owner[] {
  if (kind !== 'company') return [SELF, PERSON, COMPANY]
  return subject.isItemCompany ? [SELF, COMPANY, PERSON] : [COMPANY, SELF, PERSON]
}

function buildLead(findings: Findings, context: MapContext | undefined): MappedItem {
  const { facts, kind, match, subject, pageUrl, web, linkedin, unread, domain } = findings
  const ownPage = findOwnPage(findings)
  const facebookPage = findFacebookPage(findings)
  const vendorId = findVendorId(facts, kind)
  const placeId = facts.first(SELF, 'place_id', cleanPlaceId) ?? (pageUrl === null ? null : extractPlaceId(pageUrl))
  const identityFacts: IdentityFacts = {
    ...describeIdentity(findings),
    place_id: placeId,
    place_number: placeId === null ? findPlaceNumber(facts, pageUrl) : null,
    page_url: pageUrl ?? facebookPage,
    linkedin: ownPage?.page ?? null,
    vendor_id: vendorId,
  }
  const identity = identifyItem(identityFacts, context)
  const former_external_id = findFormerId(identityFacts, identity, context)
  const identities = kind === 'person' ? findPersonIdentities(facts, pageUrl, subject.name) : []
  const company = resolveCompany(facts, kind, subject, web.website, domain, linkedin.company?.url ?? null, unread)
  const lead = toMappedLead(findings, identity.external_id)
  return {
    outcome: 'lead',
    lead,
    company,
    ...(former_external_id !== null && { former_external_id }),
    ...(identities.length > 0 && { identities }),
    source: {
      external_id: identity.external_id,
      external_url: pageUrl ?? linkedin.person?.url ?? (kind === 'company' ? (ownPage?.url ?? facebookPage) : null),
      provider_id: cleanText(placeId ?? vendorId ?? match.identity?.value, 255),
      scraped_at: facts.first(SELF, 'scraped_at', toIsoTime),
      data_quality_score: scoreDataQuality(lead, company),
      confidence_score: scoreConfidence(lead, identity.certainty, match.preset !== null),
      metadata: { mapping: match.preset ?? 'general', kind },
    },
    ...(unread.values.length > 0 && { unread: unread.values }),
  }
}

function toMappedLead(findings: Findings, external_id: string): MappedLead {
  const { facts, subject, emails, phones, domain, geo } = findings
  return {
    full_name: subject.name.full,
    first_name: subject.name.first,
    last_name: subject.name.last,
    title: subject.title,
    email: emails.best,
    email_verified: emails.best !== null && facts.all(SELF, 'email_status').some((status) => isVerified(status.value)),
    phone: phones.best,
    phone_verified: phones.best !== null && facts.all(SELF, 'phone_status').some((status) => isVerified(status.value)),
    additional_emails: emails.others,
    additional_phones: phones.others,
    company_name: subject.companyName,
    company_domain: domain,
    country: geo.country === null ? null : toCountryName(geo.country),
    city: geo.city,
    state: geo.state,
    postal_code: geo.postal_code,
    street: findStreet(findings),
    industry: findIndustry(facts, [SELF, COMPANY]),
    tags: cleanTags(facts.all(SELF, 'tags').map((candidate) => candidate.value)),
    external_id,
  }
}

function findPlaceNumber(facts: Facts, pageUrl: string | null): string | null {
  return (
    facts.first(SELF, 'place_evidence', cleanPlaceNumber) ??
    facts.first(SELF, 'place_id', cleanPlaceNumber) ??
    facts.first(SELF, 'id', (value) =>
      typeof value === 'string' && value.includes(':') ? cleanPlaceNumber(value) : null,
    ) ??
    (pageUrl === null ? null : extractPlaceNumber(pageUrl))
  )
}

/** The street of the place that the lead's city is from. */
function findStreet({ facts, kind, subject, geo }: Findings): string | null {
  if (kind !== 'person') return resolveStreet(facts, SELF) ?? resolveStreet(facts, COMPANY)
  return resolveStreet(facts, geo === subject.geo ? SELF : COMPANY)
}

/** Ids are not cut to their column here: two long ids may differ only at their ends, and `identifyItem` keeps that. */
const cleanId = (value: unknown) => cleanText(value, 2_000)

/** The vendor's id. A company's id never identifies a person: all of its people share it. */
function findVendorId(facts: Facts, kind: Kind): string | null {
  const own = facts.first(SELF, 'id', cleanId)
  if (own !== null || kind !== 'company') return own
  return (
    facts.first(COMPANY, 'id', cleanId) ??
    facts.first(SELF, 'registration', cleanId) ??
    facts.first(COMPANY, 'registration', cleanId)
  )
}

/** The LinkedIn page that the item is about, or null. */
function findOwnPage(findings: Findings): { page: LinkedinPage; url: string | null } | null {
  const { facts, kind, linkedin, pageUrl } = findings
  if (kind === 'person') return linkedin.person
  if (kind === 'company') return findCompanyPage(facts, linkedin, pageUrl)
  const page = parseLinkedinPage(pageUrl)
  return page === null ? null : { page, url: pageUrl }
}

/**
 * The Facebook page that identifies the item, or null. Items of Facebook rarely have a domain or street. An item of a
 * directory that mentions a Facebook page mostly has one of them.
 */
function findFacebookPage(findings: Findings): string | null {
  const { facts, kind, domain, subject } = findings
  const isAbout = kind === 'company' && domain === null && !subject.companyGeo.has_street
  return isAbout ? facts.first(SELF, 'facebook', cleanUrl) : null
}

function describeIdentity(
  findings: Findings,
): Omit<IdentityFacts, 'place_id' | 'place_number' | 'page_url' | 'linkedin' | 'vendor_id'> {
  const { facts, kind, match, subject, emails, domain } = findings
  return {
    kind,
    preset: match.identity,
    slug: facts.first(SELF, 'slug', cleanId),
    email: emails.best,
    domain,
    is_place: subject.companyGeo.has_street,
    has_own_email: emails.best !== null && !isRoleEmail(emails.best) && !isPrivacyEmail(emails.best),
    is_crawl: isContactCrawl(facts),
    fallback_words: buildFallbackWords(findings),
  }
}

const cleanText255 = (value: unknown) => cleanText(value, 255)

/** Name and place if a street is stated, so that a new phone changes nothing. Contact data only without a street. */
function buildFallbackWords(findings: Findings): (string | null)[] {
  const { facts, subject, geo, domain, phones, emails, linkedin } = findings
  const street = facts.first(SELF, 'street', cleanText255) ?? facts.first(SELF, 'address', cleanText255)
  const words = [subject.name.full, subject.companyName, geo.country, geo.city, geo.postal_code, street]
  if (street !== null) return words
  return [...words, domain, phones.best, emails.best, linkedin.company?.page.slug ?? null]
}

function isVerified(value: unknown): boolean {
  if (value === true) return true
  return (
    typeof value === 'string' &&
    /^(?:true|yes|verified|valid|deliverable|ok|safe|likely to engage)$/i.test(value.trim())
  )
}

const ISO_TIME = /^20[0-6]\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/

function toIsoTime(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value) || value.length > 40) return null
  // The usual form needs no parser, which takes 1 µs. Days after the 28th may not exist in their month.
  if (ISO_TIME.test(value)) return value
  const time = Date.parse(value)
  return Number.isNaN(time) || time < 0 || time > 4_102_444_800_000 ? null : new Date(time).toISOString()
}
