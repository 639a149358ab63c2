import { unescapeFormula } from '../../csv-text.ts'

/**
 * Undoes what spreadsheets do to a cell, as far as that is possible: `="01067"`, `'01067`, `#REF!`, `4915123456789.0`,
 * `4,915123456789E+12`.
 */

/** What a formula leaves that failed: `#REF!`, `#N/A`, and the words of other languages. */
const ERROR_VALUE = /^#(?:[¡¿]?[\p{Lu}\d/_]{2,20}[!?]|N\/[AVD]|NV|NB|NA|N\/D|ND|CALC!|SPILL!)$/u
const FORMULA_TEXT = /^="((?:[^"]|"")*)"$/s
/** An apostrophe by which a spreadsheet keeps a number as text. */
const TEXT_MARK = /^'(?=[\d+(])[^']*$/
const EXPONENT = /^([+-]?\d)(?:[.,](\d+))?E\+?(\d{1,2})$/i

export const isErrorValue = (text: string): boolean => text.startsWith('#') && ERROR_VALUE.test(text)

/** Returns the text of a cell as it was before a spreadsheet rewrote it; empty where the cell has an error value. */
export function repairCell(cell: string): string {
  const code = cell.charCodeAt(0)
  // Most cells begin with a letter or digit. The others may be an escape: `'`, `=`, `#`, or a space before one.
  if ((code >= 48 && code <= 57) || (code >= 64 && code <= 0x9f)) return cell
  const text = cell.trim()
  if (text.startsWith('=')) return FORMULA_TEXT.exec(text)?.[1]?.replaceAll('""', '"') ?? cell
  if (text.startsWith('#')) return ERROR_VALUE.test(text) ? '' : cell
  if (text.startsWith("'")) return TEXT_MARK.test(text) ? text.slice(1) : unescapeFormula(text)
  return cell
}

/**
 * Returns a number that a spreadsheet has reformatted as its digits, other texts as they are, and null where an exponent
 * has lost digits: `4,91512E+12` has 6 of 13.
 */
export function repairNumber(text: string): string | null {
  if (/^[+-]?\d+[.,]0+$/.test(text)) return text.replace(/[.,]0+$/, '')
  const exponent = EXPONENT.exec(text)
  if (exponent === null) return text
  const [, first = '', rest = '', power = '0'] = exponent
  if (rest.length < Number(power)) return null
  return first + rest.slice(0, Number(power))
}

/**
 * True where a spreadsheet made one text of the other: the digits are the same without leading zeros and plus, or an
 * exponent shows the first of them, or an error value replaces it.
 */
export function isSpreadsheetFormOf(written: string, original: string): boolean {
  const text = written.trim()
  if (ERROR_VALUE.test(text)) return true
  const digits = original.replace(/[\s()+/.-]/g, '').replace(/^0+/, '')
  if (digits === '' || !/^\d+$/.test(digits)) return false
  const exponent = EXPONENT.exec(text)
  if (exponent === null) {
    const same = (repairNumber(text.replace(/^'/, '')) ?? '').replace(/^[+0]+/, '')
    return same === digits && !/\s/.test(text)
  }
  const [, first = '', rest = '', power = '0'] = exponent
  if (digits.length !== Number(power) + 1) return false
  // Rounded: 491715550123 is shown as 4,91716E+11.
  const shown = Number(`${first}.${rest || '0'}`)
  const exact = Number(`${digits[0]}.${digits.slice(1)}`)
  return Math.abs(shown - exact) <= 0.5000001 * 10 ** -rest.length
}
