import { listCountryCodes, toCountryCode } from './country.ts'
import { foldText } from './text.ts'

/** Signs of vehicles and abbreviations of countries in address lists that are not ISO codes. */
const abbreviations: Readonly<Record<string, string>> = {
  A: 'AT',
  B: 'BE',
  D: 'DE',
  E: 'ES',
  F: 'FR',
  H: 'HU',
  I: 'IT',
  J: 'JP',
  L: 'LU',
  M: 'MT',
  N: 'NO',
  P: 'PT',
  S: 'SE',
  V: 'VA',
  BRD: 'DE',
  GER: 'DE',
  FRG: 'DE',
  FL: 'LI',
  FIN: 'FI',
  IRL: 'IE',
  SLO: 'SI',
  UK: 'GB',
  ENG: 'GB',
  SCO: 'GB',
  SCT: 'GB',
  WAL: 'GB',
  NIR: 'GB',
  USA: 'US',
  EEUU: 'US',
  EUA: 'US',
  HOL: 'NL',
  SUI: 'CH',
  OES: 'AT',
  ÖS: 'AT',
  UAE: 'AE',
  VAE: 'AE',
  KSA: 'SA',
  TUR: 'TR',
  ROU: 'RO',
  RUS: 'RU',
}

/** Returns the alpha-2 code of a value that states a country: a name, an ISO code, a vehicle sign or an abbreviation; null if unknown. */
export function readCountry(cell: string): string | null {
  const text = cell.replace(/[.\s]+/g, ' ').trim()
  if (text === '' || text.length > 60) return null
  const short = text.replace(/ /g, '').toUpperCase()
  return (
    (Object.hasOwn(abbreviations, short) ? abbreviations[short] : undefined) ??
    toCountryCode(cell.trim()) ??
    toCountryCode(text) ??
    // "Germany (DE)", "DE - Deutschland", "Deutschland, DE"
    firstKnown(text.split(/\s*[(),/|–-]\s*/)) ??
    findOtherName(text)
  )
}

/**
 * Languages whose names the runtime knows: `Niemcy`, `Tyskland`. Only for values that state a country: a town of another
 * language may bear such a name.
 */
const OTHER_LANGUAGES = 'en de fr es it pt nl pl cs sk hu ro hr sv da nb fi tr el ru uk'.split(' ')

let otherNames: Map<string, string> | undefined

/** Built at first use, in 10 ms. */
function findOtherName(text: string): string | null {
  otherNames ??= new Map(
    OTHER_LANGUAGES.toReversed().flatMap((language) => {
      const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' })
      return listCountryCodes().flatMap((code): [string, string][] => {
        const name = names.of(code)
        return name === undefined ? [] : [[foldText(name), code]]
      })
    }),
  )
  return otherNames.get(foldText(text)) ?? null
}

function firstKnown(parts: readonly string[]): string | null {
  if (parts.length < 2) return null
  for (const part of parts) {
    const code = part.length > 1 ? toCountryCode(part) : null
    if (code !== null) return code
  }
  return null
}
