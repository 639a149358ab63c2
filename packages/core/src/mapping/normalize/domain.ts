import { parse } from 'tldts'
import { DIRECTORIES, FREE_MAIL, SHARED_DOMAINS, SITE_BUILDERS } from './hosts.ts'
import { getHost, getPath } from './url.ts'

const LOOKUP = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: true }

/** The registrable domain of a host name (public suffix list, ICANN part): `news.example.co.uk` → `example.co.uk`. */
export function toRegistrableDomain(host: string): string | null {
  const parsed = parse(host, { ...LOOKUP, allowPrivateDomains: false })
  return parsed.isIcann === true && parsed.isIp !== true ? parsed.domain : null
}

/** True where the host lies under a suffix that a hoster gives out (`github.io`, `blogspot.com`): nobody's own domain. */
function isHosted(host: string): boolean {
  return parse(host, LOOKUP).isPrivate === true
}

/** True for social networks, link pages, shorteners, site builders and directories, where many companies share a domain. */
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

/**
 * The company's own domain behind a website address, or null: never a social network, link page, shortener, free-mail,
 * site-builder or directory host. The home page of a builder or directory (`https://www.shopify.com/`) is that company's.
 */
export function findCompanyDomain(website: string | null): string | null {
  if (website === null) return null
  const host = getHost(website)
  if (host === null || host.length > 253) return null
  const domain = toRegistrableDomain(host)
  if (domain === null || domain.length > 255 || SHARED_DOMAINS.has(domain)) return null
  if (host !== domain && SITE_BUILDERS.has(host)) return null
  if (DIRECTORIES.has(domain) || SITE_BUILDERS.has(domain) || FREE_MAIL.has(domain)) {
    const home = (host === domain || host === `www.${domain}`) && getPath(website) === ''
    return home ? domain : null
  }
  return isHosted(host) ? null : domain
}

/** The company's domain behind a business e-mail address, or null for free mail and shared hosts. */
export function findEmailDomain(email: string | null): string | null {
  if (email === null) return null
  const host = email.slice(email.lastIndexOf('@') + 1)
  const domain = toRegistrableDomain(host)
  if (domain === null || FREE_MAIL.has(domain) || FREE_MAIL.has(host) || isSharedHost(host)) return null
  return domain
}
