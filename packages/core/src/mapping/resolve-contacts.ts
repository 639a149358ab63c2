import type { Kind } from './detect-kind.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'
import { findCompanyDomain, toRegistrableDomain } from './normalize/domain.ts'
import { cleanEmail, extractEmails, isFreeMail, isPrivacyEmail, isRoleEmail, toEmailKey } from './normalize/email.ts'
import { cleanPhone } from './normalize/phone.ts'
import { cleanUrl, getHost, getPath, stripTracking, unwrapRedirect } from './normalize/url.ts'

const LIST_MAX = 50

/** True for an item of a crawler that collects contacts per page or domain: its subject is the site, it has no name. */
export function isContactCrawl(facts: Facts): boolean {
  return facts.crawlKeys >= 3 && !facts.has(SELF, 'title') && !facts.has(SELF, 'name') && !facts.has(COMPANY, 'name')
}

export interface Emails {
  best: string | null
  others: string[]
}

/** The best e-mail (own before company's, business before free mail, never a privacy mailbox where there is another) and the rest. */
export function resolveEmails(facts: Facts, kind: Kind, domain: string | null, names: readonly string[]): Emails {
  const aboutPerson = kind === 'person'
  const seen = new Set<string>()
  const found: { email: string; cost: number }[] = []
  const add = (value: unknown, cost: number) => {
    if (found.length >= LIST_MAX) return
    const email = cleanEmail(value)
    if (email === null) {
      // "a@x.com, b@x.com" under one key.
      if (typeof value === 'string' && value.length < 4_000 && value.indexOf('@') !== value.lastIndexOf('@'))
        for (const part of value.split(/[\s,;|:]+/)) if (cleanEmail(part) !== null) add(part, cost)
      return
    }
    const key = toEmailKey(email)
    if (seen.has(key)) return
    seen.add(key)
    found.push({ email, cost: cost + scoreEmail(email, aboutPerson, domain) })
  }
  for (const owner of [SELF, PERSON, COMPANY] as const) {
    const later = owner === COMPANY ? (aboutPerson ? 60 : 5) : 0
    for (const candidate of facts.all(owner, 'email')) add(candidate.value, later + candidate.rank / 4)
  }
  for (const owner of [SELF, PERSON] as const) {
    for (const candidate of facts.all(owner, 'personal_email')) {
      const email = cleanEmail(candidate.value)
      // A stranger's address among "personal e-mails" is kept, but nobody is written to there.
      const own = email !== null && names.some((name) => email.slice(0, email.indexOf('@')).includes(name))
      add(candidate.value, own ? 70 : 900)
    }
  }
  for (const field of ['description', 'text'] as const) {
    for (const candidate of facts.all(SELF, field)) {
      if (typeof candidate.value !== 'string' || !candidate.value.includes('@')) continue
      for (const email of extractEmails(candidate.value)) {
        // A job post's text may name anyone's address; only the company's own is taken from it.
        if (kind !== 'job' || domainOfEmail(email) === domain) add(email, 80)
      }
    }
  }
  let best: { email: string; cost: number } | undefined
  for (const candidate of found)
    if (candidate.cost < 900 && (best === undefined || candidate.cost < best.cost)) best = candidate
  return { best: best?.email ?? null, others: found.filter((entry) => entry !== best).map((entry) => entry.email) }
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

/** Phones in the order of trust, each once: a national spelling of a number that is there in E.164 is the same number. */
export function resolvePhones(
  facts: Facts,
  order: readonly Owner[],
  countryOf: (owner: Owner) => string | null,
): Phones {
  const list: string[] = []
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'phone')) {
      if (list.length >= LIST_MAX || (candidate.rank >= 90 && list.length > 0)) break
      const phone = cleanPhone(candidate.value, countryOf(owner))
      if (phone !== null && !isKnown(list, phone)) list.push(phone)
    }
  }
  return { best: list[0] ?? null, others: list.slice(1) }
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

const MAPS = /^(?:maps\.google\.|www\.bing\.com$|www\.google\.[a-z.]+$|goo\.gl$|maps\.app\.goo\.gl$|waze\.com$)/

/** The company's website and registrable domain. A social page is a website, but never a domain. */
export function resolveWeb(facts: Facts, order: readonly Owner[], pageUrl: string | null): WebPresence {
  const pageHost = pageUrl === null ? null : getHost(pageUrl)
  const pageSite = pageHost === null ? null : toRegistrableDomain(pageHost)
  let website: string | null = null
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'website')) {
      const url = cleanUrl(candidate.value)
      if (url === null) continue
      const target = stripTracking(unwrapRedirect(url))
      if (MAPS.test(getHost(target) ?? '')) continue
      const domain = findCompanyDomain(target)
      // A "website" below the directory's own site is the directory's page.
      if (domain !== null && !(domain === pageSite && getPath(target) !== '' && !isContactCrawl(facts)))
        return { website: target, domain }
      if (domain === null) website ??= target
    }
  }
  for (const owner of order) {
    for (const candidate of facts.all(owner, 'domain')) {
      const domain = domainOf(candidate.value)
      if (domain !== null) return { website, domain }
    }
  }
  // The company's own link is its website, unless it leads deep into somebody's pages.
  for (const candidate of facts.all(COMPANY, 'url')) {
    const url = cleanUrl(candidate.value)
    const domain = url !== null && !getPath(url).includes('/') ? findCompanyDomain(url) : null
    if (url !== null && domain !== null && domain !== pageSite)
      return { website: website ?? stripTracking(url), domain }
  }
  // `{name, url: "https://acme.com"}`: a named company's home page is its website, a page's address alone is not.
  if (facts.has(SELF, 'name') || facts.has(COMPANY, 'name')) {
    for (const candidate of facts.all(SELF, 'url')) {
      const url = cleanUrl(candidate.value)
      const domain = url !== null && getPath(url) === '' && !url.includes('?') ? findCompanyDomain(url) : null
      if (domain !== null) return { website: website ?? url, domain }
    }
  }
  for (const candidate of facts.all(SELF, 'social')) {
    const url = cleanUrl(candidate.value)
    const domain = findCompanyDomain(url)
    if (url !== null && domain !== null && domain !== pageSite)
      return { website: website ?? stripTracking(url), domain }
  }
  return { website, domain: null }
}

function domainOf(value: unknown): string | null {
  const url = cleanUrl(value)
  return url === null ? null : findCompanyDomain(`https://${getHost(url)}/`)
}
