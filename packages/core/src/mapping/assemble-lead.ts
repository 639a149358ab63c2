import type { MapContext, MappedItem, MappedLead } from '../model/mapped-item.ts'
import { cleanText255, type Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'
import { cleanPlaceId, extractPlaceId, identifyItem } from './identify-item.ts'
import { toCountryName } from './normalize/country.ts'
import { findEmailDomain } from './normalize/domain.ts'
import { isPrivacyEmail, isRoleEmail } from './normalize/email.ts'
import { parseLinkedinPage } from './normalize/linkedin.ts'
import { cleanTags } from './normalize/tags.ts'
import { cleanText, foldText } from './normalize/text.ts'
import { cleanUrl } from './normalize/url.ts'
import { findMissingDataReason, findNotALeadReason } from './rejection-reasons.ts'
import { cleanIndustry, resolveCompany } from './resolve-company.ts'
import { isContactCrawl as isCrawlItem, resolveEmails, resolvePhones, resolveWeb } from './resolve-contacts.ts'
import { companyPage, resolveLinkedin } from './resolve-linkedin-pages.ts'
import { isUnknownLocation, type Location } from './resolve-location.ts'
import { resolveSubject, type Subject } from './resolve-subject.ts'
import { scoreConfidence, scoreDataQuality } from './scores.ts'

/** Which mapping found the facts, for the source's metadata and the confidence. */
export interface MappingMatch {
  preset: string | null
  identity: { namespace: string; value: string } | null
}

/** Makes the lead of the collected facts, or a rejection with its reason. */
export function assembleLead(
  facts: Facts,
  kind: Kind,
  origin: MappingMatch,
  context: MapContext | undefined,
): MappedItem {
  const pageUrl =
    facts.first(SELF, 'url', cleanUrl) ?? (kind === 'company' ? facts.first(COMPANY, 'url', cleanUrl) : null)
  const own = resolveSubject(facts, kind)
  const webOrder: Owner[] = kind === 'company' ? [SELF, COMPANY] : [COMPANY, SELF]
  const web = resolveWeb(facts, kind === 'job' ? [COMPANY] : webOrder, pageUrl)
  const names = [own.name.first, own.name.last]
    .filter((part) => part !== null)
    .map((part) => foldText(part))
    .filter((part) => part.length > 2)
  const emails = resolveEmails(facts, kind, web.domain, names)
  const phoneOrder: Owner[] = kind === 'company' ? [SELF, COMPANY, PERSON] : [SELF, PERSON, COMPANY]
  const phones = resolvePhones(facts, phoneOrder, (owner) =>
    owner === COMPANY ? own.companyGeo.country : own.geo.country,
  )
  const reachable = emails.best !== null || emails.others.length > 0 || phones.best !== null
  const linkedin = resolveLinkedin(facts)
  const refused =
    findNotALeadReason(facts, pageUrl, reachable, own.name.full !== null || own.companyName !== null) ??
    findMissingDataReason(facts, kind, own, reachable, web.domain ?? web.website, linkedin, pageUrl)
  if (refused !== null) return { outcome: 'rejected', reason: refused }

  const domain = web.domain ?? findEmailDomain(emails.best)
  const leadGeo = kind === 'person' ? (isUnknownLocation(own.geo) ? own.companyGeo : own.geo) : own.companyGeo
  const industry = facts.first(SELF, 'industry', cleanIndustry) ?? facts.first(COMPANY, 'industry', cleanIndustry)
  const isCrawl = isCrawlItem(facts)
  const jobPage = kind === 'job' ? parseLinkedinPage(pageUrl) : null
  const ownPage =
    kind === 'person'
      ? linkedin.person
      : kind === 'job'
        ? jobPage === null
          ? null
          : { page: jobPage, url: pageUrl }
        : companyPage(facts, linkedin, pageUrl)
  // Not cut to the column here: two long ids may differ at their ends, and `identify` keeps that.
  const vendorId = facts.first(SELF, 'id', (value) => cleanText(value, 2_000))
  const placeId = facts.first(SELF, 'place_id', cleanPlaceId) ?? (pageUrl === null ? null : extractPlaceId(pageUrl))
  // An item of Facebook has neither domain nor street as a rule; a directory that mentions a page mostly has one of them.
  const mentioned = kind === 'company' && domain === null && !own.companyGeo.has_street
  const facebookPage = mentioned ? facts.first(SELF, 'facebook', cleanUrl) : null
  const identity = identifyItem(
    {
      kind,
      preset: origin.identity,
      place_id: placeId,
      page_url: pageUrl ?? facebookPage,
      linkedin: ownPage?.page ?? null,
      vendor_id: vendorId,
      slug: facts.first(SELF, 'slug', (value) => cleanText(value, 2_000)),
      email: emails.best,
      domain,
      is_place: own.companyGeo.has_street,
      has_own_email: emails.best !== null && !isRoleEmail(emails.best) && !isPrivacyEmail(emails.best),
      is_crawl: isCrawl,
      fallback_words: buildFallbackWords(facts, own, leadGeo, [
        domain,
        phones.best,
        emails.best,
        linkedin.company?.page.slug ?? null,
      ]),
    },
    context,
  )
  const company = resolveCompany(facts, kind, own, web.website, domain, linkedin.company?.url ?? null)
  const lead: MappedLead = {
    full_name: own.name.full,
    first_name: own.name.first,
    last_name: own.name.last,
    title: own.title,
    email: emails.best,
    email_verified: emails.best !== null && facts.all(SELF, 'email_status').some((status) => isVerified(status.value)),
    phone: phones.best,
    phone_verified: phones.best !== null && facts.all(SELF, 'phone_status').some((status) => isVerified(status.value)),
    additional_emails: emails.others,
    additional_phones: phones.others,
    company_name: own.companyName,
    company_domain: domain,
    country: leadGeo.country === null ? null : toCountryName(leadGeo.country),
    city: leadGeo.city,
    state: leadGeo.state,
    postal_code: leadGeo.postal_code,
    industry,
    tags: cleanTags(facts.all(SELF, 'tags').map((candidate) => candidate.value)),
    external_id: identity.external_id,
  }
  return {
    outcome: 'lead',
    lead,
    company,
    source: {
      external_id: identity.external_id,
      external_url: pageUrl ?? linkedin.person?.url ?? (kind === 'company' ? (ownPage?.url ?? facebookPage) : null),
      provider_id: cleanText(placeId ?? vendorId ?? origin.identity?.value, 255),
      scraped_at: facts.first(SELF, 'scraped_at', toIsoTime),
      data_quality_score: scoreDataQuality(lead, company),
      confidence_score: scoreConfidence(lead, identity.certainty, origin.preset !== null),
      metadata: { mapping: origin.preset ?? 'general', kind },
    },
  }
}

/** Name and place where a street is stated, so that a new phone changes nothing; contact data only where it is not. */
function buildFallbackWords(
  facts: Facts,
  own: Subject,
  geo: Location,
  contact: readonly (string | null)[],
): (string | null)[] {
  const street = facts.first(SELF, 'street', cleanText255) ?? facts.first(SELF, 'address', cleanText255)
  const words = [own.name.full, own.companyName, geo.country, geo.city, geo.postal_code, street]
  return street === null ? [...words, ...contact] : words
}

function isVerified(value: unknown): boolean {
  if (value === true) return true
  return (
    typeof value === 'string' &&
    /^(?:true|yes|verified|valid|deliverable|ok|safe|likely to engage)$/i.test(value.trim())
  )
}

function toIsoTime(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value) || value.length > 40) return null
  const time = Date.parse(value)
  return Number.isNaN(time) || time < 0 || time > 4_102_444_800_000 ? null : new Date(time).toISOString()
}
