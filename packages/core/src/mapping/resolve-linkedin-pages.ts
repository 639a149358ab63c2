import type { Facts } from './facts.ts'
import { COMPANY, type Owner, PERSON, SELF } from './fields.ts'
import { type LinkedinPage, parseLinkedinPage, toLinkedinSlug } from './normalize/linkedin.ts'
import { cleanUrl, getHost, stripTracking } from './normalize/url.ts'
import { isContactCrawl } from './resolve-contacts.ts'

/** The LinkedIn pages of an item's person and company; a person may be known by the slug alone. */
export interface Linkedin {
  person: { page: LinkedinPage; url: string | null } | null
  company: { page: LinkedinPage; url: string } | null
}

/** LinkedIn pages by what they point to, whichever key held them. */
export function resolveLinkedin(facts: Facts): Linkedin {
  let person: Linkedin['person'] = null
  let company: Linkedin['company'] = null
  const look = (owner: Owner, field: 'linkedin' | 'url' | 'website' | 'social') => {
    for (const candidate of facts.all(owner, field)) {
      const value = field === 'linkedin' ? fromHandle(candidate.value) : candidate.value
      const page = parseLinkedinPage(value)
      const url = page === null ? null : cleanUrl(value)
      if (page === null || url === null) continue
      const bare = page.kind === 'company' ? url.replace(/[?#].*$/s, '') : stripTracking(url)
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
  const slug = facts.first(SELF, 'linkedin_slug', (value) => (typeof value === 'string' ? toLinkedinSlug(value) : null))
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
export function companyPage(
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
