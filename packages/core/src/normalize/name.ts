import { hasCompanyWord, hasLegalForm, isCompanyName, isResourcePath } from './company-name.ts'
import { memoize } from './memoize.ts'
import { cleanText, isPlaceholder, stripMarkup, truncateText } from './text.ts'

export interface PersonName {
  full: string | null
  first: string | null
  last: string | null
}

const HONORIFIC = new Set(
  `mr mrs ms miss mx dr med univ habil prof professor sir dame lord lady rev fr hon capt herr frau dipl-ing dipl ing mag dott dott.ssa dr.in
   m mme mlle monsieur madame sr sra srta don doña sig sig.ra signor signora drs ir shri smt maitre maître avv avvocato dott.ssa dra ing lic mgr dña mw dhr mevr mevrouw meneer pani rechtsanwalt rechtsanwältin mudr judr phdr`.split(
    /\s+/,
  ),
)
/** Titles that are also names, or parts of them, unless they end in a dot. */
const DOTTED_HONORIFIC = new Set(
  'lek. inż. inz. hab. d. dn. bc. ra. hr. fr. mag. prim. doc. arch. geom. rag. on. h.'.split(' '),
)
const CREDENTIAL = new Set(
  `phd ph.d ph.d. mba m.b.a. md m.d. do dds dmd dvm pharmd rph rn np pa pa-c bsn msn cpa cfa cfp cma pmp esq jd j.d. llm llb ms
   msc m.sc. ma m.a. bs bsc b.sc. ba b.a. meng beng mph mha edd psyd lcsw lmft lpc cissp cism csm cspo ccim cpcu shrm-cp shrm-scp
   sphr phr aia leed ap pe p.e. rcdd dpt otr ot rd ldn fache facs faia frcs mbchb ca acca fca fcca cipd fcipd gphr cebs chfc clu
   obe mbe cbe llp realtor® mpa mdiv dba dnp aprn fnp crna cscs cpt msw med m.ed. m.eng. mfa lld cae cmp cphr ficb pgdm btech b.tech mtech mrcvs frcvs mrcgp frcgp mrcp frcp mrcs mbbs bds bvsc bvms fdsrcs dipfms dclinpsy cpsychol mbacp frics mrics riba cgma cima cchp ccc-slp`
    .trim()
    .split(/\s+/),
)
const GENERATION = new Set(['jr', 'jr.', 'sr', 'sr.', 'ii', 'iii', 'iv'])
const PARTICLE = new Set(
  `van von vom zu zur de da di do du del della dello dei degli delle dos das la le el al bin ibn ben ter ten den der af av y e`.split(
    /\s+/,
  ),
)
export const isParticle = (word: string): boolean => PARTICLE.has(word)

const LATIN = /\p{Script=Latin}/u
const NON_NAME =
  /^~(?=\p{L})|\p{Extended_Pictographic}|[\u{1f1e6}-\u{1f1ff}]|[\u{1f3fb}-\u{1f3ff}]|\ufe0f|\u200d|[|★☆✓®™]/gu

/** Letters, spaces and the signs of names: nothing that the expressions for emoji, brackets and doubled spaces find. */
const PLAIN_NAME = /^[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'.,-]*(?: [A-Za-zÀ-ÖØ-öø-ÿ'.,-]+)*$/

/** Removes emoji, marks and text in brackets. Most names have none, and looking for each takes 1 µs. */
function stripMarks(text: string): string {
  if (PLAIN_NAME.test(text)) return text
  return text
    .replace(NON_NAME, ' ')
    .replace(/\([^)]*\)|\[[^\]]*\]|"[^"]*"|“[^”]*”/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Returns `MARIA GARCÍA-LÓPEZ` and `maria garcía` in the usual case. In mixed case, only words in capitals change. */
export function toNameCase(text: string): string {
  const upper = text === text.toUpperCase()
  if (!upper && text !== text.toLowerCase()) return lowerCapitalWords(text)
  if (!LATIN.test(text) || (upper && text.replace(/[^\p{L}]/gu, '').length <= 3)) return text
  let position = 0
  return text
    .toLowerCase()
    .split(' ')
    .map((word) => {
      position += 1
      if (position > 1 && PARTICLE.has(word)) return word
      return word
        .replace(/(^|[-'’.])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase())
        .replace(/^Mc(\p{L})/u, (_, letter: string) => `Mc${letter.toUpperCase()}`)
    })
    .join(' ')
}

/** Registers write family names in capitals: "Jean DUPONT", "SMITH John". Short words may be initials and stay. */
function lowerCapitalWords(text: string): string {
  if (!CAPITALS.test(text)) return text
  return text.replace(/(?<![\p{L}.'’-])\p{Lu}{4,}(?:-\p{Lu}{3,})*(?![\p{L}.])/gu, (word) => toNameCase(word))
}

const CAPITALS = /\p{Lu}{4}/u

const LETTERS = /^[a-z]+$/

function bare(word: string): string {
  const text = word.toLowerCase()
  return LETTERS.test(text) ? text : text.replace(/^[.,(]+|[,)]+$/g, '')
}

function isCredential(word: string): boolean {
  const text = bare(word)
  return CREDENTIAL.has(text) || (text.endsWith('.') && CREDENTIAL.has(text.slice(0, -1)))
}

/** A comma may be followed by a given name ("Doe, Jane") or by credentials ("Doe, PharmD, MBA"). */
function resolveComma(name: string): string {
  const comma = name.indexOf(',')
  if (comma <= 0) return name
  const before = name.slice(0, comma).trim()
  const after = name.slice(comma + 1).trim()
  const words = after.split(/[\s,]+/).filter((word) => word !== '')
  const isShouted = name === name.toUpperCase()
  const hasCredentials = words.some(
    (word) =>
      isCredential(word) ||
      GENERATION.has(bare(word)) ||
      /\d/.test(word) ||
      (word.length > 1 && word === word.toUpperCase() && !isShouted),
  )
  if (words.length === 0 || words.length > 3 || hasCredentials) return before
  const wordsBefore = before.split(' ').length
  const isLongNameWithSuffix = wordsBefore > 2 && !after.includes(' ') && (words[0]?.length ?? 0) > 3
  return isLongNameWithSuffix || (wordsBefore > 1 && words.length > 2) ? before : `${after} ${before}`
}

function isHonorific(word: string): boolean {
  const title = bare(word)
  if (!title.includes('.')) return HONORIFIC.has(title)
  return (
    HONORIFIC.has(title.replace(/\.+$/, '')) ||
    HONORIFIC.has(title.replaceAll('.', '')) ||
    DOTTED_HONORIFIC.has(word.toLowerCase())
  )
}

/** Removes emoji, text in brackets, honorifics at the start, and academic or professional suffixes at the end. */
function stripTitles(text: string): string {
  let name = stripMarks(text)
  // "Ms. Jane Doe, undefined": a template without its last value.
  if (name.includes(','))
    name = name
      .split(/,\s*/)
      .filter((part) => !isPlaceholder(part))
      .join(', ')
  let words = resolveComma(name).split(' ')
  const isAllCapitals = name === name.toUpperCase()
  while (words.length > 1 && isHonorific(words[0] ?? '')) words = words.slice(1)
  // "Me Solange Perrault": a notary or lawyer in French. Before one word it may be a given name.
  if (words.length > 2 && /^M[eᵉ]\.?$/.test(words[0] ?? '')) words = words.slice(1)
  // Two words are a name even if the second looks like a credential ("Jo Ma"). Only long credentials are removed.
  while (words.length > 1) {
    const last = words[words.length - 1] ?? ''
    const certain = isCredential(last) && (words.length > 2 || bare(last).length > 3)
    const shaped = last === last.toUpperCase() || /[a-z][A-Z]/.test(last) || last.includes('.')
    if (!certain || !shaped || isAllCapitals) break
    words = words.slice(0, -1)
  }
  const titleless = words.join(' ')
  return LETTERS.test(titleless.slice(-1))
    ? titleless.trim()
    : titleless.replace(/[\s,;.\-–—/]+$/u, (tail) => (tail.startsWith('.') ? '.' : '')).trim()
}

/** Joined parts, and letters that become two in the other case, may exceed the column. */
const fit = (name: string) => truncateText(name, 255).trimEnd()

/** Returns a stated given or family name, cleaned, or null if nothing is left. */
export const cleanNamePart = (value: unknown): string | null =>
  typeof value === 'string' ? readNamePart(value) : toNamePart(value)

function toNamePart(value: unknown): string | null {
  const text = cleanText(value, 255)
  if (text === null || text.includes('*') || text.includes('@')) return null
  const comma = text.indexOf(',')
  const stated = comma > 0 ? text.slice(0, comma) : text
  const part = PLAIN_NAME.test(stated)
    ? stated
    : stated
        .replace(NON_NAME, ' ')
        .replace(/\([^)]*\)|"[^"]*"/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
  return part === '' || !/\p{L}/u.test(part) ? null : fit(toNameCase(part))
}

/** The parts of a name are read up to three times an item. */
const readNamePart = memoize(toNamePart, { results_max: 64, length_max: 255 })

/** Returns true for a name with a personal title or credential: `Dr. Claire Fontaine`, not `Dr. Fontaine Dental Clinic`. */
export function isTitledPerson(value: string): boolean {
  if (value.length > 80 || hasCompanyWord(value)) return false
  const words = value.trim().split(/[\s,]+/)
  const isTitled = isHonorific(words[0] ?? '') && (words[0] ?? '').length > 1
  const hasCredential = value.includes(',') && words.length > 2 && isCredential(words.at(-1) ?? '')
  return (isTitled || hasCredential) && parsePersonName(value).last !== null
}

export interface Byline {
  name: string
  title: string
  company: string | null
}

/** Splits "Jane Doe - Sales Director @ Acme" into name, title and company, or returns null for any other text. */
export function parseByline(value: unknown): Byline | null {
  const text = typeof value === 'string' && /[@|–—-]| at /.test(value.slice(0, 300)) ? cleanText(value, 255) : null
  const found = text === null ? null : BYLINE.exec(text)
  if (found?.[1] === undefined || found[2] === undefined || hasCompanyWord(found[1])) return null
  if (parsePersonName(found[1]).last === null) return null
  return { name: found[1], title: found[2].trim(), company: found[3]?.trim() || null }
}

const BYLINE = /^(\p{Lu}[^|@–—]{3,60}?)\s+[|–—-]\s+([^|@–—]{2,80}?)\s+(?:@|at|bei|chez)\s*(\S.{1,80})$/u

/** "DUPONT Marie", "LE GOFF Anne-Laure": registers write the family name first and in capitals. */
const SURNAME_FIRST = /^((?:\p{Lu}[\p{Lu}'’-]* ){0,2}\p{Lu}[\p{Lu}'’-]{3,}) (\p{Lu}\p{Ll}+(?:[ -]\p{Lu}\p{Ll}+)?)$/u

const surnameLast = (text: string): string =>
  text.replace(SURNAME_FIRST, (_, last: string, first: string) => `${first} ${toNameCase(last)}`)

const GIVEN = String.raw`\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}\p{Ll}+)?`
const AND = String.raw` (?:&|\+|und|u\.|and|et|en|y|e|i|og|och) `
/** "Sabine & Thomas Klein": two people of one family. */
const FAMILY = new RegExp(String.raw`^(${GIVEN}(?: ${GIVEN})?${AND}${GIVEN}) ((?:\p{Ll}+ )*${GIVEN})$`, 'u')
/** "Anna Moor und Peter Fuchs": two people of two names. */
const TWO_NAMES = new RegExp(String.raw`^(${GIVEN}) (${GIVEN})${AND}(?:\p{L}+\.\s)*${GIVEN} ${GIVEN}$`, 'u')

/** Two people who share a line: both given names of one family, else the parts of the first name. */
function readCouple(text: string): { first: string; last: string } | null {
  const found = TWO_NAMES.exec(text) ?? FAMILY.exec(text)
  if (found?.[1] === undefined || found[2] === undefined || isCompanyName(text)) return null
  return { first: found[1], last: found[2] }
}

/** Whether a text names two people, as far as its form tells: "Ernst & Young Global" has the same. */
export const isCouple = (text: string): boolean =>
  text.length <= COUPLE_LENGTH_MAX && CONJUNCTION.test(text) && readCouple(stripTitles(text)) !== null

const COUPLE_LENGTH_MAX = 100
/** "Sabine & Thomas Klein" has four, and fewer are none. */
const COUPLE_WORDS_MIN = 4
const CONJUNCTION = new RegExp(AND)

/** Two plain words, as most names are. They skip the full analysis, which takes 3 µs. */
const SIMPLE = /^([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+) ([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)$/

function readSimple(text: string): PersonName | null {
  const [, first = '', last = ''] = SIMPLE.exec(text) ?? []
  if (first === '' || HONORIFIC.has(first.toLowerCase())) return null
  const end = last.toLowerCase()
  return CREDENTIAL.has(end) || GENERATION.has(end) ? null : { full: text, first, last }
}

/** The same behind titles: "Herr Uwe Hofmann", "Prof. Dr. Jane Doe". */
const TITLED = /^((?:[A-Za-z-]{2,12}\.? ){1,3})([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+) ([A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)$/

function readTitled(text: string): PersonName | null {
  const [, titles = '', first = '', last = ''] = TITLED.exec(text) ?? []
  const isTitled = first !== '' && !isHonorific(first) && titles.trimEnd().split(' ').every(isHonorific)
  return isTitled ? { full: `${first} ${last}`, first, last } : null
}

/** What sites show in the place of a name. */
const PLACEHOLDER_NAMES = new Set([
  'linkedin member',
  'facebook user',
  'instagram user',
  'anonymous',
  'private user',
  'private profile',
  'unknown',
  'deleted user',
  'admin',
  'user',
  'guest',
])
const PLACEHOLDER_NAME_MAX = 15

/** Splits a full name. Names in other scripts than Latin stay whole. "LinkedIn Member" and the like are not names. */
export const parsePersonName = (value: unknown): PersonName =>
  typeof value === 'string' ? parseText(value) : { full: null, first: null, last: null }

const parseText = memoize(parseFullName, { results_max: 64, length_max: 255 })

function parseFullName(value: string): PersonName {
  const none = { full: null, first: null, last: null }
  const text = cleanText(stripMarkup(value), 255)
  if (text === null || text.includes('*') || text.includes('@') || !/\p{L}/u.test(text)) return none
  if (text.length <= PLACEHOLDER_NAME_MAX && PLACEHOLDER_NAMES.has(text.toLowerCase())) return none
  const simple = readSimple(text)
  if (simple !== null) return simple
  // "Acme, Inc." is no person, and neither is an address or the path of a resource.
  if (hasLegalForm(text) || isResourcePath(text) || /^https?:/i.test(text)) return none
  return readTitled(text) ?? readParts(text)
}

function readParts(text: string): PersonName {
  const full = fit(toNameCase(surnameLast(stripTitles(text))))
  if (full === '') return { full: null, first: null, last: null }
  if (!LATIN.test(full)) return { full, first: null, last: null }
  const words = full.split(' ')
  const couple = words.length < COUPLE_WORDS_MIN ? null : readCouple(full)
  if (couple !== null) return { full, ...couple }
  while (words.length > 2 && GENERATION.has(bare(words[words.length - 1] ?? ''))) words.pop()
  if (words.length === 1) return { full, first: full, last: null }
  // The family name begins at the first particle ("Ludwig van Beethoven"). Without one it is the last word.
  let start = words.length - 1
  for (let index = 1; index < words.length - 1; index += 1) {
    if (PARTICLE.has((words[index] ?? '').toLowerCase())) {
      start = index
      break
    }
  }
  return { full, first: words.slice(0, start).join(' '), last: words.slice(start).join(' ') }
}

/** Merges stated parts with a stated full name. Parts win. Missing parts come from the full name. */
export function mergeNameParts(first: string | null, last: string | null, whole: PersonName): PersonName {
  if (first === null && last === null) return whole
  if (first !== null && last !== null) {
    const named = whole.full?.toLowerCase().includes(last.toLowerCase())
    return { full: named ? whole.full : fit(`${first} ${last}`), first, last }
  }
  if (whole.full === null) return { full: first ?? last, first, last }
  return { full: whole.full, first: first ?? whole.first, last: last ?? whole.last }
}
