import { memoize } from './memoize.ts'
import { toCleanLine } from './text.ts'
import { cleanUrl, decodeUriPart, getHost, getPath } from './url.ts'

export type LinkedinKind = 'in' | 'company' | 'jobs'

export interface LinkedinPage {
  kind: LinkedinKind
  /** Decoded and in lower case: the same for `uk.linkedin.com/in/Jane-Doe/?trk=x` and `linkedin.com/in/jane-doe`. */
  slug: string
}

const SLUG_MAX = 200

/** Returns what a LinkedIn address points to: a person, a company (also a school or showcase page), a job, or null. */
export function parseLinkedinPage(value: unknown): LinkedinPage | null {
  if (typeof value !== 'string' || value.length > 2_048 || !/linkedin\.(?:com|cn)/i.test(value)) return null
  return readAddress(value)
}

/** The few LinkedIn addresses of an item are parsed up to six times. */
const readAddress = memoize((value) => readPlainPage(value) ?? readPage(value), { results_max: 64, length_max: 2_048 })

/** Addresses as nearly all are written. They skip the full analysis, which takes 2 µs. */
const PLAIN =
  /^(?:https?:\/\/)?(?:[a-z]{2,3}\.)?linkedin\.com\/(in|company)\/([a-z0-9][a-z0-9_-]{0,150})\/?(?:\?[\w=&.%-]{0,200})?$/

function readPlainPage(value: string): LinkedinPage | null {
  const [, section, slug] = PLAIN.exec(value) ?? []
  if (slug === undefined || slug === 'unavailable') return null
  return { kind: section === 'in' ? 'in' : 'company', slug }
}

function readPage(value: string): LinkedinPage | null {
  const url = cleanUrl(value)
  if (url === null) return null
  const host = getHost(url) ?? ''
  if (!/(?:^|\.)linkedin\.(?:com|cn)$/.test(host)) return null
  const [first = '', second = '', third = ''] = getPath(url).split('/')
  const section = first.toLowerCase()
  if (section === 'in' || section === 'pub') return page('in', second)
  if (section === 'company' || section === 'school' || section === 'showcase') return page('company', second)
  if (section === 'sales' && second === 'company') return page('company', third)
  if (section === 'sales' && (second === 'people' || second === 'lead')) return page('in', third.split(',')[0] ?? '')
  if (section === 'jobs' && second === 'view') {
    const id = /(\d{6,})$/.exec(third)
    return id?.[1] === undefined ? null : { kind: 'jobs', slug: id[1] }
  }
  return null
}

function page(kind: LinkedinKind, text: string): LinkedinPage | null {
  const slug = toLinkedinSlug(text)
  return slug === null ? null : { kind, slug }
}

const MEMBER_ID = /AC[ow]AA[\w-]{20,}/
const MEMBER_URN = /^urn:li:member:(\d{1,12})$/
/** First bytes of a member id of LinkedIn and of Sales Navigator; the number follows in five bytes. */
const MEMBER_HEADS: readonly number[] = [0x002a00, 0x002c00]
const NUMBER_AT = 3
const NUMBER_BYTES = 5

/**
 * Returns the number by which LinkedIn knows a member: `urn:li:member:…` states it, and the member ids of profiles
 * (`ACoAA…`) and of Sales Navigator (`ACwAA…`) contain it. Null for anything else.
 */
export function toMemberNumber(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > SLUG_MAX) return null
  const stated = MEMBER_URN.exec(value)?.[1]
  if (stated !== undefined) return BigInt(stated).toString()
  const id = MEMBER_ID.exec(value)?.[0]
  if (id === undefined) return null
  const bytes = Buffer.from(id, 'base64url')
  if (!MEMBER_HEADS.includes(bytes.readUIntBE(0, NUMBER_AT))) return null
  const number = bytes.readUIntBE(NUMBER_AT, NUMBER_BYTES)
  return number === 0 ? null : String(number)
}

/** Returns a LinkedIn public identifier in comparable form, or null. Member ids (`ACoAA…`) are case-sensitive. */
export function toLinkedinSlug(text: string): string | null {
  // Percent-encoding may hide control characters.
  const slug = toCleanLine(decodeUriPart(text))
  if (slug === '' || slug.length > SLUG_MAX || /[\s/?#]/.test(slug) || slug.toLowerCase() === 'unavailable') return null
  return /^AC[ow]AA[\w-]{20,}$/.test(slug) ? slug : slug.normalize('NFC').toLowerCase()
}
