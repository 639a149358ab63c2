import type { MapContext } from '../model/mapped-item.ts'
import { fitToColumn, shortHash } from './company-key.ts'
import { toRegistrableDomain } from './normalize/domain.ts'
import { DIRECTORIES, SHARED_DOMAINS, SHORTENERS } from './normalize/hosts.ts'
import type { LinkedinPage } from './normalize/linkedin.ts'
import { foldText, toCleanLine, truncateText } from './normalize/text.ts'
import { decodeUriPart, getHost, getPath, getQueryParameter, isSearchPage, stripTracking } from './normalize/url.ts'

/** What identity may rest on, best evidence first; every part may be null. */
export interface IdentityFacts {
  kind: 'person' | 'company' | 'job'
  /** An explicit identity of a preset: namespace and value. */
  preset: { namespace: string; value: string } | null
  place_id: string | null
  /** The page of the item on its source. */
  page_url: string | null
  linkedin: LinkedinPage | null
  vendor_id: string | null
  slug: string | null
  email: string | null
  domain: string | null
  /** True where a street address says that this is one place among perhaps many of a company. */
  is_place: boolean
  /** True for an e-mail address of one person, as far as its name tells. */
  has_own_email: boolean
  /** True where the page is one of the company's own site (a crawler's item). */
  is_crawl: boolean
  /** What the item says about itself, for the last resort: the person's name first, or null. */
  fallback_words: readonly (string | null)[]
}

export interface ItemIdentity {
  external_id: string
  /** 0-100: how sure it is that the same thing gets the same identity from another Actor or run. */
  certainty: number
}

const PLACE_ID = /^[A-Za-z0-9_-]{20,255}$/

/** The Google place id inside a maps address: `query_place_id=…`, `place_id:…`, `!19sChIJ…`, or null. */
export function extractPlaceId(url: string): string | null {
  if (!url.includes('google.')) return null
  const query = getQueryParameter(url, 'query_place_id') ?? getQueryParameter(url, 'place_id')
  if (query !== null && PLACE_ID.test(query)) return query
  const inside = /(?:place_id[:=]|!\d+s)(ChIJ[A-Za-z0-9_-]{20,})/.exec(url)
  return inside?.[1] ?? null
}

export function cleanPlaceId(value: unknown): string | null {
  return typeof value === 'string' && PLACE_ID.test(value) ? value : null
}

/**
 * `namespace:value` for an item: ids of different Actors cannot collide, and what two Actors find of one network meets.
 * Order: Google place, LinkedIn page, page on a known site, the vendor's own id, another page, e-mail, domain, hash.
 */
export function identifyItem(facts: IdentityFacts, context: MapContext | undefined): ItemIdentity {
  const found = fromNetwork(facts) ?? fromVendor(facts, context) ?? fromContact(facts)
  return { ...found, external_id: fitToColumn(found.external_id) }
}

function fromNetwork(facts: IdentityFacts): ItemIdentity | null {
  if (facts.place_id !== null) return { external_id: `google_place:${facts.place_id}`, certainty: 100 }
  const page = facts.linkedin
  if (page !== null) return { external_id: `linkedin:${page.kind}/${page.slug}`, certainty: 100 }
  if (facts.preset !== null) return { external_id: `${facts.preset.namespace}:${facts.preset.value}`, certainty: 95 }
  return facts.page_url === null ? null : fromPage(facts.page_url, facts)
}

/** A page on a social network or directory: the site's name and the id, if the address holds it, else the path. */
function fromPage(url: string, facts: IdentityFacts): ItemIdentity | null {
  const vendorId = facts.vendor_id
  const host = getHost(url)
  const domain = host === null ? null : toRegistrableDomain(host)
  if (domain === null || SHORTENERS.has(domain) || !(SHARED_DOMAINS.has(domain) || DIRECTORIES.has(domain))) return null
  const site = domain === 'fb.com' ? 'facebook' : domain.slice(0, domain.indexOf('.'))
  const path = decodeUriPart(getPath(url))
  const address = stripTracking(url).replace(/#.*$/s, '')
  if (
    vendorId !== null &&
    vendorId.length >= 4 &&
    new RegExp(`(?:^|[^0-9a-z])[a-z]?${literal(vendorId)}(?:[^0-9a-z]|$)`, 'i').test(address)
  ) {
    return { external_id: `${site}:${vendorId}`, certainty: 95 }
  }
  if (site === 'facebook') {
    const id =
      getQueryParameter(url, 'id') ??
      /(?:^|[/-])(\d{8,})$/.exec(path)?.[1] ??
      path.replace(/^(?:p|pg|people|pages)\//, '').split('/')[0]
    return id ? { external_id: `facebook:${id.toLowerCase()}`, certainty: 90 } : null
  }
  if (site === 'instagram' || site === 'tiktok' || site === 'twitter' || site === 'x' || site === 'youtube') {
    const slug = path.split('/')[0]?.toLowerCase()
    return slug ? { external_id: `${site}:${slug}`, certainty: 90 } : null
  }
  if (path === '' || isSearchPage(url) || (DIRECTORIES.has(domain) && !isOwnPage(facts))) return null
  const question = address.indexOf('?')
  const query = question < 0 ? '' : address.slice(question)
  return { external_id: `${site}:${site === 'yelp' ? path.replace(/^biz\//, '') : path}${query}`, certainty: 90 }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function fromVendor(facts: IdentityFacts, context: MapContext | undefined): ItemIdentity | null {
  const host = facts.page_url === null ? null : getHost(facts.page_url)
  const namespace = actorNamespace(context) ?? (host === null ? 'item' : host.replace(/^www\./, ''))
  // Small numbers are positions in a list rather than ids: the next run's 7 would be another company.
  if (facts.vendor_id !== null && !/^\d{1,4}$/.test(facts.vendor_id)) {
    return { external_id: `${namespace}:${facts.vendor_id}`, certainty: 80 }
  }
  if (facts.is_crawl && facts.domain !== null) return { external_id: `domain:${facts.domain}`, certainty: 85 }
  if (facts.slug !== null) return { external_id: `${namespace}:${facts.slug}`, certainty: 75 }
  if (facts.page_url !== null && getPath(facts.page_url) !== '' && !isSearchPage(facts.page_url) && isOwnPage(facts)) {
    const bare = stripTracking(facts.page_url)
      .replace(/^https?:\/\/(?:www\.)?/, '')
      .replace(/#.*$/s, '')
      .replace(/\/+$/, '')
    return { external_id: `url:${bare}`, certainty: 75 }
  }
  return null
}

/** Many people stand on one team page: a person's page is their own only where its address names them or a number. */
function isOwnPage(facts: IdentityFacts): boolean {
  // Contacts without any name, listed with the page that they stand on: the page may hold more of them.
  if (facts.fallback_words[0] === null && facts.fallback_words[1] === null) return false
  if (facts.kind !== 'person') return true
  const path = foldText(decodeUriPart(facts.page_url ?? ''))
  const names = foldText(facts.fallback_words[0] ?? '')
    .split(' ')
    .filter((word) => word.length > 2)
  return names.some((word) => path.includes(word)) || /\d{4}/.test(path)
}

/** Actors may be given by id, `user/name` or `user~name`; the two spellings of a name are one. */
function actorNamespace(context: MapContext | undefined): string | null {
  const actor = context?.actor_id ?? context?.actor_name ?? null
  if (typeof actor !== 'string') return null
  const name = toCleanLine(actor.slice(0, 200))
    .replace('~', '/')
    .replace(/[\s:]+/g, '-')
  return name === '' ? null : truncateText(name, 100)
}

function fromContact(facts: IdentityFacts): ItemIdentity {
  // A person is meant: the company's domain would make one lead of all its people. Branches share even mailboxes.
  const isPersonal = facts.kind === 'person' || facts.fallback_words[0] !== null || facts.has_own_email
  const isBranch = facts.is_place && facts.kind !== 'person'
  if (isPersonal && !isBranch && facts.email !== null) return { external_id: `email:${facts.email}`, certainty: 85 }
  if (!isPersonal && !isBranch) {
    if (facts.domain !== null) return { external_id: `domain:${facts.domain}`, certainty: 85 }
    if (facts.email !== null) return { external_id: `email:${facts.email}`, certainty: 80 }
  }
  const fallback_words = facts.fallback_words.map((word) => (word === null ? '' : foldText(word) || word))
  return { external_id: `hash:${shortHash(fallback_words.join('|'))}`, certainty: 50 }
}
