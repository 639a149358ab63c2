import { memoize } from './memoize.ts'

/** Texts that mean "nothing", in lower case. `nd` is missing because it is also North Dakota. */
const NOTHING = new Set([
  '?',
  'n/a',
  'n.a.',
  'n.a',
  'na',
  'null',
  'none',
  'undefined',
  'nil',
  'nan',
  'unknown',
  'not available',
  'not provided',
  'not specified',
  'not found',
  'not set',
  'no data',
  'redacted',
  'redacted for privacy',
  'not disclosed',
  'withheld',
  'hidden',
  'empty',
  'tbd',
  'tba',
  'false',
  'true',
  'keine angabe',
  'keine',
  'k.a.',
  'k. a.',
  'nicht angegeben',
  'unbekannt',
  'non disponible',
  'non renseigné',
  'inconnu',
  'no disponible',
  'desconocido',
  'sin datos',
  'non disponibile',
  'sconosciuto',
  'n.d.',
  '[object object]',
  '{}',
  '[]',
])

/**
 * By first letter, the lengths of those texts as bits. It spares most texts the look-up in lower case, which takes longer
 * than the rest of `cleanText`.
 */
const NOTHING_LENGTHS = new Int32Array(128)
for (const text of NOTHING) {
  const first = text.charCodeAt(0)
  NOTHING_LENGTHS[first] = (NOTHING_LENGTHS[first] ?? 0) | (1 << text.length)
}

/** Returns true if a text may be one of those. A letter beyond ASCII may become one within it: `K` for kelvin. */
function mayMeanNothing(text: string): boolean {
  if (text.length > NOTHING_LENGTH_MAX) return false
  const code = text.charCodeAt(0)
  const first = code > 64 && code < 91 ? code + 32 : code
  return first > 127 || ((NOTHING_LENGTHS[first] ?? 0) & (1 << text.length)) !== 0
}

const NOTHING_LENGTH_MAX = 24

/** Characters that clean text must not contain. One class, because alternatives scan four times slower. */
const DIRTY =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the point
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u2064\u2066-\u2069\u3000\ud800-\udfff\ufeff&]/
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters become spaces
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g
/** What terminals execute: `ESC [ 31 m`, `ESC ] 0 ; title BEL`. Without its ESC the rest would stay as text. */
const TERMINAL_SEQUENCE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  /(?:\u001b\[|\u009b)[0-?]{0,64}[ -/]{0,8}[@-~]|(?:\u001b[\]P^_X]|\u009d)[^\u0007\u001b\u009c]{0,500}(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]{0,8}[0-~]/g
const INVISIBLE = /[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g
const LONE_SURROGATE = /\p{Surrogate}/gu
const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27|#34|#x2f);/gi
const ENTITIES: Record<string, string> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
  '&#39;': "'",
  '&#x27;': "'",
  '&#34;': '"',
  '&#x2f;': '/',
}

/** Cuts a text to `max` code points, as databases count them. Never splits a surrogate pair. */
export function truncateText(text: string, max: number): string {
  if (text.length <= max) return text
  let points = 0
  let index = 0
  while (index < text.length && points < max) {
    index += (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1
    points += 1
  }
  return text.slice(0, index)
}

/** Returns true for printable ASCII without `&`, with single spaces between words. A short text takes half of the time. */
function isPlainLine(text: string): boolean {
  if (text.length > PLAIN_LENGTH_MAX) return false
  let before = 32
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 32 || code > 126 || code === 38 || (code === 32 && before === 32)) return false
    before = code
  }
  return before !== 32
}

/** Above this an expression is as fast. */
const PLAIN_LENGTH_MAX = 48

const hasOuterOrDoubleSpace = (text: string): boolean =>
  text.startsWith(' ') || text.endsWith(' ') || text.includes('  ')

/** Returns a text as one line without control characters, lone surrogates, invisible marks or repeated spaces. */
export function toCleanLine(text: string): string {
  if (isPlainLine(text) || (!DIRTY.test(text) && !hasOuterOrDoubleSpace(text))) return text
  let tidy = text
  if (tidy.includes('&')) tidy = tidy.replace(ENTITY, (entity) => ENTITIES[entity.toLowerCase()] ?? entity)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what sequences begin with
  if (/[\u001b\u009b\u009d]/.test(tidy)) tidy = tidy.replace(TERMINAL_SEQUENCE, ' ')
  return tidy.replace(CONTROL, ' ').replace(INVISIBLE, '').replace(LONE_SURROGATE, '').replace(/\s+/g, ' ').trim()
}

/** Returns true for a text that means "nothing": `--`, `?`, `N/A`, `undefined`, `+*******`. */
export function isPlaceholder(text: string): boolean {
  if (text.length === 0) return true
  if (mayMeanNothing(text) && NOTHING.has(text.toLowerCase())) return true
  // Fillers begin with punctuation or an x. The first letter rules out most texts.
  const code = text.charCodeAt(0)
  const isWord =
    (code > 96 && code < 123 && code !== 120) || (code > 64 && code < 91 && code !== 88) || (code > 47 && code < 58)
  return !isWord && isFiller(text)
}

/** Returns true for punctuation alone, or a mask such as `+***********` or `xxx-xxx-xxxx`. */
function isFiller(text: string): boolean {
  if (text.length > 64) return false
  return /^[\s\-–—_.,;:/\\|?!#+*•()'"[\]{}x]+$/i.test(text) && !/^x{1,3}$/i.test(text)
}

/**
 * Returns a value as one line of clean text of at most `max` characters, or null for a missing value or a placeholder.
 * Numbers become text. Only the beginning of a very long value is read, so the column bounds the time.
 */
export function cleanText(value: unknown, max: number): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? String(value).slice(0, max) : null
  if (typeof value !== 'string') return null
  const bounded = value.length > max * 4 + 64 ? value.slice(0, max * 4 + 64) : value
  const tidy = toCleanLine(bounded)
  if (isPlaceholder(tidy)) return null
  const cut = tidy.length > max ? truncateText(tidy, max).trimEnd() : tidy
  // The bound above may split a pair, but `toCleanLine` removes its half. Only an empty text can remain.
  return cut === '' ? null : cut
}

/** Removes markup: `<b>Acme</b>` → `Acme`. A lone `<` stays. */
export function stripMarkup(text: string): string {
  return text.includes('<') ? text.slice(0, 5_000).replace(/<\/?[a-z][^<>]{0,200}>/gi, ' ') : text
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the first half of ASCII
const ASCII = /^[\u0000-\u007f]*$/

/** Returns a name for comparison: lower case, no accents, only letters and digits, one space between words. */
export const foldText = memoize(fold, { results_max: 128, length_max: 100 })

function fold(text: string): string {
  if (ASCII.test(text)) {
    const lower = text.toLowerCase()
    return isFolded(lower) ? lower : lower.replace(/[^a-z0-9]+/g, ' ').trim()
  }
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Returns true for words of letters and digits with single spaces between them. */
function isFolded(text: string): boolean {
  let before = 32
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    const isInside = (code > 96 && code < 123) || (code > 47 && code < 58)
    if (!isInside && (code !== 32 || before === 32)) return false
    before = code
  }
  return before !== 32
}

/** Returns the words of a key in lower case: `companyLinkedinURL`, `contact:phone` and `Fax Number` have several. */
export function splitWords(key: string): string[] {
  return replaceStrokes(key)
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

const strokes: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  æ: 'ae',
  Æ: 'Ae',
}

/** Replaces letters with a stroke: Unicode does not take them apart. */
const replaceStrokes = (text: string): string => text.replace(/[łŁøØđĐıæÆ]/g, (letter) => strokes[letter] ?? letter)

/** Returns the dictionary form of a key. `companyLinkedinUrl`, `company_linkedin_url` and `Company LinkedIn URL` share it. */
export function normalizeKey(key: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the ASCII range is what needs no unaccenting
  const plain = /^[\u0000-\u007f]*$/.test(key)
    ? key
    : replaceStrokes(key)
        .replace(/ß/g, 'ss')
        .normalize('NFKD')
        .replace(/\p{M}+/gu, '')
  return plain.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
