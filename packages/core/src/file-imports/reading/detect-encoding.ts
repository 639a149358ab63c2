import { analyse } from 'chardet'
import { utf8Length } from './utf8.ts'

/** Finds the encoding of a text that is neither UTF-16 nor valid UTF-8. */

export interface HighByteStats {
  /** Characters of several bytes in valid UTF-8. */
  valid: number
  /** Bytes that are not UTF-8. */
  invalid: number
  /** The lines in which those occur, up to a limit. */
  lines: Buffer
}

const LINES_BYTES_MAX = 64 * 1024
const LINE_BYTES_MAX = 4 * 1024

/** Counts the bytes above ASCII and collects the lines in which they stand: the rest of a file says nothing. */
export async function readHighBytes(chunks: AsyncIterable<Buffer>): Promise<HighByteStats> {
  const stats = { valid: 0, invalid: 0 }
  const lines: Buffer[] = []
  let collected = 0
  let rest = Buffer.alloc(0)
  const readLine = (line: Buffer): void => {
    if (!countSequences(line, stats) || collected >= LINES_BYTES_MAX) return
    lines.push(Buffer.from(line.subarray(0, LINE_BYTES_MAX)), Buffer.from('\n'))
    collected += Math.min(line.length, LINE_BYTES_MAX)
  }
  for await (const chunk of chunks) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
      readLine(bytes.subarray(start, end))
      start = end + 1
    }
    // A line without an end is cut: only its bytes are counted.
    if (bytes.length - start > LINES_BYTES_MAX) {
      readLine(bytes.subarray(start))
      start = bytes.length
    }
    rest = Buffer.from(bytes.subarray(start))
  }
  readLine(rest)
  return { ...stats, lines: Buffer.concat(lines) }
}

function countSequences(line: Buffer, stats: { valid: number; invalid: number }): boolean {
  let isHigh = false
  for (let index = 0; index < line.length; ) {
    if ((line[index] ?? 0) < 0x80) {
      index += 1
      continue
    }
    isHigh = true
    const length = utf8Length(line, index)
    if (length > 1) stats.valid += 1
    else stats.invalid += 1
    index += Math.max(length, 1)
  }
  return isHigh
}

/** Encodings of one byte, those that Windows writes first: of equal scores the first wins. */
const SINGLE_BYTE = [
  'windows-1252',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  'windows-1254',
  'windows-1253',
  'windows-1257',
  'windows-1255',
  'windows-1256',
  'koi8-r',
  'ibm866',
  'macintosh',
]
/** Code pages of DOS, which TextDecoder does not know. */
const DOS = ['cp850', 'cp852']
const MULTI_BYTE = ['shift_jis', 'gb18030', 'euc-kr', 'euc-jp', 'big5']

/** Decodes bytes by a name that TextDecoder does not know. */
export type LegacyDecoder = (bytes: Uint8Array, encoding: string) => string

/**
 * Returns the encoding in which the lines look most like names: letters of one script within a word, in usual case. Valid
 * UTF-8 with some foreign bytes is UTF-8.
 */
export function chooseEncoding({ valid, invalid, lines }: HighByteStats, decodeLegacy: LegacyDecoder): string {
  if (valid > 0 && valid >= invalid) return 'utf-8'
  let best = { encoding: 'windows-1252', score: Number.NEGATIVE_INFINITY }
  const consider = (encoding: string, text: string): void => {
    const score = scoreText(text) - rarePenalty(encoding, text)
    if (score > best.score) best = { encoding, score }
  }
  for (const encoding of SINGLE_BYTE) consider(encoding, new TextDecoder(encoding).decode(lines))
  for (const encoding of DOS) consider(encoding, decodeLegacy(lines, encoding))
  const likely = new Map(analyse(lines).map(({ name, confidence }) => [name.toLowerCase(), confidence]))
  for (const encoding of MULTI_BYTE) {
    const text = decodeStrictly(lines, encoding)
    // Several of them decode the same bytes: the frequency of characters tells which.
    if (text !== null && isMostlyWide(text))
      consider(encoding, `${text}${'あい'.repeat((likely.get(encoding) ?? 0) / 50)}`)
  }
  return best.encoding
}

function decodeStrictly(bytes: Uint8Array, encoding: string): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu
const HIGH = /[^\0-\x7f]/g

function isMostlyWide(text: string): boolean {
  const wide = text.match(WIDE)?.length ?? 0
  return wide >= 2 && wide >= (text.match(HIGH)?.length ?? 0) * 0.6
}

const scripts: readonly [string, RegExp][] = [
  ['latin', /\p{Script=Latin}/u],
  ['cyrillic', /\p{Script=Cyrillic}/u],
  ['greek', /\p{Script=Greek}/u],
  ['hebrew', /\p{Script=Hebrew}/u],
  ['arabic', /\p{Script=Arabic}/u],
  ['wide', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]/u],
]
const scriptOf = (letter: string): string | undefined => scripts.find(([, pattern]) => pattern.test(letter))?.[0]

/** Punctuation and symbols that occur in addresses and quotations. */
const COMMON_SYMBOL = /[§°·–—‘’‚“”„…€£©®™«»¿¡´`\u00a0№、。・（）「」]/u
const BAD = /[\u0080-\u009f\ufffd]/

/** Points for words that look like words; the score grows with the evidence. */
function scoreText(text: string): number {
  let score = 0
  for (const [word] of text.matchAll(/[^\s,;|\t"'()<>@:/\\.\d_+=&-]+/g))
    if (/[^\0-\x7f]/.test(word)) score += scoreWord(word)
  return score
}

function scoreWord(word: string): number {
  const letters = [...word]
  const high = letters.filter((letter) => letter > '\x7f').length
  let score = 0
  const found = new Set<string>()
  for (const [at, letter] of letters.entries()) {
    const script = scriptOf(letter)
    if (/\p{M}/u.test(letter)) score -= 2
    if (script === undefined) score += scoreSymbol(letter, at, letters)
    else {
      found.add(script)
      score += scoreLetter(letter, at, letters)
    }
  }
  // Names begin with a capital, in scripts that have them.
  if (!found.has('hebrew') && !found.has('arabic') && !found.has('wide') && isUpper(letters[0] ?? '')) score += 0.5
  if (found.size > 1) score -= 3 * high
  // "Èâàí": no Latin language has words of accented letters only.
  if (found.has('latin') && high >= 3 && high > letters.length * 0.6) score -= 2 * high
  return score
}

/** A capital behind a small letter, as in "MÐller", speaks against the encoding. */
function scoreLetter(letter: string, at: number, letters: readonly string[]): number {
  const points = letter > '\x7f' ? 1 : 0
  if (at === 0 || !isUpper(letter)) return points
  const isInside = isLower(letters[at - 1] ?? '') || (letter > '\x7f' && isLower(letters[at + 1] ?? ''))
  return isInside ? points - 2 : points
}

function scoreSymbol(symbol: string, at: number, letters: readonly string[]): number {
  if (symbol <= '\x7f') return 0
  if (BAD.test(symbol)) return -5
  return COMMON_SYMBOL.test(symbol) && isEdge(at, letters) ? 0 : -3
}

const isEdge = (at: number, letters: readonly string[]): boolean =>
  at === 0 || at === letters.length - 1 || letters.length === 1
const isUpper = (letter: string): boolean => letter !== letter.toLowerCase()
const isLower = (letter: string): boolean => letter !== letter.toUpperCase()

/** Letters that are rare in the texts of an encoding, at positions where another encoding has a common one. */
const rareLetters: Readonly<Record<string, RegExp>> = {
  'windows-1252': /[ÐðÞþÝŸ¼½¾³¹¿¡ªºœŒ]|[ìùòÒÌ](?=[a-z])|[øØ](?=[íéáìèøù])/g,
  'windows-1250': /[ŔŕĹĺĂăŢţÎîÔâÂŇĎđĐ]/g,
  'iso-8859-2': /[ŔŕĹĺĂăŢţÎîÔâÂŇĎđĐ]/g,
  'windows-1254': /[ªºœŒÿ]/g,
  'windows-1257': /[ŖŗĢģĶķĻļŅņÕõ]/g,
  'koi8-r': /[─-╿▀-▟ё]/g,
  macintosh: /[ÂÊÁËÈÍÎÏÌÓÔÒÚÛÙŸ‡·ˆ˜¯˘˙˚¸˝˛ˇ]/g,
  cp850: /[ðÐÊËÈıÞþÝƒ]/g,
  cp852: /[ŔŕĹĺĂăŢţÎîÔâÂ]/g,
}

/** A small handicap keeps the usual encodings where nothing speaks for a rare one. */
const handicaps: Readonly<Record<string, number>> = {
  'iso-8859-2': 0.3,
  'windows-1254': 0.6,
  'windows-1257': 1.5,
  'windows-1253': 0.5,
  'windows-1255': 0.2,
  'windows-1256': 0.5,
  'koi8-r': 0.5,
  ibm866: 0.5,
  macintosh: 1,
  cp850: 0.5,
  cp852: 1,
}

const rarePenalty = (encoding: string, text: string): number =>
  (handicaps[encoding] ?? 0) + 0.9 * (text.match(rareLetters[encoding] ?? /(?!)/g)?.length ?? 0)
