import type { AddressParts } from './address-parts.ts'
import { toCountryCode } from './country.ts'
import { parseEastAsianAddress } from './east-asian-address.ts'
import { findStateCountryByAbbreviation, findStateCountryByName, isSubdivisionOf, isUsState } from './subdivisions.ts'
import { toCleanLine } from './text.ts'

const US_TAIL = /^([A-Z]{2}|[A-Z][a-z]+(?: [A-Z][a-z]+){0,3})\.? +(\d{5}(?:-\d{4})?)$/
const US_TOWN_TAIL = /^(.*\p{L}.*) +(\d{5}(?:-\d{4})?)$/u
const CA_TAIL = /^(?:(.+?) )?(AB|BC|MB|NB|NL|NS|NT|NU|ON|PE|QC|SK|YT) +([A-Z]\d[A-Z] ?\d[A-Z]\d)$/
const AU_TAIL = /^(?:(.+?) )?(NSW|VIC|QLD|SA|WA|TAS|ACT|NT) +(\d{4})$/i
const UK_TAIL = /^(?:(.+?) )?([A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$/
/** `75001 Paris`, `29200 - Brest`, `D-10115 Berlin`, `1012 AB Amsterdam`, `00184 Roma RM`, `140 00 Praha 4`. */
const CODE_FIRST =
  /^(?:[A-Z]{1,2}-)?(\d{4} [A-Z]{2}|\d{3} \d{2}|\d{4,6}|\d{2}-\d{3}|\d{5}-\d{3}|\d{4}-\d{3})(?:[ ]+|[ ]?[-–][ ]?)(\p{L}.*)$/u
/** `Wien 1010`, `Copenhagen 2100`, `São Paulo 01310-100`. */
const CODE_LAST = /^(\p{L}[^\d]*?)[ ]+(\d{4,6}|\d{5}-\d{3}|\d{3}-\d{4}|\d{3} \d{2})$/u
/** `12 av Foch 59000 Lille`: street, code and city without a comma. */
const CODE_INSIDE = /^.*\p{L}.* (\d{5}) (\p{L}[\p{L} '’.-]+)$/u
const BARE_CODE =
  /^(?:\d{4,6}(?:-\d{3,4})?|\d{3}-\d{4}|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d)$/
/** Words that end a street. Numbers alone do not: `140 00 Praha 4` is a town. */
const STREET_WORD =
  /(?:^|\s)(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|hwy|highway|pkwy|parkway|ct|court|sq|square|way|suite|ste|floor|unit)(?:\.?$| \d)/i
/** House numbers, and the words that begin or end a street: "Main St" is one, "St. Louis" is not. */
const STREET =
  /^\d+[a-z]?(?:[-/]\d+)? |\d+[a-z]?$|(?:^|\s)(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|hwy|highway|pkwy|parkway|ct|court|sq|square|way|suite|ste|floor|unit)\.?$|^(?:rue|via|viale|piazza|corso|calle|avenida|av|avda|plaza|paseo|rua|suite|ste|unit|floor)\.? |(?:straße|strasse|str\.?|platz|weg|allee|gasse)$/i

/** Street and town without a comma: "400 Pine Ave N Seattle". Group 1 begins behind the last word of the street. */
const STREET_THEN_TOWN =
  /^\d.*\s(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|hwy|highway|pkwy|parkway|ct|court|cir|circle|pl|place|plaza|sq|square|way|ter|terrace|trl|trail|loop|broadway)\.?(?:\s(?:[NSEW]|NE|NW|SE|SW)\.?)?(?:\s(?:#|(?:ste|suite|unit|apt|floor|fl|bldg|room|rm)\.?\s?#?)[\w-]+)?\s(\p{Lu}[\p{L}.'’ -]*)$/iu

/** "São Paulo - SP, 01310-100": town and state with a hyphen, as in Brazil. */
const TOWN_AND_STATE = /(?<=\p{L}) - ([A-Z]{2})(?=\s*(?:,|$))/u

/**
 * Reads city, state, postal code and country from one line of address or location text. Gives a part only if the text
 * states it. A single word such as "Bengaluru" is taken as the city that it nearly always is.
 *
 * `hint` is the country of the source. It only decides between readings: "Salvador, BA" is a state in Brazil.
 */
export function parseAddress(value: unknown, isPlaceName: boolean, hint: string | null = null): AddressParts {
  const parts: AddressParts = { city: null, state: null, postal_code: null, country: null }
  if (typeof value !== 'string' || value.length > 600) return parts
  const line = toCleanLine(value.replace(/[\r\n|·•]+/g, ', '))
  const eastAsian = parseEastAsianAddress(line)
  if (eastAsian !== null) return eastAsian
  const hyphened = line.includes(' - ') ? TOWN_AND_STATE.exec(line) : null
  const pieces = (hyphened === null ? line : line.replace(hyphened[0], ''))
    .split(/\s*[,،、;]\s*/)
    .filter((piece) => piece !== '' && piece.length < 120)
  if (pieces.length === 0) return parts
  extractCountry(parts, pieces, hint)
  extractCode(parts, pieces)
  if (parts.country === null) extractCountry(parts, pieces, hint)
  if (hyphened?.[1] !== undefined) parts.state = hyphened[1]
  extractState(parts, pieces, isPlaceName)
  if (hyphened === null && parts.country === null && parts.state !== null)
    extractCountryBeforeState(parts, pieces, isPlaceName, hint)
  extractCity(parts, pieces, isPlaceName)
  return parts
}

/** "Regina, SK, Canada, Saskatchewan": the state again behind the country. */
function extractCountryBeforeState(
  parts: AddressParts,
  pieces: string[],
  isPlaceName: boolean,
  hint: string | null,
): void {
  extractCountry(parts, pieces, hint)
  if (parts.country === null) return
  const again = parts.state
  parts.state = null
  extractState(parts, pieces, isPlaceName)
  parts.state ??= again
}

/** The country is last, or just before a postal code at the end. */
function extractCountry(parts: AddressParts, pieces: string[], hint: string | null): void {
  for (const back of [1, 2]) {
    const index = pieces.length - back
    const piece = pieces[index]
    if (piece === undefined || (back === 2 && !BARE_CODE.test(pieces[index + 1] ?? ''))) continue
    // "Hamburg, 20457, DE": no state stands behind its postal code.
    const isBehindCode = back === 1 && /^[A-Z]{2}$/.test(piece) && BARE_CODE.test(pieces[index - 1] ?? '')
    const isState = !isBehindCode && hint !== null && pieces.length > 1 && isSubdivisionOf(piece, hint)
    const code = !isState && (isBehindCode || isCountryPiece(piece, pieces.length)) ? toCountryCode(piece) : null
    if (code === null) continue
    parts.country = code
    pieces.splice(index, 1)
    return
  }
}

/** Two letters count only if no state uses them. */
function isCountryPiece(piece: string, count: number): boolean {
  if (/\d/.test(piece)) return false
  if (piece.length <= 2)
    return count > 1 && piece === piece.toUpperCase() && findStateCountryByAbbreviation(piece) === null
  // After a city, Georgia is more often the state than the country.
  return !(piece === 'Georgia' && count > 1) && piece !== 'NSW' && piece !== 'Jersey'
}

/** One form of a piece with a postal code. Returns false if the piece has another form. */
type CodeReader = (parts: AddressParts, pieces: string[], index: number) => boolean

const readUsTail: CodeReader = (parts, pieces, index) => {
  const found = US_TAIL.exec(pieces[index] ?? '')
  if (found === null || !isUsState(found[1] ?? '') || (parts.country !== null && parts.country !== 'US')) return false
  Object.assign(parts, { state: found[1], postal_code: found[2], country: 'US' })
  pieces.splice(index, 1)
  return true
}

/** "Mountain View CA 94043", "Springfield Illinois 62701": town, state and code without a comma. */
const readUsTownTail: CodeReader = (parts, pieces, index) => {
  const found = US_TOWN_TAIL.exec(pieces[index] ?? '')
  if (found?.[1] === undefined || (parts.country !== null && parts.country !== 'US')) return false
  const words = found[1].split(' ')
  for (const count of [2, 1]) {
    const state = words.slice(-count).join(' ')
    // A lower-case abbreviation is a word of the town.
    if (words.length <= count || !isUsState(state) || (state.length === 2 && state !== state.toUpperCase())) continue
    Object.assign(parts, { state, postal_code: found[2], country: 'US' })
    splicePiece(pieces, index, words.slice(0, -count).join(' '))
    return true
  }
  return false
}

const readCanadianOrAustralianTail: CodeReader = (parts, pieces, index) => {
  const piece = pieces[index] ?? ''
  const canadian = CA_TAIL.exec(piece)
  const found = canadian ?? AU_TAIL.exec(piece)
  if (found === null) return false
  Object.assign(parts, {
    state: found[2],
    postal_code: found[3],
    country: parts.country ?? (canadian === null ? 'AU' : 'CA'),
  })
  splicePiece(pieces, index, found[1])
  return true
}

const readBritishTail: CodeReader = (parts, pieces, index) => {
  const found = UK_TAIL.exec(pieces[index] ?? '')
  if (found === null || (parts.country !== null && parts.country !== 'GB')) return false
  parts.postal_code = found[2] ?? null
  splicePiece(pieces, index, found[1])
  return true
}

/** "Findon, SA, Australia, 5023". A house number is never alone behind a comma at the end. */
const readBareCode: CodeReader = (parts, pieces, index) => {
  const piece = pieces[index] ?? ''
  const isCode = BARE_CODE.test(piece) || (parts.country === 'TW' && /^\d{3}$/.test(piece))
  if (!isCode || pieces.length === 1) return false
  parts.postal_code = piece
  pieces.splice(index, 1)
  return true
}

const readCodeFirst: CodeReader = (parts, pieces, index) => {
  const found = CODE_FIRST.exec(pieces[index] ?? '')
  const rest = found?.[2] ?? ''
  if (found === null || STREET_WORD.test(rest) || (index === 0 && pieces.length > 1)) return false
  // "00198 Rome Italy": the country without a comma.
  const word = parts.country === null ? /^(.+) (\p{Lu}\p{L}{3,})$/u.exec(rest) : null
  const country = word?.[2] === undefined ? null : toCountryCode(word[2])
  if (country !== null) parts.country = country
  const city = country === null ? rest : (word?.[1] ?? rest)
  // "Makati, 1226 Metro Manila": the province bears the code, the town stands before it.
  const owner = pieces.length > 1 && index > 0 ? findStateCountryByName(city) : null
  if (owner !== null && owner === parts.country) {
    Object.assign(parts, { postal_code: found[1], state: city })
    pieces.splice(index, 1)
    return true
  }
  Object.assign(parts, { postal_code: found[1], city: stripProvince(city) })
  pieces.splice(index, 1)
  return true
}

const readCodeInside: CodeReader = (parts, pieces, index) => {
  const found = CODE_INSIDE.exec(pieces[index] ?? '')
  if (found === null || STREET_WORD.test(found[2] ?? '') || isUsState(found[2] ?? '')) return false
  Object.assign(parts, { postal_code: found[1], city: stripProvince(found[2] ?? '') })
  pieces.splice(index, 1)
  return true
}

const readCodeLast: CodeReader = (parts, pieces, index) => {
  const piece = pieces[index] ?? ''
  const found = CODE_LAST.exec(piece) ?? (parts.country === 'TW' ? /^(\p{L}\D*?) (\d{3})$/u.exec(piece) : null)
  const town = (found?.[1] ?? '').replace(/ ?[-–]$/, '')
  const isNearEnd = index > 0 && index >= pieces.length - 2
  if (found === null || !isNearEnd || STREET.test(town) || isUsState(town)) return false
  parts.postal_code = found[2] ?? null
  splicePiece(pieces, index, town)
  return true
}

const codeReaders: readonly CodeReader[] = [
  readUsTail,
  readUsTownTail,
  readCanadianOrAustralianTail,
  readBritishTail,
  readBareCode,
  readCodeFirst,
  readCodeInside,
  readCodeLast,
]

/** Reads the postal code, with the state or city in the same piece. */
function extractCode(parts: AddressParts, pieces: string[]): void {
  for (let index = pieces.length - 1; index >= Math.max(0, pieces.length - 3); index -= 1)
    if (/\d/.test(pieces[index] ?? '')) for (const read of codeReaders) if (read(parts, pieces, index)) return
}

/** Replaces a piece by its remainder. */
function splicePiece(pieces: string[], index: number, rest: string | undefined): void {
  if (rest === undefined || rest === '') pieces.splice(index, 1)
  else pieces[index] = rest
}

/** `Roma RM` → `Roma`: Italian addresses end in the two letters of the province, which is not a state. */
function stripProvince(text: string): string {
  return text.replace(/ (?:\([^()]{1,40}\)|[A-Z]{2})$/, '')
}

/** Reads the state: an abbreviation, a known name, or the middle of "City, State, Country". */
function extractState(parts: AddressParts, pieces: string[], isPlaceName: boolean): void {
  const index = pieces.length - 1
  const piece = pieces[index]
  if (parts.state !== null || piece === undefined) return
  const owner =
    (/^[A-Z]{2,3}$/.test(piece) ? findStateCountryByAbbreviation(piece) : null) ?? findStateCountryByName(piece)
  // "New York" alone is the city; "New York City, New York" names both.
  const fits =
    owner !== null &&
    (parts.country === null ||
      parts.country === owner ||
      isSubdivisionOf(piece, parts.country) ||
      (owner === 'US' && /^[A-Z]{2,3}$/.test(piece)))
  if (fits && (index > 0 || piece.toLowerCase() !== 'new york')) {
    parts.state = piece
    pieces.splice(index, 1)
    return
  }
  const isMiddle = parts.country !== null && parts.city === null && pieces.length === 2 && !STREET.test(piece)
  // "São Paulo, SP": two or three capitals behind a town, which are no country.
  const isAbbreviation = index > 0 && /^[A-Z]{2,3}$/.test(piece) && parts.country === null
  if (isPlaceName && (isMiddle || isAbbreviation)) {
    parts.state = piece
    pieces.splice(index, 1)
  }
}

const NO_PLACE =
  /^(?:remote|worldwide|global|anywhere|online|europe|emea|apac|latam|earth|hybrid|on-site|home ?office|deutschlandweit|bundesweit)$/i

function extractCity(parts: AddressParts, pieces: string[], isPlaceName: boolean): void {
  if (parts.city !== null) return
  const piece = pieces[pieces.length - 1]
  if (piece === undefined || NO_PLACE.test(piece)) return
  const isSure = parts.postal_code !== null || parts.state !== null || parts.country !== null
  const town = isSure ? STREET_THEN_TOWN.exec(piece)?.[1] : undefined
  if (town !== undefined && !STREET.test(town)) {
    parts.city = town
    return
  }
  // Whether a single piece with a number names a city at all cannot be told.
  if (/\d/.test(piece) && (STREET.test(piece) || !isPlaceName)) return
  if (!isPlaceName && pieces.length === 1 && !isSure) return
  if (STREET.test(piece) || piece.length > 100) return
  parts.city = piece
}
