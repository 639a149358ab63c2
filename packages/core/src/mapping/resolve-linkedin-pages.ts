import { type LinkedinPage, parseLinkedinPage, toLinkedinSlug } from '../normalize/linkedin.ts'
import { cleanUrl, getHost, stripTracking } from '../normalize/url.ts'
import type { Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'
import { isContactCrawl } from './resolve-contacts.ts'

/** The LinkedIn pages of an item's person and company. A person may be known by the slug alone. */
export interface Linkedin {
  person: { page: LinkedinPage; url: string | null } | null
  company: { page: LinkedinPage; url: string } | null
}

/** Returns the LinkedIn pages by what they point to, regardless of their keys. */
export function resolveLinkedin(facts: Facts): Linkedin {
  const pages: Linkedin = { person: null, company: null }
  for (const field of ['linkedin', 'url', 'website', 'social'] as const) {
    addPages(pages, facts, COMPANY, field)
    addPages(pages, facts, SELF, field)
  }
  addPages(pages, facts, PERSON, 'linkedin')
  addPages(pages, facts, PERSON, 'url')
  addPages(pages, facts, PERSON, 'social')
  const slug = facts.first(SELF, 'linkedin_slug', (value) => (typeof value === 'string' ? toLinkedinSlug(value) : null))
  if (slug !== null && (pages.person === null || isMemberId(pages.person.page.slug)))
    pages.person = { page: { kind: 'in', slug }, url: pages.person?.url ?? null }
  return pages
}

function addPages(pages: Linkedin, facts: Facts, owner: Owner, field: 'linkedin' | 'url' | 'website' | 'social'): void {
  for (const candidate of facts.all(owner, field)) {
    const value = field === 'linkedin' ? fromHandle(candidate.value) : candidate.value
    const page = parseLinkedinPage(value)
    const url = page === null ? null : cleanUrl(value)
    if (page === null || url === null) continue
    if (page.kind === 'in' && owner !== COMPANY && isBetterPerson(page, pages.person))
      pages.person = { page, url: stripTracking(url) }
    if (page.kind === 'company' && isBetterCompany(page, pages.company))
      pages.company = { page, url: url.replace(/[?#].*$/s, '') }
  }
}

/** A public name goes before a member id. */
function isBetterPerson(page: LinkedinPage, known: Linkedin['person']): boolean {
  return known === null || (isMemberId(known.page.slug) && !isMemberId(page.slug))
}

/** A name goes before a number: more Actors know it. */
function isBetterCompany(page: LinkedinPage, known: Linkedin['company']): boolean {
  return known === null || (/^\d+$/.test(known.page.slug) && !/^\d+$/.test(page.slug))
}

/** Completes `in/jane-doe` and `company/acme` to addresses. */
function fromHandle(value: unknown): unknown {
  return typeof value === 'string' && /^(?:in|company)\/[\w%-]+\/?$/.test(value)
    ? `https://www.linkedin.com/${value}`
    : value
}

const isMemberId = (slug: string) => /^AC[ow]AA/.test(slug)

/**
 * Returns the LinkedIn page of a company lead if the item comes from LinkedIn, else null. A directory mentions one page
 * for all branches of a chain. LinkedIn itself writes addresses as headquarters and locations.
 */
export function findCompanyPage(
  facts: Facts,
  linkedin: Linkedin,
  pageUrl: string | null,
): { page: LinkedinPage; url: string } | null {
  if (linkedin.company === null) return null
  const fromLinkedin =
    pageUrl === null
      ? (facts.has(SELF, 'name') || facts.has(COMPANY, 'name') || facts.has(SELF, 'title')) &&
        !isContactCrawl(facts) &&
        !facts.has(SELF, 'place_id') &&
        !facts.has(SELF, 'street') &&
        !facts.has(SELF, 'address')
      : /(?:^|\.)linkedin\.com$/.test(getHost(pageUrl) ?? '')
  return fromLinkedin ? linkedin.company : null
}
