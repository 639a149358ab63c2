import { findSiteHost } from './hosts.ts'
import { memoize } from './memoize.ts'
import { cleanText, foldText, stripMarkup } from './text.ts'

const NO_COMPANY =
  /^(?:self[- ]?employed|selbst(?:st)?ändig|freelance(?:r)?|freiberuflich|independent(?: (?:contractor|consultant))?|indépendant|autónomo|libero professionista|unemployed|retired|student|none|private|confidential(?: company)?|stealth(?: (?:mode|startup|mode startup))?)$/i

/** Legal forms at the end of a company's name, in the countries whose registers are scraped most. */
const LEGAL_FORM =
  /(?:^|[\s,&])(?:inc|incorporated|pllc|llc|l\.l\.c|ltd|limited|plc|llp|corp|corporation|gmbh|mbh|ohg|gbr|e\.\s?k|e\.\s?v|ug \(haftungsbeschränkt\)|kgaa|s\.?à\.? ?r\.?l|s\.?a\.?r\.?l|sasu|eurl|s\.a|s\.r\.l|srls?|s\.p\.a|s\.l|b\.v|n\.v|oyj|aps|a\/s|sp\. z o\.\s?o|s\.r\.o|a\.s|kft|zrt|ltda|eireli|pty|pvt|pte|sdn bhd|d\.o\.o)\.?$/i
/** Forms that are also words or parts of names: only in capitals. */
const SHORT_LEGAL_FORM =
  /(?:^|[\s,&])(?:LP|CO|Co\.|AG|KG|eK|e\.K\.|eV|e\.V\.|UG|SE|SAS|SCI|SA|SNC|SL|SLU|BV|NV|VOF|Oy|OY|AB|AS|ASA|SpA|SPA|KK|OOO|PC|P\.C\.)$/

/** Words that companies have in their names and people do not. */
const COMPANY_WORDS: ReadonlySet<string> = new Set(
  `clinic klinik centre center centrum cabinet studio studios institut institute dental medical group gruppe groupe
  partner partners associates office kanzlei pharma pharmacy apotheke apotheken agency agentur agence service
  services solutions systems company consulting holding hotel restaurant shop store salon school schule university
  hospital foundation stiftung verein association society club museum bakery realty properties estate estates
  holdings trust farm farms homes cleaning painting roofing landscaping movers moving photography catering design
  designs builders building repair repairs heating cooling hvac contractor contractors contracting remodeling
  kitchens flooring electrical spa beauty barber barbershop fitness yoga events cafe bistro pizzeria trattoria
  gasthof gasthaus metzgerei tischlerei autohaus brothers sons immobilien construction plumbing electric auto garage
  legal team bank insurance versicherung versicherungen logistics media software technologies tech lab labs
  municipality ministry council authority department commission gemeinde landkreis stadtverwaltung ministerium
  mairie ayuntamiento prefeitura gmina`.split(/\s+/),
)
/** Parts of such words, and words with letters beyond ASCII. */
const COMPANY_STEM = /praxis|handels|bäckerei|café/
const COMPANY_WORD = new RegExp(
  String.raw`\b(?:\p{L}*praxis\p{L}*|handels\p{L}*|bäckerei|café|${[...COMPANY_WORDS].join('|')})\b`,
  'iu',
)

/**
 * Returns true for a name with a company's word. Names in Latin-1 are read word by word: the expression, which tries every
 * word at every place, takes twice as long.
 */
function hasCompanyWordIn(name: string): boolean {
  const text = name.toLowerCase()
  if (COMPANY_STEM.test(text)) return COMPANY_WORD.test(name)
  let start = -1
  for (let index = 0; index <= text.length; index += 1) {
    const code = index < text.length ? text.charCodeAt(index) : 0
    if (code > 255) return COMPANY_WORD.test(name)
    const isInside = (code > 96 && code < 123) || (code > 47 && code < 58) || code === 95
    if (isInside && start < 0) start = index
    if (isInside || start < 0) continue
    if (index - start >= COMPANY_WORD_LENGTH_MIN && COMPANY_WORDS.has(text.slice(start, index))) return true
    start = -1
  }
  return false
}

const COMPANY_WORD_LENGTH_MIN = 3

/** Returns true for a name that ends in a legal form: `Acme, Inc.`, `Bäcker Müller GmbH`. */
export function hasLegalForm(name: string): boolean {
  return name.length <= 255 && name.includes(' ') && (LEGAL_FORM.test(name) || SHORT_LEGAL_FORM.test(name))
}

/** Returns the name without a legal form behind it: `Acme, Inc.` → `Acme`. */
export const stripLegalForm = (name: string): string =>
  hasLegalForm(name) ? name.replace(LEGAL_FORM, '').replace(SHORT_LEGAL_FORM, '').trim() : name

/** Returns true for a name with a word, digit or sign that people's names do not have. */
export function hasCompanyWord(name: string): boolean {
  return /[&\d]/.test(name) || isCompanyName(name)
}

/** Returns true for a name that only a company can have: it contains a company's word or ends in a legal form. */
export function isCompanyName(name: string): boolean {
  return name.length <= 255 && (hasCompanyWordIn(name) || hasLegalForm(name))
}

/** Removes the name of the site from the title of its page: `Acme | Facebook` → `Acme`. */
export function stripSiteSuffix(title: string): string {
  const found = /^(.{2,}?)\s+[|·–—-]\s+([^|·–—]{2,40})$/.exec(title)
  if (found?.[1] === undefined || found[2] === undefined) return title
  const site = foldText(found[2])
    .replace(/ /g, '')
    .replace(/(?:com|de|fr|couk)$/, '')
  return findSiteHost(site) === null ? title : found[1]
}

/** "Acme;Sales": vCards write a unit of the company behind it. "Acme; Sons" and an entity such as `&uuml;` are none. */
const ORGANIZATION_AND_UNIT = /^([^;&]{2,200}?)\s*;(?!\s\S)/

/** What the title of a page of a company's site begins with. */
const PAGE_WORD =
  /^(?:contact(?: us)?|kontakt|impressum|home|about(?: us)?|startseite|accueil|contacto|contatti|mentions légales) [-–|:] (?=\p{L})/iu

/**
 * Returns the name of a company or place on one line without markup and site suffix, or null for a missing name, an
 * address, a resource path (`places/ChIJ…`), a number or a word such as "self-employed".
 */
export const cleanCompanyName = (value: unknown): string | null =>
  typeof value === 'string' ? readCompanyName(value) : null

/** An item repeats the name of its company, and each is read several times. */
const readCompanyName = memoize(toCompanyName, { results_max: 64, length_max: 255 })

function toCompanyName(value: string): string | null {
  const text = cleanText(stripMarkup(value), 255)
  if (text === null || NO_COMPANY.test(text) || /^https?:\/\//i.test(text) || !/[\p{L}\p{N}]/u.test(text)) return null
  if (text.includes('**') || isResourcePath(text) || /^\+?[\d\s()./-]{7,}$/.test(text)) return null
  const whole = text.includes(';') ? (ORGANIZATION_AND_UNIT.exec(text)?.[1] ?? text) : text
  const name = (whole.startsWith('@') ? whole.replace(/^@(?=\w)/, '') : whole).replace(PAGE_WORD, '')
  return / [|·–—-] /.test(name) ? stripSiteSuffix(name) : name
}

/** Returns true for the path of an API's resource: `places/ChIJ…`, `accounts/123`. */
export function isResourcePath(text: string): boolean {
  return /^[a-z]{3,20}\/(?=[\w-]*[\dA-Z_])[\w-]{6,}$/.test(text)
}
