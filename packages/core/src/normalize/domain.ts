import { parse } from 'tldts'
import { toReadableHost } from './host-spelling.ts'
import { DIRECTORIES, FREE_MAIL, SHARED_DOMAINS, SHORTENERS, SITE_BUILDERS } from './hosts.ts'
import { memoize } from './memoize.ts'
import { foldText } from './text.ts'
import { getHost, getPath } from './url.ts'

/** With the suffixes that hosters give out. */
const LOOKUP = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: true }
const PUBLIC_LOOKUP = { ...LOOKUP, allowPrivateDomains: false }
const KNOWN_HOSTS = { results_max: 64, length_max: 253 }

/**
 * Returns the registrable domain of a host name (public suffix list, ICANN part), as people write it:
 * `news.example.co.uk` → `example.co.uk`.
 */
export const toRegistrableDomain = memoize((host): string | null => {
  const { domain, isIcann, isIp } = parse(host, PUBLIC_LOOKUP)
  return domain !== null && isIcann === true && isIp !== true ? toReadableHost(domain) : null
}, KNOWN_HOSTS)

/** Returns true for a host under a suffix that a hoster gives out (`github.io`, `blogspot.com`). It is not a company's own. */
const isHosted = memoize((host) => parse(host, LOOKUP).isPrivate === true, KNOWN_HOSTS)

/** Returns true for social networks, link pages, shorteners, site builders and directories: many companies share them. */
export function isSharedHost(host: string): boolean {
  const domain = toRegistrableDomain(host)
  if (domain === null) return true
  return (
    SHARED_DOMAINS.has(domain) ||
    DIRECTORIES.has(domain) ||
    SITE_BUILDERS.has(domain) ||
    SITE_BUILDERS.has(host) ||
    isHosted(host)
  )
}

/** A short link: a very short host and one code of mixed letters and digits, `goo.gle/3DLEokh`. */
export function isShortLink(url: string, domain: string): boolean {
  if (SHORTENERS.has(domain)) return true
  if (domain.length > 8) return false
  const path = getPath(url)
  return /^[A-Za-z0-9_-]{4,12}$/.test(path) && /\d/.test(path) && /[A-Za-z]/.test(path)
}

/**
 * Returns the company's own domain behind a website address, or null. A social network, link page, shortener, free-mail,
 * site-builder or directory host is never a company's own, unless the address is that company's: its home page
 * (`https://www.shopify.com/`), or a page of the company with that name.
 */
export function findCompanyDomain(website: string | null, companyName: string | null = null): string | null {
  if (website === null) return null
  const host = getHost(website)
  if (host === null || host.length > 253) return null
  const domain = toRegistrableDomain(host)
  if (domain === null || domain.length > 255) return null
  if (!isSharedAddress(website, host, domain)) return domain
  return companyName !== null && isNamedLike(domain, companyName) ? domain : null
}

/** Returns true if other companies have addresses on this domain, too. */
function isSharedAddress(website: string, host: string, domain: string): boolean {
  if (SHARED_DOMAINS.has(domain) || isShortLink(website, domain)) return true
  if (host !== domain && SITE_BUILDERS.has(host)) return true
  if (DIRECTORIES.has(domain) || SITE_BUILDERS.has(domain) || FREE_MAIL.has(domain)) {
    const isHome = (host === domain || host === `www.${domain}`) && getPath(website) === ''
    return !isHome
  }
  return isHosted(host)
}

/** Returns true if a domain consists of the company's name: `amazon.de` for "Amazon". */
function isNamedLike(domain: string, companyName: string): boolean {
  const label = domain.slice(0, domain.indexOf('.'))
  return label.length > 2 && label.replace(/-/g, '') === foldText(companyName).replace(/ /g, '')
}

/** Returns the company's domain behind a business email address, or null for free mail and shared hosts. */
export function findEmailDomain(email: string | null): string | null {
  if (email === null) return null
  const host = email.slice(email.lastIndexOf('@') + 1)
  const domain = toRegistrableDomain(host)
  if (domain === null || FREE_MAIL.has(domain) || FREE_MAIL.has(host) || isSharedHost(host)) return null
  return domain
}
