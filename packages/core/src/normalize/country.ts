import codes from 'i18n-iso-countries/codes.json' with { type: 'json' }
import de from 'i18n-iso-countries/langs/de.json' with { type: 'json' }
import en from 'i18n-iso-countries/langs/en.json' with { type: 'json' }
import es from 'i18n-iso-countries/langs/es.json' with { type: 'json' }
import fr from 'i18n-iso-countries/langs/fr.json' with { type: 'json' }
import it from 'i18n-iso-countries/langs/it.json' with { type: 'json' }
import nl from 'i18n-iso-countries/langs/nl.json' with { type: 'json' }
import pt from 'i18n-iso-countries/langs/pt.json' with { type: 'json' }
import { foldText } from './text.ts'

type Names = Record<string, string | readonly string[]>

/** Common short names that differ from the library's first English name. */
const SHORT_NAMES: Record<string, string> = {
  BN: 'Brunei',
  CD: 'Democratic Republic of the Congo',
  CG: 'Congo',
  CI: "Côte d'Ivoire",
  CN: 'China',
  CZ: 'Czechia',
  FK: 'Falkland Islands',
  FM: 'Micronesia',
  GM: 'Gambia',
  IR: 'Iran',
  KR: 'South Korea',
  LA: 'Laos',
  MD: 'Moldova',
  MK: 'North Macedonia',
  MO: 'Macao',
  PS: 'Palestine',
  RE: 'Réunion',
  RU: 'Russia',
  SY: 'Syria',
  TW: 'Taiwan',
  TZ: 'Tanzania',
  US: 'United States',
  VA: 'Vatican City',
  VG: 'British Virgin Islands',
  VI: 'U.S. Virgin Islands',
}

/** Names in use that are missing in the library. */
const MORE_NAMES: Record<string, string> = {
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'gran bretagna': 'GB',
  grossbritannien: 'GB',
  'grande bretagne': 'GB',
  'gran bretana': 'GB',
  inghilterra: 'GB',
  holland: 'NL',
  hollande: 'NL',
  olanda: 'NL',
  holanda: 'NL',
  'the netherlands': 'NL',
  'u s a': 'US',
  'u s': 'US',
  'united states america': 'US',
  estadosunidos: 'US',
  eeuu: 'US',
  'ee uu': 'US',
  'etats unis': 'US',
  'stati uniti': 'US',
  'stati uniti d america': 'US',
  'vereinigte staaten': 'US',
  'vereinigte staaten von amerika': 'US',
  'u k': 'GB',
  uk: 'GB',
  uae: 'AE',
  emirates: 'AE',
  'hong kong sar': 'HK',
  'hong kong s a r': 'HK',
  'hong kong sar china': 'HK',
  'macau sar': 'MO',
  macau: 'MO',
  'viet nam': 'VN',
  burma: 'MM',
  swaziland: 'SZ',
  bundesrepublik: 'DE',
  'bundesrepublik deutschland': 'DE',
  'republic of ireland': 'IE',
  'the bahamas': 'BS',
  'the gambia': 'GM',
  'ivory coast': 'CI',
  'cape verde': 'CV',
  'cabo verde': 'CV',
  'kingdom of saudi arabia': 'SA',
  ksa: 'SA',
  'russian federation': 'RU',
  'republic of korea': 'KR',
  korea: 'KR',
  'mainland china': 'CN',
  schottland: 'GB',
  scozia: 'GB',
}

/**
 * Countries' own names in other languages than those above. Each further language of the library would add 8 KB to the
 * consumer's bundle for names that items rarely contain.
 */
const NATIVE_NAMES = `AE الإمارات العربية المتحدة|AE الإمارات|AL Shqipëria|AM Հայաստան|AZ Azərbaycan|BA Bosna i Hercegovina|BD বাংলাদেশ|
  BG България|BY Беларусь|CN 中国|CN 中國|CN 中华人民共和国|CZ Česko|CZ Česká republika|DK Danmark|DZ الجزائر|EE Eesti|EG مصر|FI Suomi|
  GE საქართველო|GR Ελλάδα|GR Hellas|HK 香港|HR Hrvatska|HU Magyarország|IE Éire|IL ישראל|IN भारत|IN Bharat|IQ العراق|IR ایران|IS Ísland|
  JO الأردن|JP 日本|JP Nippon|KR 대한민국|KR 한국|KW الكويت|KZ Қазақстан|KZ Казахстан|LB لبنان|LT Lietuva|LV Latvija|MA المغرب|ME Crna Gora|
  MK Северна Македонија|NO Norge|NO Noreg|OM عمان|PK پاکستان|PL Polska|QA قطر|RO România|RS Srbija|RS Србија|RU Россия|
  RU Российская Федерация|SA السعودية|SA المملكة العربية السعودية|SE Sverige|SI Slovenija|SK Slovensko|SK Slovenská republika|TH ประเทศไทย|
  TH ไทย|TN تونس|TR Türkiye Cumhuriyeti|TW 台灣|TW 台湾|UA Україна|UA Украина|VN Việt Nam|XK Kosova`

interface Tables {
  byName: Map<string, string>
  byAlpha3: Map<string, string>
  shortNames: Map<string, string>
}

let tables: Tables | undefined

/** Built at first use (about 3 ms), so that importing the mapping costs nothing. */
function load(): Tables {
  const built: Tables = { byName: new Map(), byAlpha3: new Map(), shortNames: new Map() }
  for (const [code, names] of Object.entries(en.countries as Names))
    built.shortNames.set(code, [names].flat()[0] ?? code)
  // The first language with a name wins, so other languages cannot override an English name.
  for (const locale of [en, de, fr, es, it, nl, pt]) addNames(built.byName, locale.countries as Names)
  for (const entry of NATIVE_NAMES.split('|')) {
    const trimmed = entry.trim()
    built.byName.set(foldText(trimmed.slice(3)), trimmed.slice(0, 2))
  }
  for (const [name, code] of Object.entries(MORE_NAMES)) built.byName.set(name, code)
  for (const [alpha2, alpha3] of codes as unknown as [string, string][]) built.byAlpha3.set(alpha3, alpha2)
  for (const [code, name] of Object.entries(SHORT_NAMES)) {
    built.shortNames.set(code, name)
    built.byName.set(foldText(name), code)
  }
  return built
}

function addNames(byName: Map<string, string>, countries: Names): void {
  for (const [code, names] of Object.entries(countries)) {
    for (const name of [names].flat()) {
      const folded = foldText(name)
      if (folded.length > 2 && !byName.has(folded)) byName.set(folded, code)
    }
  }
}

const KNOWN = new Map<string, string | null>()
const KNOWN_MAX = 5_000

/** Returns the ISO 3166-1 alpha-2 code of a country given as code (`US`, `USA`) or as name in a supported language, or null. */
export function toCountryCode(text: string): string | null {
  if (text.length > 60) return null
  const known = KNOWN.get(text)
  if (known !== undefined) return known
  tables ??= load()
  const code = findCode(text.trim(), tables)
  if (KNOWN.size >= KNOWN_MAX) KNOWN.clear()
  KNOWN.set(text, code)
  return code
}

function findCode(text: string, built: Tables): string | null {
  if (/^[A-Za-z]{2}$/.test(text)) {
    const upper = text.toUpperCase()
    if (upper === 'UK') return 'GB'
    return built.shortNames.has(upper) ? upper : null
  }
  if (/^[A-Z]{3}$/.test(text)) {
    const alpha2 = built.byAlpha3.get(text)
    if (alpha2 !== undefined) return alpha2
  }
  const folded = foldText(text)
  // "Taiwan (R.O.C.)": a remark behind the name.
  const bare = text.endsWith(')') ? foldText(text.slice(0, text.lastIndexOf('('))) : ''
  return built.byName.get(folded) ?? built.byName.get(bare) ?? null
}

/** The alpha-2 codes of all countries. */
export function listCountryCodes(): string[] {
  tables ??= load()
  return [...tables.shortNames.keys()]
}

/** Returns the English short name of an alpha-2 code, such as `Czechia`, or null. */
export function toCountryName(code: string): string | null {
  tables ??= load()
  return tables.shortNames.get(code) ?? null
}
