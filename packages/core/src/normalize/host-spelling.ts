import { domainToASCII, domainToUnicode } from 'node:url'

/**
 * A host with letters beyond ASCII has two spellings: `müller.de` and `xn--mller-kva.de`. It is stored as people read
 * and write it, whichever of them a source states.
 */

/** What has a second spelling. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what has one spelling
const HAS_TWO = /xn--|[^\u0000-\u007f]/

/** Returns a host in the spelling of people, in lower case. A host that has no such spelling stays. */
export function toReadableHost(host: string): string {
  if (!HAS_TWO.test(host)) return host
  return domainToUnicode(domainToASCII(host)) || host
}

/** Returns an address with its host in the spelling of people. */
export function toReadableEmail(email: string): string {
  if (!HAS_TWO.test(email)) return email
  const at = email.lastIndexOf('@') + 1
  return email.slice(0, at) + toReadableHost(email.slice(at))
}

/** Returns the other spelling of a host or an address, or null if it has none. */
export function toAsciiSpelling(text: string): string | null {
  if (!HAS_TWO.test(text)) return null
  const at = text.lastIndexOf('@') + 1
  const host = domainToASCII(text.slice(at))
  return host === '' || host === text.slice(at) ? null : text.slice(0, at) + host
}

/** The spellings in which rows may have an address or a host: those of earlier versions have it as it was stated. */
export function toSpellings(text: string): string[] {
  const other = toAsciiSpelling(text)
  return other === null ? [text] : [text, other]
}

/** Returns the id of an address or a domain (`email:…`, `domain:…`) with its host in ASCII, or null if that is the same id. */
export function toAsciiId(external_id: string): string | null {
  if (!external_id.startsWith('email:') && !external_id.startsWith('domain:')) return null
  const value = external_id.indexOf(':') + 1
  const ascii = toAsciiSpelling(external_id.slice(value))
  return ascii === null ? null : external_id.slice(0, value) + ascii
}
