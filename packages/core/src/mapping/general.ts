import { isCrawl as isCrawlItem, resolveEmails, resolvePhones, resolveWeb } from './contacts.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, type Owner, PERSON, SELF } from './fields.ts'
import { type Geo, isNowhere, NOWHERE, resolveGeo } from './geo.ts'
import { cleanPlaceId, companyKey, identify, placeIdOfUrl } from './identity.ts'
import { type Kind, text255 } from './kind.ts'
import { countryName } from './normalise/country.ts'
import { emailCompanyDomain } from './normalise/domain.ts'
import { isPrivacyEmail, isRoleEmail } from './normalise/email.ts'
import { type EmployeeSize, employeeSize } from './normalise/employees.ts'
import { type LinkedinPage, linkedinPage, linkedinSlug } from './normalise/linkedin.ts'
import { cleanNamePart, joinName, type PersonName, personName } from './normalise/name.ts'
import { cleanTags } from './normalise/tags.ts'
import { cleanText, foldText } from './normalise/text.ts'
import { cleanUrl, hostOf, withoutTracking } from './normalise/url.ts'
import { confidenceScore, dataQualityScore } from './quality.ts'
import { whyNoLead } from './reject.ts'
import type { MapContext, MappedCompany, MappedItem, MappedLead } from './types.ts'

const DESCRIPTION_MAX = 10_000
const NO_NAME: PersonName = { full: null, first: null, last: null }
const NO_COMPANY =
  /^(?:self[- ]?employed|selbst(?:st)?ändig|freelance(?:r)?|freiberuflich|independent(?: (?:contractor|consultant))?|indépendant|autónomo|libero professionista|unemployed|retired|student|none|private|confidential(?: company)?|stealth(?: (?:mode|startup|mode startup))?)$/i
const NO_INDUSTRY =
  /^(?:page|business|company|local business|establishment|point of interest|point_of_interest|organization|other|others|place|service establishment)$/i

/** Which mapping found the facts, for the source's metadata and the confidence. */
export interface Origin {
  preset: string | null
  identity: { namespace: string; value: string } | null
}

/** Makes the lead of the collected facts, or a rejection with its reason. */
export function assemble(facts: Facts, kind: Kind, origin: Origin, context: MapContext | undefined): MappedItem {
  const pageUrl =
    facts.first(SELF, 'url', cleanUrl) ?? (kind === 'company' ? facts.first(COMPANY, 'url', cleanUrl) : null)
  const own = resolveOwn(facts, kind)
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
    whyNoLead(facts, pageUrl, reachable, own.name.full !== null || own.companyName !== null) ??
    whyNothing(facts, kind, own, reachable, web.domain ?? web.website, linkedin, pageUrl)
  if (refused !== null) return { outcome: 'rejected', reason: refused }

  const domain = web.domain ?? emailCompanyDomain(emails.best)
  const leadGeo = kind === 'person' ? (isNowhere(own.geo) ? own.companyGeo : own.geo) : own.companyGeo
  const industry = facts.first(SELF, 'industry', cleanIndustry) ?? facts.first(COMPANY, 'industry', cleanIndustry)
  const isCrawl = isCrawlItem(facts)
  const jobPage = kind === 'job' ? linkedinPage(pageUrl) : null
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
  const placeId = facts.first(SELF, 'place_id', cleanPlaceId) ?? (pageUrl === null ? null : placeIdOfUrl(pageUrl))
  // An item of Facebook has neither domain nor street as a rule; a directory that mentions a page mostly has one of them.
  const mentioned = kind === 'company' && domain === null && !own.companyGeo.has_street
  const facebookPage = mentioned ? facts.first(SELF, 'facebook', cleanUrl) : null
  const identity = identify(
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
      words: identityWords(facts, own, leadGeo, [
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
    country: leadGeo.country === null ? null : countryName(leadGeo.country),
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
      scraped_at: facts.first(SELF, 'scraped_at', isoTime),
      data_quality_score: dataQualityScore(lead, company),
      confidence_score: confidenceScore(lead, identity.certainty, origin.preset !== null),
      metadata: { mapping: origin.preset ?? 'general', kind },
    },
  }
}

/** Name and place where a street is stated, so that a new phone changes nothing; contact data only where it is not. */
function identityWords(facts: Facts, own: Own, geo: Geo, contact: readonly (string | null)[]): (string | null)[] {
  const street = facts.first(SELF, 'street', text255) ?? facts.first(SELF, 'address', text255)
  const words = [own.name.full, own.companyName, geo.country, geo.city, geo.postal_code, street]
  return street === null ? [...words, ...contact] : words
}

interface Own {
  name: PersonName
  title: string | null
  companyName: string | null
  geo: Geo
  companyGeo: Geo
}

/** Name, title, company and place of the lead, read as its kind demands. */
function resolveOwn(facts: Facts, kind: Kind): Own {
  const company = facts.first(COMPANY, 'name', cleanCompany)
  const companyGeo = resolveGeo(facts, COMPANY)
  if (kind === 'job') {
    return { ...contactOf(facts), companyName: company, geo: companyGeo, companyGeo }
  }
  const geo = resolveGeo(facts, SELF)
  if (kind === 'company') {
    const names = [
      company,
      facts.first(SELF, 'name', cleanCompany),
      facts.first(SELF, 'full_name', cleanCompany),
      facts.first(SELF, 'title', cleanCompany),
    ]
    const companyName = names.find((name) => name !== null) ?? null
    const contact = contactOf(facts)
    const same =
      contact.name.full !== null && companyName !== null && foldText(contact.name.full) === foldText(companyName)
    // A company's place may be stated plainly or as its headquarters'.
    const place =
      isNowhere(geo) && geo.postal_code === null
        ? { ...companyGeo, has_street: companyGeo.has_street || geo.has_street }
        : geo
    return { ...(same ? { name: NO_NAME, title: null } : contact), companyName, geo: place, companyGeo: place }
  }
  let first = facts.first(SELF, 'first_name', cleanNamePart)
  let last = facts.first(SELF, 'last_name', cleanNamePart)
  const plain = facts.first(SELF, 'name', text255)
  const stated = facts.first(SELF, 'full_name', text255)
  let whole = personName(stated ?? (plain === company ? null : plain) ?? nameOfPage(facts))
  // `{nome, cognome}`, `{nom, prenom}`: the plain name is the other half where it does not hold the first.
  if (stated === null && whole.full !== null && (first === null) !== (last === null)) {
    const given = first ?? last ?? ''
    if (!whole.full.toLowerCase().includes(given.toLowerCase())) {
      if (first === null) first = whole.full
      else last = whole.full
      whole = NO_NAME
    }
  }
  const joined = joinName(
    first,
    last,
    first !== null && last !== null && whole.full !== null && stated === null && !whole.full.includes(last)
      ? NO_NAME
      : whole,
  )
  const contact = contactOf(facts)
  const hasOwnName = joined.full !== null
  return {
    name: hasOwnName ? joined : contact.name,
    title: hasOwnName ? ownTitle(facts) : (facts.first(SELF, 'job_title', cleanTitle) ?? contact.title),
    companyName: company,
    geo,
    companyGeo,
  }
}

/** "Jane Doe - Marketing Director - Acme | LinkedIn", the title of a profile's page, begins with the name. */
function nameOfPage(facts: Facts): string | null {
  const title = facts.first(SELF, 'title', text255)
  return title !== null && /(?: [|–-] |\| ?)LinkedIn$/i.test(title) ? (title.split(/ [-–|] /)[0] ?? null) : null
}

/** The job title: the plain `title` of a named person goes before one that only a job history holds. */
function ownTitle(facts: Facts): string | null {
  const stated = facts.all(SELF, 'job_title')[0]?.rank ?? Number.POSITIVE_INFINITY
  const plain = facts.all(SELF, 'title')[0]?.rank ?? Number.POSITIVE_INFINITY
  const order: readonly Field[] = plain < stated ? ['title', 'job_title'] : ['job_title', 'title']
  for (const field of order) {
    const title = facts.first(SELF, field, cleanTitle)
    if (title !== null && !/LinkedIn$/i.test(title)) return title
  }
  // "Engineer at Example" names more than the job: taking it apart would be guessing.
  return facts.first(SELF, 'occupation', (value) =>
    typeof value === 'string' && / (?:at|bei|chez|en|presso) |@/.test(value) ? null : cleanTitle(value),
  )
}

/** A contact person named in a company's item. */
function contactOf(facts: Facts): { name: PersonName; title: string | null } {
  const name = joinName(
    facts.first(PERSON, 'first_name', cleanNamePart),
    facts.first(PERSON, 'last_name', cleanNamePart),
    facts.first(PERSON, 'full_name', (value) => {
      const found = personName(value)
      return found.full === null ? null : found
    }) ?? NO_NAME,
  )
  return {
    name,
    title:
      name.full === null
        ? null
        : (facts.first(PERSON, 'job_title', cleanTitle) ?? facts.first(PERSON, 'title', cleanTitle)),
  }
}

const cleanTitle = (value: unknown) => {
  const text = cleanText(value, 255)
  return text === null || !/\p{L}/u.test(text) || /^https?:/i.test(text) ? null : text
}

function cleanCompany(value: unknown): string | null {
  const text = typeof value === 'string' ? cleanText(value, 255) : null
  return text === null || NO_COMPANY.test(text) || /^https?:\/\//i.test(text) ? null : text.replace(/^@(?=\w)/, '')
}

function cleanIndustry(value: unknown): string | null {
  const text = typeof value === 'string' ? cleanText(value.replace(/^(?:Page · |\/)/, ''), 100) : null
  return text === null || NO_INDUSTRY.test(text) ? null : text
}

function isVerified(value: unknown): boolean {
  if (value === true) return true
  return (
    typeof value === 'string' &&
    /^(?:true|yes|verified|valid|deliverable|ok|safe|likely to engage)$/i.test(value.trim())
  )
}

function isoTime(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value) || value.length > 40) return null
  const time = Date.parse(value)
  return Number.isNaN(time) || time < 0 || time > 4_102_444_800_000 ? null : new Date(time).toISOString()
}

interface Linkedin {
  person: { page: LinkedinPage; url: string | null } | null
  company: { page: LinkedinPage; url: string } | null
}

/** LinkedIn pages by what they point to, whichever key held them. */
function resolveLinkedin(facts: Facts): Linkedin {
  let person: Linkedin['person'] = null
  let company: Linkedin['company'] = null
  const look = (owner: Owner, field: 'linkedin' | 'url' | 'website' | 'social') => {
    for (const candidate of facts.all(owner, field)) {
      const value = field === 'linkedin' ? fromHandle(candidate.value) : candidate.value
      const page = linkedinPage(value)
      const url = page === null ? null : cleanUrl(value)
      if (page === null || url === null) continue
      const bare = page.kind === 'company' ? url.replace(/[?#].*$/s, '') : withoutTracking(url)
      if (
        page.kind === 'in' &&
        owner !== COMPANY &&
        (person === null || (isMemberId(person.page.slug) && !isMemberId(page.slug)))
      )
        person = { page, url: bare }
      // A vanity name says more than a number, and more Actors know it.
      if (
        page.kind === 'company' &&
        (company === null || (/^\d+$/.test(company.page.slug) && !/^\d+$/.test(page.slug)))
      )
        company = { page, url: bare }
    }
  }
  for (const field of ['linkedin', 'url', 'website', 'social'] as const) {
    look(COMPANY, field)
    look(SELF, field)
  }
  look(PERSON, 'linkedin')
  look(PERSON, 'url')
  const slug = facts.first(SELF, 'linkedin_slug', (value) => (typeof value === 'string' ? linkedinSlug(value) : null))
  const known = person as Linkedin['person']
  if (slug !== null && (known === null || isMemberId(known.page.slug)))
    person = { page: { kind: 'in', slug }, url: known?.url ?? null }
  return { person, company }
}

/** `in/jane-doe` and `company/acme` as the addresses that they stand for. */
function fromHandle(value: unknown): unknown {
  return typeof value === 'string' && /^(?:in|company)\/[\w%-]+\/?$/.test(value)
    ? `https://www.linkedin.com/${value}`
    : value
}

const isMemberId = (slug: string) => /^AC[ow]AA/.test(slug)

/**
 * A company lead's own LinkedIn page: only where the item comes from LinkedIn, not where a directory mentions it. All
 * branches of a chain are mentioned with one page; LinkedIn itself writes addresses as headquarters and locations.
 */
function companyPage(
  facts: Facts,
  linkedin: Linkedin,
  pageUrl: string | null,
): { page: LinkedinPage; url: string } | null {
  if (linkedin.company === null) return null
  const fromLinkedin =
    pageUrl === null
      ? (facts.has(SELF, 'name') || facts.has(COMPANY, 'name') || facts.has(SELF, 'title')) &&
        !isCrawlItem(facts) &&
        !facts.has(SELF, 'place_id') &&
        !facts.has(SELF, 'street') &&
        !facts.has(SELF, 'address')
      : /(?:^|\.)linkedin\.com$/.test(hostOf(pageUrl) ?? '')
  return fromLinkedin ? linkedin.company : null
}

/** The reason where an item holds too little to be a lead, or null. */
function whyNothing(
  facts: Facts,
  kind: Kind,
  own: Own,
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
  const located = !isNowhere(own.companyGeo) || own.companyGeo.has_street
  const isPlace = facts.has(SELF, 'place_id') || (pageUrl !== null && placeIdOfUrl(pageUrl) !== null)
  // Maps list boroughs, parks and stops beside businesses: those have neither category nor address nor phone.
  if (isPlace && !reachable && !located && !facts.has(SELF, 'industry')) return 'a place on the map that is no business'
  if (reachable || web !== null) return facts.visited < 3 && !reachable ? 'nothing but an address of a page' : null
  const business = facts.all(SELF, 'business_account').some((flag) => flag.value === true)
  const evidence =
    linkedin.company !== null ||
    business ||
    facts.has(SELF, 'place_id') ||
    (pageUrl !== null && placeIdOfUrl(pageUrl) !== null) ||
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

function resolveCompany(
  facts: Facts,
  kind: Kind,
  own: Own,
  website: string | null,
  domain: string | null,
  linkedinUrl: string | null,
): MappedCompany | null {
  const about = kind === 'company'
  const geo =
    about || kind === 'job'
      ? own.companyGeo
      : own.companyGeo.country === null && own.companyGeo.city === null
        ? NOWHERE
        : own.companyGeo
  const country = geo.country === null ? null : countryName(geo.country)
  const page = linkedinPage(linkedinUrl)
  const name = own.companyName ?? domain ?? page?.slug ?? null
  const key = companyKey(domain, linkedinUrl, own.companyName, country, geo.city)
  if (name === null || key === null) return null
  const size = resolveSize(facts)
  const text = (value: unknown) => (typeof value === 'string' ? cleanText(value, DESCRIPTION_MAX) : null)
  return {
    company_key: key,
    name,
    domain,
    company_type:
      facts.first(COMPANY, 'company_type', (value) => cleanText(value, 50)) ??
      facts.first(SELF, 'company_type', (value) => cleanText(value, 50)),
    country,
    city: geo.city,
    industry: facts.first(COMPANY, 'industry', cleanIndustry) ?? facts.first(SELF, 'industry', cleanIndustry),
    employee_count: size.count,
    employee_size_min: size.min,
    employee_size_max: size.max,
    description: facts.first(COMPANY, 'description', text) ?? (about ? facts.first(SELF, 'description', text) : null),
    website,
    linkedin_url: linkedinUrl,
    tags: cleanTags(
      [...facts.all(COMPANY, 'tags'), ...(about ? facts.all(SELF, 'tags') : [])].map((candidate) => candidate.value),
    ),
  }
}

/** An exact count and a range may both be stated. A bare `size` only counts as a range: it may measure anything. */
function resolveSize(facts: Facts): EmployeeSize {
  const size: EmployeeSize = { count: null, min: null, max: null }
  for (const owner of [COMPANY, SELF] as const) {
    for (const candidate of facts.all(owner, 'employees')) {
      const found = employeeSize(candidate.value)
      if (candidate.rank < 90) size.count ??= found.count
      if (size.min === null && size.max === null && (found.min !== null || found.max !== null))
        Object.assign(size, { min: found.min, max: found.max })
    }
    const min = facts.first(owner, 'employees_min', (value) => employeeSize(value).count)
    const max = facts.first(owner, 'employees_max', (value) => employeeSize(value).count)
    if (
      size.min === null &&
      size.max === null &&
      (min !== null || max !== null) &&
      (max === null || min === null || min <= max)
    )
      Object.assign(size, { min, max })
  }
  return size
}
