import { repairNumber } from './repair-cell.ts'

/** Takes a cell apart that has several values: `a@x.com; b@x.com`, `+49 30 1 / +49 171 2`, `home ::: work`. */

const VALUES_MAX = 50
const PHONE_DIGITS_MIN = 6
/** Cut in any case: list separators, line ends, and Google's own. */
const STRONG = /\s*(?::::|[;|\n\r]|,(?=\s*[+(0]|\s*\D*\d[\d\s().-]{5}))\s*/
/** Cut where a whole number stands on both sides. */
const WORD_SEPARATOR =
  /\s+(?:or|oder|od\.|ou|o|lub|of|and|und|u\.|et|y|e|en|i|&|\+(?=\s))\s+|\s*[/,]\s*|\s+[-–•·]\s+|(?<=(?<!\d)\d{9,13})\s+(?=\d{9,13}(?!\d))/i
const LABEL =
  /^(?:t|m|p|h|w|tel|telefon|telephone|phone|fon|mob|mobil|mobile|cell|handy|privat|home|work|office|büro|buero|direct|main|zentrale|dw|gsm|teléfono|telefono|móvil|cellulare|portable|komórka)\.?\s*(?:nr\.?|no\.?)?\s*[:.]\s*/iu
const FOREIGN_LABEL = /^(?:f|fax|telefax|télécopie|faks|pager|telex)\b\.?/iu

const countDigits = (text: string): number => text.replace(/\D/g, '').length

/**
 * Returns the phone numbers of a cell in their order. Numbers that a spreadsheet has shortened are left out, and so are
 * those that the cell itself calls a fax.
 */
export function splitPhones(cell: string): string[] {
  const numbers: string[] = []
  for (const part of cell.slice(0, 2000).split(STRONG))
    for (const piece of splitPair(part)) {
      if (numbers.length >= VALUES_MAX) return numbers
      const text = piece.trim()
      if (text === '' || FOREIGN_LABEL.test(text)) continue
      const number = repairNumber(text.replace(LABEL, ''))
      if (number !== null && countDigits(number) > 0) numbers.push(number)
    }
  return numbers
}

/** `030 1234567 / 0171 1234567` are two numbers, `030/1234567` and `030 1234567/68` are one. */
function splitPair(text: string): string[] {
  const found = WORD_SEPARATOR.exec(text)
  if (found === null) return [text]
  const pieces: string[] = []
  let start = 0
  const separators = new RegExp(WORD_SEPARATOR, 'gi')
  for (const match of text.matchAll(separators)) {
    const left = text.slice(start, match.index)
    const right = text.slice(match.index + match[0].length)
    if (countDigits(left) < PHONE_DIGITS_MIN) continue
    // Behind a word the next number may have a slash of its own: "030/1234567 od. 0171/1234567".
    const isWord = /\p{L}/u.test(match[0])
    const next = isWord ? right : (right.split(separators)[0] ?? '')
    if (countDigits(next) >= PHONE_DIGITS_MIN || FOREIGN_LABEL.test(right.trim())) {
      pieces.push(left)
      start = match.index + match[0].length
    } else if (/^\s*\/\s*$/.test(match[0]) && /^\d{1,4}$/.test(next.trim())) {
      // An alternative ending: the number without it is complete.
      return [...pieces, left]
    }
  }
  return [...pieces, text.slice(start)]
}

/** Returns the values of a cell that may list several addresses, pages or words. */
export function splitList(cell: string): string[] {
  if (!/[;,|\n\r]|:::/.test(cell)) return [cell]
  return cell
    .slice(0, 5000)
    .split(/\s*(?::::|[;,|\n\r])\s*/)
    .filter((part) => part !== '')
    .slice(0, VALUES_MAX)
}

/** Returns the email addresses of a cell; a name in front of an address stays with it: `"Lopez, Ana" <ana@x.org>`. */
export function splitEmails(cell: string): string[] {
  if (cell.indexOf('@') === cell.lastIndexOf('@')) return [cell]
  const named = cell.match(/<[^<>\s@]+@[^<>\s@]+>/g)
  if (named !== null && named.length > 1) return named.slice(0, VALUES_MAX)
  return cell
    .slice(0, 5000)
    .split(/\s*(?::::|[;,|\n\r])\s*|\s+(?:or|oder|ou|o|lub|of|and|und|et|y|e|en|&|\/)\s+|\s*\/\s*|\s+(?=\S+@)/i)
    .filter((part) => part.includes('@'))
    .slice(0, VALUES_MAX)
}

/** Returns the tags of a cell without list marks (`* myContacts`) and quotes. */
export const splitTags = (cell: string): string[] =>
  splitList(cell.replace(/^["'“”]+|["'“”]+$/g, ''))
    .map((tag) => tag.replace(/^[\s*"'“”•-]+|["'“”\s]+$/g, ''))
    .filter((tag) => tag !== '')

/** Returns the first of several values that Google joins with ` ::: `. */
export const firstOfJoined = (cell: string): string =>
  cell.includes(':::') ? (cell.split(':::')[0] ?? '').trim() : cell
