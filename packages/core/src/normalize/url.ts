import { memoize } from './memoize.ts'
import { toCleanLine } from './text.ts'

const URL_MAX = 2048
const HOST_MAX = 253
const HOST = /^(?:[\p{L}\p{N}_](?:[\p{L}\p{N}_-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{1,62}\.?$/u
/** The same within ASCII, as nearly all hosts are. */
const ASCII_HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{1,62}\.?$/
const IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/
const FILE_LIKE = /\.(?:png|jpe?g|gif|webp|svg|pdf|html?|php|aspx?|js|css|json|xml|txt|docx?|xlsx?)$/i

/** Returns where the host of a URL begins and ends, or null if the text is not a web address. */
function hostBounds(url: string): [number, number] | null {
  let start = 0
  if (url.startsWith('//')) start = 2
  else {
    const scheme = url.indexOf('://')
    if (scheme > 0 && scheme < 12) start = scheme + 3
  }
  let end = start
  let colon = -1
  for (; end < url.length; end += 1) {
    const code = url.charCodeAt(end)
    if (code === 47 || code === 63 || code === 35 || code === 92) break
    if (code === 58 && colon < 0) colon = end
    else if (code === 64) {
      // What stands before is a user's name and password.
      start = end + 1
      colon = -1
    }
  }
  if (colon >= 0) end = colon
  return end > start ? [start, end] : null
}

/** Returns the host of a web address in lower case, or null. `www.` stays. The scheme is optional. */
export function getHost(url: string): string | null {
  const bounds = hostBounds(url)
  if (bounds === null) return null
  const host = url.slice(bounds[0], bounds[1]).toLowerCase()
  return host.endsWith('.') ? host.slice(0, -1) : host
}

/** Returns the path of a web address without outer slashes, query and fragment. A home page has the path `''`. */
export function getPath(url: string): string {
  const bounds = hostBounds(url)
  if (bounds === null) return ''
  const slash = url.indexOf('/', bounds[1])
  if (slash < 0) return ''
  let end = findEnd(url, bounds[1])
  let start = slash
  while (start < end && url.charCodeAt(start) === SLASH) start += 1
  while (end > start && url.charCodeAt(end - 1) === SLASH) end -= 1
  return url.slice(start, end)
}

const SLASH = 47

/** Returns where the path ends: at the query, the fragment or the end of the text. */
function findEnd(url: string, from: number): number {
  for (let index = from; index < url.length; index += 1) {
    const code = url.charCodeAt(index)
    if (code === 63 || code === 35) return index
  }
  return url.length
}

/** Returns the decoded value of a query parameter, or null. */
export function getQueryParameter(url: string, name: string): string | null {
  const question = url.indexOf('?')
  if (question < 0) return null
  const hash = url.indexOf('#', question)
  for (const part of url.slice(question + 1, hash < 0 ? undefined : hash).split('&')) {
    if (part.startsWith(`${name}=`)) return decodeUriPart(part.slice(name.length + 1).replace(/\+/g, ' '))
  }
  return null
}

/** Decodes percent-encoding. Malformed text is returned unchanged. */
export function decodeUriPart(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Returns a value as a web address with scheme and lower-case host of at most 2048 characters, or null. `example.com/x`
 * gets `https://`. Other schemes, file names and hosts without a dot are not accepted. The query stays.
 */
export function cleanUrl(value: unknown): string | null {
  if (typeof value !== 'string' || value.length > 4 * URL_MAX) return null
  return readKnownUrl(value)
}

/** An item repeats its addresses, and each is cleaned several times: a known one saves 1 µs. */
const readKnownUrl = memoize((value) => readUrl(value), { results_max: 64, length_max: 300 })

/** `Visit Website: https://acme.com`, `Web: www.acme.com`: a label in front of the address. */
const LABELLED = /^\p{L}[\p{L} '-]{1,30}:\s*((?:https?:\/\/|www\.)\S+)$/iu

/** Addresses as nearly all are written. They skip the full analysis, which takes 1 µs. Entities end in a semicolon. */
const PLAIN_URL = /^https?:\/\/(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}(?:[/?#][!-:<-~]*)?$/

function readUrl(value: string): string | null {
  if (value.length <= HOST_MAX && PLAIN_URL.test(value)) return value
  const line = toCleanLine(value)
  if (line.length < 4 || line.length > 4 * URL_MAX) return null
  const url = addScheme(unwrapText(line))
  const bounds = url === null ? null : hostBounds(url)
  if (url === null || bounds === null) return null
  const host = url.slice(bounds[0], bounds[1])
  if (host.length > HOST_MAX || !(ASCII_HOST.test(host) || HOST.test(host) || IPV4.test(host))) return null
  return fitUrl((url.slice(0, bounds[0]) + host.toLowerCase() + url.slice(bounds[1])).replaceAll(' ', '%20'))
}

function unwrapText(text: string): string {
  const url = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text
  return url.startsWith('https://') || url.startsWith('http://') ? url : (LABELLED.exec(url)?.[1] ?? url)
}

/** Returns the address with its scheme in lower case, or null for another scheme, a file or an email address. */
function addScheme(url: string): string | null {
  const lower = url.slice(0, 8).toLowerCase()
  if (lower.startsWith('http://')) return `http://${url.slice(7)}`
  if (lower.startsWith('https://')) return `https://${url.slice(8)}`
  if (lower.startsWith('//')) return `https:${url}`
  if (/^[a-z][a-z0-9+.-]*:(?!\d)/i.test(url) || url.includes('@')) return null
  return !url.includes('/') && FILE_LIKE.test(url) ? null : `https://${url}`
}

/** A truncated address is broken. Without its query it usually works. */
function fitUrl(url: string): string | null {
  if (url.length <= URL_MAX) return url
  const question = url.indexOf('?')
  return question > 0 && question <= URL_MAX ? url.slice(0, question) : null
}

const MEDIA_FILE = /\.(?:png|jpe?g|gif|webp|svg|avif|ico|mp4|mp3|pdf|zip|csv|css|js)$/i

/** Returns true for the address of a page below a site, absolute or relative. Home pages and files are none. */
export function isPageUrl(value: unknown): boolean {
  if (typeof value !== 'string' || value.length > URL_MAX) return false
  if (/^\/[\p{L}\p{N}]/u.test(value)) return !MEDIA_FILE.test(value)
  return (
    /^https?:\/\//i.test(value) && cleanUrl(value) !== null && getPath(value) !== '' && !MEDIA_FILE.test(getPath(value))
  )
}

/**
 * Returns true for a page of results: it represents many items and identifies none of them. A search word far in front
 * of the end is part of a directory's path (`/find/new-york/plumber/joes-plumbing`).
 */
export function isSearchPage(url: string): boolean {
  if (url.includes('?') && /[?&](?:q|query|search|find_desc|keyword)=/i.test(url)) return true
  if (!SEARCH_WORD.test(url)) return false
  const path = getPath(url)
  const found = SEARCH_WORD.exec(path)
  return found !== null && path.slice(found.index + 1).split('/').length <= SEARCH_SEGMENTS_MAX
}

const SEARCH_WORD = /(?:^|\/)(?:search|suche|suchen|recherche|buscar|ricerca|results?|find)(?:[/.]|$)/i
const SEARCH_SEGMENTS_MAX = 4

const TRACKING =
  /^(?:utm_|gclid|gbraid|wbraid|fbclid|msclkid|mc_[ce]id|igshid|igsh$|_ga$|_gl$|yclid|dclid|trk$|trkinfo|hsa_|matomo_|pk_|ref_src|srsltid|cmpid|gad_)/i

/** Removes tracking parameters from an address. Other parameters stay, since the page may need them. */
export function stripTracking(url: string): string {
  const question = url.indexOf('?')
  if (question < 0) return url
  const hash = url.indexOf('#', question)
  const query = url.slice(question + 1, hash < 0 ? undefined : hash)
  const kept = query.split('&').filter((part) => part !== '' && !TRACKING.test(part))
  return url.slice(0, question) + (kept.length > 0 ? `?${kept.join('&')}` : '') + (hash < 0 ? '' : url.slice(hash))
}

/** Parameters that contain the target of a redirecting page (`l.facebook.com/l.php?u=…`, `/url?q=…`). */
const TARGETS = ['u', 'url', 'q', 'target', 'to', 'dest', 'destination', 'redirect', 'redirect_url']
const REDIRECT_PATH = /(?:^|\/)(?:l\.php|url|redir(?:ect)?|biz_redir|out|away|goto|link|exit)$/i

/** Returns the target of a redirecting link, or the address itself. */
export function unwrapRedirect(url: string): string {
  if (!url.includes('?') || !REDIRECT_PATH.test(getPath(url))) return url
  for (const name of TARGETS) {
    const target = getQueryParameter(url, name)
    if (target !== null && /^https?:\/\//i.test(target)) return cleanUrl(target) ?? url
  }
  return url
}
