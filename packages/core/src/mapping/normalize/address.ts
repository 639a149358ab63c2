import { toCountryCode } from './country.ts'
import { findStateCountryByAbbreviation, findStateCountryByName, isUsState } from './subdivisions.ts'
import { toCleanLine } from './text.ts'

/** Parts of an address; the country as alpha-2 code. */
export interface AddressParts {
  city: string | null
  state: string | null
  postal_code: string | null
  country: string | null
}

const US_TAIL = /^([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+){0,3})\.? +(\d{5}(?:-\d{4})?)$/
const CA_TAIL = /^(?:(.+?) )?(AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT) +([A-Z]\d[A-Z] ?\d[A-Z]\d)$/
const AU_TAIL = /^(?:(.+?) )?(NSW|VIC|QLD|SA|WA|TAS|ACT|NT) +(\d{4})$/i
const UK_TAIL = /^(?:(.+?) )?([A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$/
/** `75001 Paris`, `D-10115 Berlin`, `1012 AB Amsterdam`, `00184 Roma RM`, `140 00 Praha 4`. */
const CODE_FIRST = /^(?:[A-Z]{1,2}-)?(\d{4} [A-Z]{2}|\d{3} \d{2}|\d{4,6}|\d{2}-\d{3}|\d{5}-\d{3})[ ]+(\p{L}.*)$/u
/** `Wien 1010`, `Copenhagen 2100`, `São Paulo 01310-100`. */
const CODE_LAST = /^(\p{L}[^\d]*?)[ ]+(\d{4,6}|\d{5}-\d{3}|\d{3} \d{2})$/u
/** `12 av Foch 59000 Lille`: street, code and city without a comma. */
const CODE_INSIDE = /^.*\p{L}.* (\d{5}) (\p{L}[\p{L} '’.-]+)$/u
const BARE_CODE = /^(?:\d{4,6}(?:-\d{3,4})?|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)$/
/** Words that streets end with, alone: `140 00 Praha 4` ends in a number, too. */
const STREET_WORD =
  /(?:^|\s)(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|hwy|highway|pkwy|parkway|ct|court|sq|square|way|suite|ste|floor|unit)(?:\.?$| \d)/i
/** House numbers, and the words that streets begin or end with: "Main St" is one, "St. Louis" is not. */
const STREET =
  /^\d+[a-z]?(?:[-/]\d+)? |\d+[a-z]?$|(?:^|\s)(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|hwy|highway|pkwy|parkway|ct|court|sq|square|way|suite|ste|floor|unit)\.?$|^(?:rue|via|viale|piazza|corso|calle|avenida|av|avda|plaza|paseo|rua|suite|ste|unit|floor)\.? |(?:straße|strasse|str\.?|platz|weg|allee|gasse)$/i

/**
 * Reads city, state, postal code and country out of one line of address or location text. A part is only given where
 * the text says it; of "Bengaluru" it cannot be known what it is, and it is taken as the city that it nearly always is.
 */
export function parseAddress(value: unknown, isPlaceName: boolean): AddressParts {
  const parts: AddressParts = { city: null, state: null, postal_code: null, country: null }
  if (typeof value !== 'string' || value.length > 600) return parts
  const pieces = toCleanLine(value.replace(/[\r\n|·•]+/g, ', '))
    .split(/\s*[,،、;]\s*/)
    .filter((piece) => piece !== '' && piece.length < 120)
  if (pieces.length === 0) return parts
  extractCountry(parts, pieces)
  extractCode(parts, pieces)
  if (parts.country === null) extractCountry(parts, pieces)
  extractState(parts, pieces, isPlaceName)
  if (parts.country === null && parts.state !== null) {
    // "Regina, SK, Canada, Saskatchewan": the state once more behind the country.
    extractCountry(parts, pieces)
    if (parts.country !== null) {
      const again = parts.state
      parts.state = null
      extractState(parts, pieces, isPlaceName)
      parts.state ??= again
    }
  }
  extractCity(parts, pieces, isPlaceName)
  return parts
}

/** The country stands last, or just before a postal code at the end. Two letters count only where no US state has them. */
function extractCountry(parts: AddressParts, pieces: string[]): void {
  for (const back of [1, 2]) {
    const index = pieces.length - back
    const piece = pieces[index]
    if (piece === undefined || (back === 2 && !BARE_CODE.test(pieces[index + 1] ?? ''))) continue
    const code = isCountryPiece(piece, pieces.length) ? toCountryCode(piece) : null
    if (code === null) continue
    parts.country = code
    pieces.splice(index, 1)
    return
  }
}

function isCountryPiece(piece: string, count: number): boolean {
  if (/\d/.test(piece)) return false
  if (piece.length <= 2)
    return count > 1 && piece === piece.toUpperCase() && findStateCountryByAbbreviation(piece) === null
  // Georgia is a state more often than a country where a city stands before it.
  return !(piece === 'Georgia' && count > 1) && piece !== 'NSW' && piece !== 'Jersey'
}

/** Postal code, with the state or city that share its piece. */
function extractCode(parts: AddressParts, pieces: string[]): void {
  for (let index = pieces.length - 1; index >= Math.max(0, pieces.length - 3); index -= 1) {
    const piece = pieces[index] ?? ''
    const us = US_TAIL.exec(piece)
    if (us !== null && isUsState(us[1] ?? '') && (parts.country === null || parts.country === 'US')) {
      Object.assign(parts, { state: us[1], postal_code: us[2], country: 'US' })
      pieces.splice(index, 1)
      return
    }
    const coded = CA_TAIL.exec(piece) ?? AU_TAIL.exec(piece)
    if (coded !== null) {
      const canadian = CA_TAIL.test(piece)
      Object.assign(parts, {
        state: coded[2],
        postal_code: coded[3],
        country: parts.country ?? (canadian ? 'CA' : 'AU'),
      })
      splicePiece(pieces, index, coded[1])
      return
    }
    const british = UK_TAIL.exec(piece)
    if (british !== null && (parts.country === null || parts.country === 'GB')) {
      parts.postal_code = british[2] ?? null
      splicePiece(pieces, index, british[1])
      return
    }
    if (BARE_CODE.test(piece) && (index > 0 || pieces.length > 1)) {
      // "Findon, SA, Australia, 5023": the code alone; a house number never stands alone behind a comma at the end.
      parts.postal_code = piece
      pieces.splice(index, 1)
      return
    }
    const first = CODE_FIRST.exec(piece)
    if (first !== null && !STREET_WORD.test(first[2] ?? '') && (index > 0 || pieces.length === 1)) {
      const rest = first[2] ?? ''
      // "00198 Rome Italy": the country without a comma.
      const word = parts.country === null ? /^(.+) (\p{Lu}\p{L}{3,})$/u.exec(rest) : null
      const country = word?.[2] === undefined ? null : toCountryCode(word[2])
      if (country !== null) parts.country = country
      const city = country === null ? rest : (word?.[1] ?? rest)
      Object.assign(parts, { postal_code: first[1], city: stripProvince(city) })
      pieces.splice(index, 1)
      return
    }
    const inside = CODE_INSIDE.exec(piece)
    if (inside !== null && !STREET_WORD.test(inside[2] ?? '') && !isUsState(inside[2] ?? '')) {
      Object.assign(parts, { postal_code: inside[1], city: inside[2] })
      pieces.splice(index, 1)
      return
    }
    const last = CODE_LAST.exec(piece)
    if (
      last !== null &&
      index > 0 &&
      index >= pieces.length - 2 &&
      !STREET.test(last[1] ?? '') &&
      !isUsState(last[1] ?? '')
    ) {
      parts.postal_code = last[2] ?? null
      splicePiece(pieces, index, last[1])
      return
    }
  }
}

function splicePiece(pieces: string[], index: number, rest: string | undefined): void {
  if (rest === undefined || rest === '') pieces.splice(index, 1)
  else pieces[index] = rest
}

/** `Roma RM` → Roma: Italian addresses end in the two letters of the province, which is no state. */
function stripProvince(text: string): string {
  return text.replace(/ \(?[A-Z]{2}\)?$/, '')
}

/** A state: an abbreviation, a known name, or the middle of "City, State, Country". */
function extractState(parts: AddressParts, pieces: string[], isPlaceName: boolean): void {
  const index = pieces.length - 1
  const piece = pieces[index]
  if (parts.state !== null || piece === undefined) return
  const owner =
    (/^[A-Z]{2,3}$/.test(piece) ? findStateCountryByAbbreviation(piece) : null) ?? findStateCountryByName(piece)
  // "New York" alone is the city; "New York City, New York" names both.
  const fits =
    owner !== null &&
    (parts.country === null || parts.country === owner || (owner === 'US' && /^[A-Z]{2,3}$/.test(piece)))
  if (fits && (index > 0 || piece.toLowerCase() !== 'new york')) {
    parts.state = piece
    pieces.splice(index, 1)
    return
  }
  if (isPlaceName && parts.country !== null && parts.city === null && pieces.length === 2 && !STREET.test(piece)) {
    parts.state = piece
    pieces.splice(index, 1)
  }
}

function extractCity(parts: AddressParts, pieces: string[], isPlaceName: boolean): void {
  if (parts.city !== null) return
  const piece = pieces[pieces.length - 1]
  if (
    piece === undefined ||
    /^(?:remote|worldwide|global|anywhere|online|europe|emea|apac|latam|earth|hybrid|on-site)$/i.test(piece)
  )
    return
  // Of a line that is one piece and holds a number it cannot be told whether it names a city at all.
  if (/\d/.test(piece) && (STREET.test(piece) || !isPlaceName)) return
  if (
    !isPlaceName &&
    pieces.length === 1 &&
    parts.country === null &&
    parts.state === null &&
    parts.postal_code === null
  )
    return
  if (STREET.test(piece) || piece.length > 100) return
  parts.city = piece
}
