import { toCleanLine } from './text.ts'
import { cleanUrl, decodeUriPart, getHost, getPath } from './url.ts'

export type LinkedinKind = 'in' | 'company' | 'jobs'

export interface LinkedinPage {
  kind: LinkedinKind
  /** Decoded, lower case: what stays the same in `uk.linkedin.com/in/Jane-Doe/?trk=x` and `linkedin.com/in/jane-doe`. */
  slug: string
}

const SLUG_MAX = 200

/** What a LinkedIn address points to: a person, a company (also school and showcase pages), a job; or null. */
export function parseLinkedinPage(value: unknown): LinkedinPage | null {
  if (typeof value !== 'string' || value.length > 2_048 || !/linkedin\.(?:com|cn)/i.test(value)) return null
  const known = KNOWN.get(value)
  if (known !== undefined) return known
  const read = readPage(value)
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear()
  KNOWN.set(value, read)
  return read
}

/** One item's few LinkedIn addresses are looked at up to six times. */
const KNOWN = new Map<string, LinkedinPage | null>()
const KNOWN_MAX = 200

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

/** A LinkedIn public identifier in its comparable form, or null. Member ids (`ACoAA…`) keep their case: it matters there. */
export function toLinkedinSlug(text: string): string | null {
  // Percent-encoding may hide control characters.
  const slug = toCleanLine(decodeUriPart(text))
  if (slug === '' || slug.length > SLUG_MAX || /[\s/?#]/.test(slug) || slug.toLowerCase() === 'unavailable') return null
  return /^AC[ow]AA[\w-]{20,}$/.test(slug) ? slug : slug.normalize('NFC').toLowerCase()
}
