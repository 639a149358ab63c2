import type { MapContext } from '../model/mapped-item.ts'
import { toRegistrableDomain } from '../normalize/domain.ts'
import { toAsciiId } from '../normalize/host-spelling.ts'
import { DIRECTORIES, SHARED_DOMAINS, SHORTENERS } from '../normalize/hosts.ts'
import type { LinkedinPage } from '../normalize/linkedin.ts'
import { memoize } from '../normalize/memoize.ts'
import { foldText, toCleanLine, truncateText } from '../normalize/text.ts'
import { decodeUriPart, getHost, getPath, getQueryParameter, isSearchPage, stripTracking } from '../normalize/url.ts'
import { fitToColumn, shortHash } from './company-key.ts'

/** Evidence of an item's identity, best first. */
export interface IdentityFacts {
  kind: 'person' | 'company' | 'job'
  /** The identity that a preset names: namespace and value. */
  preset: { namespace: string; value: string } | null
  place_id: string | null
  /** The number of the place at Google (`cid`), as decimal text. */
  place_number: string | null
  /** The page of the item on its source. */
  page_url: string | null
  linkedin: LinkedinPage | null
  vendor_id: string | null
  slug: string | null
  email: string | null
  domain: string | null
  /** True if a street address is stated: this is one place, perhaps of many that the company has. */
  is_place: boolean
  /** True if the email address belongs to one person, judging by its name. */
  has_own_email: boolean
  /** True if the page is on the company's own site: the item of a crawler. */
  is_crawl: boolean
  /** Words that describe the item, the person's name first. They are hashed if there is no other evidence. */
  fallback_words: readonly (string | null)[]
}

export interface ItemIdentity {
  external_id: string
  /** 0-100: how likely another Actor or run gives the same thing the same identity. */
  certainty: number
}

const PLACE_ID = /^[A-Za-z0-9_-]{20,255}$/

const CID = /^\d{15,20}$/
const FEATURE_ID = /0x[0-9a-f]{1,16}:(0x[0-9a-f]{1,16})(?![0-9a-f])/i

/** Returns the number of a Google place (`cid`), also the one in its feature id (`0x…:0x…`), as decimal text, or null. */
export function cleanPlaceNumber(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 100) return null
  const text = value.trim()
  const number = CID.test(text) ? text : FEATURE_ID.exec(text)?.[1]
  return number === undefined ? null : BigInt(number).toString()
}

/** Returns the number of the place that a maps address leads to, or null. */
export function extractPlaceNumber(url: string): string | null {
  if (!url.includes('google.')) return null
  const number =
    getQueryParameter(url, 'cid') ?? getQueryParameter(url, 'ludocid') ?? /!1s(0x[0-9a-f]+:0x[0-9a-f]+)/i.exec(url)?.[1]
  return number === undefined ? null : cleanPlaceNumber(number)
}

/** Returns the Google place id in a maps address (`query_place_id=…`, `place_id:…`, `!19sChIJ…`), or null. */
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
 * Returns `namespace:value` for an item. Ids of different Actors cannot collide, and two Actors that read one network
 * give the same identity. Order: Google place, LinkedIn page, page on a known site, the vendor's own id, another page,
 * email, domain, hash.
 */
export function identifyItem(facts: IdentityFacts, context: MapContext | undefined): ItemIdentity {
  const found = fromNetwork(facts) ?? fromVendor(facts, context) ?? fromContact(facts)
  return { ...found, external_id: fitToColumn(found.external_id) }
}

/**
 * The external id that earlier versions gave the item, or null: leads that are stored under it are still to be found. They
 * did not read the numbers of places, and kept a host in ASCII (`xn--…`).
 */
export function findFormerId(
  facts: IdentityFacts,
  { external_id }: ItemIdentity,
  context: MapContext | undefined,
): string | null {
  return findIdWithoutNumber(facts, context) ?? toAsciiId(external_id)
}

function findIdWithoutNumber(facts: IdentityFacts, context: MapContext | undefined): string | null {
  const hasNumber = facts.place_number !== null || facts.preset?.namespace === 'google_cid'
  if (facts.place_id !== null || !hasNumber) return null
  // A preset read the number where there was no LinkedIn page.
  if (facts.preset !== null && facts.linkedin === null) return null
  return identifyItem({ ...facts, preset: null, place_number: null }, context).external_id
}

function fromNetwork(facts: IdentityFacts): ItemIdentity | null {
  if (facts.place_id !== null) return { external_id: `google_place:${facts.place_id}`, certainty: 100 }
  // A place has one number, but the branches of a chain share its LinkedIn page.
  if (facts.preset?.namespace === 'google_cid')
    return { external_id: `google_cid:${facts.preset.value}`, certainty: 95 }
  if (facts.place_number !== null) return { external_id: `google_cid:${facts.place_number}`, certainty: 95 }
  const page = facts.linkedin
  if (page !== null) return { external_id: `linkedin:${page.kind}/${page.slug}`, certainty: 100 }
  if (facts.preset !== null) return { external_id: `${facts.preset.namespace}:${facts.preset.value}`, certainty: 95 }
  return facts.page_url === null ? null : fromPage(facts.page_url, facts)
}

/** Identifies a page on a social network or directory by the site's name, and by the id in the address or the path. */
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
  // Small numbers are usually positions in a list: number 7 of the next run may be another company.
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

/** A team page lists many people. A page is a person's own only if its address contains their name or a number. */
function isOwnPage(facts: IdentityFacts): boolean {
  // Contacts without a name are listed with their page, which may contain more of them.
  if (facts.fallback_words[0] === null && facts.fallback_words[1] === null) return false
  if (facts.kind !== 'person') return true
  const path = foldText(decodeUriPart(facts.page_url ?? ''))
  const names = foldText(facts.fallback_words[0] ?? '')
    .split(' ')
    .filter((word) => word.length > 2)
  return names.some((word) => path.includes(word)) || /\d{4}/.test(path)
}

const ACTORS = { results_max: 16, length_max: 200 }

/** An Actor is named by id, `user/name` or `user~name`. The two forms of a name give one namespace. */
function actorNamespace(context: MapContext | undefined): string | null {
  const actor = context?.actor_id ?? context?.actor_name ?? null
  return typeof actor === 'string' ? toNamespace(actor) : null
}

/** The items of one run share their Actor. */
const toNamespace = memoize((actor) => {
  const name = toCleanLine(actor.slice(0, 200))
    .replace('~', '/')
    .replace(/[\s:]+/g, '-')
  return name === '' ? null : truncateText(name, 100)
}, ACTORS)

function fromContact(facts: IdentityFacts): ItemIdentity {
  // The domain would merge all people of a company into one lead. Branches even share mailboxes.
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
