import { SHORTENERS } from '../normalize/hosts.ts'
import { cleanUrl, getHost, getPath, isSearchPage } from '../normalize/url.ts'
import type { Kind } from './detect-kind.ts'
import type { Candidate, Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'

/**
 * Returns the page of the item on its source, or null. A page with a path goes before a home page (that is the company's
 * website), and any page before one of search results.
 */
export function resolvePage(facts: Facts, kind: Kind): string | null {
  const owners: readonly Owner[] =
    kind === 'company' ? [SELF, COMPANY, PERSON] : kind === 'person' ? [SELF, PERSON] : [SELF]
  for (const owner of owners) {
    const page = choosePage(facts, facts.all(owner, 'url'))
    if (page !== null) return page
  }
  return null
}

function choosePage(facts: Facts, candidates: readonly Candidate[]): string | null {
  let search: string | null = null
  let home: string | null = null
  for (const { value } of candidates) {
    const url = toAbsoluteUrl(facts, value)
    if (url === null || isShortPage(url)) continue
    if (getPath(url) === '' && !url.includes('?')) home ??= url
    else if (isSearchPage(url)) search ??= url
    else return url
  }
  return home ?? search
}

const SHORT_LINK_MAX = 40

/** A short link hides the page behind it. */
function isShortPage(url: string): boolean {
  if (url.length > SHORT_LINK_MAX) return false
  const host = getHost(url)
  return host !== null && SHORTENERS.has(host)
}

/** Completes `/profile/acme` with the site of the item's other pages. Without one it stays unread. */
function toAbsoluteUrl(facts: Facts, value: unknown): string | null {
  if (typeof value !== 'string' || !/^\/[^/\s]/.test(value)) return cleanUrl(value)
  const base = findBase(facts)
  return base === null ? null : cleanUrl(`${base}${value}`)
}

function findBase(facts: Facts): string | null {
  const host = facts.sourceHost
  if (host !== null) return `https://${host}`
  for (const owner of [SELF, COMPANY, PERSON] as const) {
    for (const { value } of facts.all(owner, 'url')) {
      const url = typeof value === 'string' && /^https?:/i.test(value) ? cleanUrl(value) : null
      if (url !== null) return `https://${getHost(url)}`
    }
  }
  for (const { value } of facts.all(SELF, 'source_page')) {
    const url = typeof value === 'string' && /^https?:/i.test(value) ? cleanUrl(value) : null
    if (url !== null) return `https://${getHost(url)}`
  }
  return facts.actorHost === null ? null : `https://${facts.actorHost}`
}
