import { findCompanyDomain, toRegistrableDomain } from '../normalize/domain.ts'
import { cleanEmail, extractEmails, isFreeMail, isPrivacyEmail, isRoleEmail, toEmailKey } from '../normalize/email.ts'
import { SITE_BUILDERS } from '../normalize/hosts.ts'
import { cleanPhone, splitPhones } from '../normalize/phone.ts'
import { cleanUrl, getHost, getPath, stripTracking, unwrapRedirect } from '../normalize/url.ts'
import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Field, type Owner, PERSON, SELF } from './fields.ts'
import type { UnreadValues } from './unread.ts'

const LIST_MAX = 50

/** Returns true for an item of a crawler for contacts: its subject is the site, and it has no name. */
export function isContactCrawl(facts: Facts): boolean {
  return facts.crawlKeys >= 3 && !facts.has(SELF, 'title') && !facts.has(SELF, 'name') && !facts.has(COMPANY, 'name')
}

export interface Emails {
  best: string | null
  others: string[]
}

/** Costs of an address by where it was found. The cheapest one is the lead's. */
const COMPANY_OF_PERSON_COST = 60
const COMPANY_COST = 5
const PERSONAL_COST = 70
const TEXT_COST = 80
/** From this cost on an address is kept, but never chosen: it is likely another person's. */
const NEVER_COST = 900

/** Collects addresses with their costs, each mailbox once. */
class EmailCollector {
  readonly found: { email: string; cost: number }[] = []
  private readonly seen = new Set<string>()
  private readonly aboutPerson: boolean
  private readonly domain: string | null

  constructor(aboutPerson: boolean, domain: string | null) {
    this.aboutPerson = aboutPerson
    this.domain = domain
  }

  /** Adds the address or addresses of a value. Returns false if it contains none. */
  add(value: unknown, cost: number): boolean {
    if (this.found.length >= LIST_MAX) return true
    const email = cleanEmail(value)
    if (email === null) return this.addSeveral(value, cost)
    const key = toEmailKey(email)
    if (this.seen.has(key)) return true
    this.seen.add(key)
    this.found.push({ email, cost: cost + scoreEmail(email, this.aboutPerson, this.domain) })
    return true
  }

  /** Adds "a@x.com, b@x.com" under one key. */
  private addSeveral(value: unknown, cost: number): boolean {
    if (typeof value !== 'string' || value.length >= 4_000 || !value.includes('@')) return false
    let isRead = false
    for (const part of value.split(/[\s,;|:/]+/)) if (cleanEmail(part) !== null) isRead = this.add(part, cost) || isRead
    return isRead
  }

  result(): Emails {
    let best: { email: string; cost: number } | undefined
    for (const candidate of this.found)
      if (candidate.cost < NEVER_COST && (best === undefined || candidate.cost < best.cost)) best = candidate
    return {
      best: best?.email ?? null,
      others: this.found.filter((entry) => entry !== best).map((entry) => entry.email),
    }
  }
}

/**
 * Returns the best email address and the others. The lead's own goes before the company's, business before free mail,
 * and a privacy mailbox is only chosen if there is no other.
 *
 * @param names folded names of the person: a "personal email" counts as the lead's only if it contains one of them
 */
export function resolveEmails(
  facts: Facts,
  kind: Kind,
  domain: string | null,
  names: readonly string[],
  unread: UnreadValues | null = null,
): Emails {
  const aboutPerson = kind === 'person'
  const emails = new EmailCollector(aboutPerson, domain)
  for (const owner of [SELF, PERSON, COMPANY] as const) {
    const ownerCost = owner === COMPANY ? (aboutPerson ? COMPANY_OF_PERSON_COST : COMPANY_COST) : 0
    for (const candidate of facts.all(owner, 'email'))
      if (!emails.add(candidate.value, ownerCost + candidate.rank / 4)) unread?.add('email', candidate.value)
  }
  for (const owner of [SELF, PERSON] as const) {
    for (const candidate of facts.all(owner, 'personal_email')) {
      const cost = isNamedAfter(cleanEmail(candidate.value), names) ? PERSONAL_COST : NEVER_COST
      if (!emails.add(candidate.value, cost)) unread?.add('email', candidate.value)
    }
  }
  addEmailsOfTexts(facts, kind, domain, emails)
  return emails.result()
}

const isNamedAfter = (email: string | null, names: readonly string[]): boolean =>
  email !== null && names.some((name) => email.slice(0, email.indexOf('@')).includes(name))

function addEmailsOfTexts(facts: Facts, kind: Kind, domain: string | null, emails: EmailCollector): void {
  for (const field of ['description', 'text'] as const) {
    for (const candidate of facts.all(SELF, field)) {
      if (typeof candidate.value !== 'string' || !candidate.value.includes('@')) continue
      for (const email of extractEmails(candidate.value)) {
        // The text of a job post may name anyone's address. Only the company's own is taken from it.
        if (kind !== 'job' || domainOfEmail(email) === domain) emails.add(email, TEXT_COST)
      }
    }
  }
}

const domainOfEmail = (email: string) => toRegistrableDomain(email.slice(email.lastIndexOf('@') + 1))

function scoreEmail(email: string, aboutPerson: boolean, domain: string | null): number {
  if (isPrivacyEmail(email)) return 300
  let cost = 0
  if (isFreeMail(email)) cost += 40
  else if (domain !== null && domainOfEmail(email) === domain) cost -= 15
  if (aboutPerson && isRoleEmail(email)) cost += 25
  return cost
}

export interface Phones {
  best: string | null
  others: string[]
}

/** From this rank on a number is uncertain: it is only taken if there is no other. */
const UNCERTAIN_RANK = 90

/**
 * Returns phone numbers in the order of trust, each once. A national form of a number that is there in E.164 is the
 * same number.
 *
 * @param findHint finds the country that the source suggests, see `cleanPhone`. It is called for national numbers only:
 *   looking for it takes as long as reading three numbers.
 */
export function resolvePhones(
  facts: Facts,
  order: readonly Owner[],
  countryOf: (owner: Owner) => string | null,
  findHint: () => string | null = () => null,
  unread: UnreadValues | null = null,
): Phones {
  const list: string[] = []
  let hint: string | null | undefined
  const add = (value: unknown, country: string | null): void => {
    const isInternational = typeof value === 'string' && value.startsWith('+')
    if (!isInternational && hint === undefined) hint = findHint()
    const phone = cleanPhone(value, country, hint ?? null)
    if (phone === null) unread?.add('phone', value)
    else if (!isKnown(list, phone)) list.push(phone)
  }
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'phone')) {
      if (list.length >= LIST_MAX || (candidate.rank >= UNCERTAIN_RANK && list.length > 0)) break
      const country = countryOf(owner)
      for (const value of splitPhones(candidate.value)) add(value, country)
    }
  }
  return { best: list[0] ?? null, others: list.slice(1, LIST_MAX) }
}

function isKnown(list: readonly string[], phone: string): boolean {
  if (list.length === 0) return false
  if (list.includes(phone)) return true
  const digits = phone.replace(/\D/g, '').replace(/^0+/, '')
  return list.some((known) => {
    const other = known.replace(/\D/g, '')
    return other.endsWith(digits) || (!known.startsWith('+') && digits.endsWith(other.replace(/^0+/, '')))
  })
}

export interface WebPresence {
  website: string | null
  domain: string | null
}

const NO_WEB: WebPresence = { website: null, domain: null }
const MAPS = /^(?:maps\.google\.|www\.bing\.com$|www\.google\.[a-z.]+$|goo\.gl$|maps\.app\.goo\.gl$|waze\.com$)/

/** What a website is judged by: the page of the item on its source, and the company's name. */
interface WebContext {
  pageSite: string | null
  companyName: string | null
  isCrawl: boolean
}

/** Returns the company's website and registrable domain. A social page can be a website, but never gives a domain. */
export function resolveWeb(
  facts: Facts,
  order: readonly Owner[],
  pageUrl: string | null,
  companyName: string | null = null,
  unread: UnreadValues | null = null,
): WebPresence {
  const pageHost = pageUrl === null ? null : getHost(pageUrl)
  const context: WebContext = {
    pageSite: pageHost === null ? null : toRegistrableDomain(pageHost),
    companyName,
    isCrawl: isContactCrawl(facts),
  }
  const stated = findStatedWebsite(facts, order, context, unread)
  if (stated.domain !== null) return stated
  const domain = findStatedDomain(facts, order)
  if (domain !== null) return { website: stated.website, domain }
  const linked = findLinkedWebsite(facts, context)
  return { website: stated.website ?? linked.website, domain: linked.domain }
}

/** Looks under the keys of a website. Without a domain, the first social page is kept as the website. */
function findStatedWebsite(
  facts: Facts,
  order: readonly Owner[],
  context: WebContext,
  unread: UnreadValues | null,
): WebPresence {
  let website: string | null = null
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'website')) {
      const url = cleanUrl(candidate.value)
      if (url === null) {
        unread?.add('website', candidate.value)
        continue
      }
      const target = stripTracking(unwrapRedirect(url))
      if (MAPS.test(getHost(target) ?? '') || isPageOfSource(target, context)) continue
      const domain = findCompanyDomain(target, context.companyName)
      if (domain !== null) return { website: target, domain }
      website ??= target
    }
  }
  return { website, domain: null }
}

/** A "website" on the source's own site is the item's page there. */
function isPageOfSource(url: string, context: WebContext): boolean {
  if (context.isCrawl || context.pageSite === null || getPath(url) === '') return false
  const host = getHost(url)
  return host !== null && toRegistrableDomain(host) === context.pageSite && !SITE_BUILDERS.has(host)
}

function findStatedDomain(facts: Facts, order: readonly Owner[]): string | null {
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'domain')) {
      const url = cleanUrl(candidate.value)
      const domain = url === null ? null : findCompanyDomain(`https://${getHost(url)}/`)
      if (domain !== null) return domain
    }
  }
  return null
}

/** Checks links whose keys do not promise a website: the company's link, a home page, the pages of a profile. */
function findLinkedWebsite(facts: Facts, context: WebContext): WebPresence {
  // The company's own link is its website, unless it leads deep into another site.
  const own = findLink(facts, COMPANY, 'url', (url) => !getPath(url).includes('/'), context.pageSite)
  if (own !== null) return own
  // `{name, url: "https://acme.com"}`: the home page of a named company is its website.
  if (facts.has(SELF, 'name') || facts.has(COMPANY, 'name')) {
    const home = findLink(facts, SELF, 'url', (url) => getPath(url) === '' && !url.includes('?'), null)
    if (home !== null) return home
  }
  return findLink(facts, SELF, 'social', () => true, context.pageSite) ?? NO_WEB
}

function findLink(
  facts: Facts,
  owner: Owner,
  field: Field,
  accepts: (url: string) => boolean,
  pageSite: string | null,
): WebPresence | null {
  for (const candidate of facts.all(owner, field)) {
    const url = cleanUrl(candidate.value)
    const domain = url !== null && accepts(url) ? findCompanyDomain(url) : null
    if (url !== null && domain !== null && domain !== pageSite) return { website: stripTracking(url), domain }
  }
  return null
}
