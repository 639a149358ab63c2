import { stringifyJson } from './stringify-json.ts'

/**
 * Converts values to CSV cells and back without loss. Lists are written `a; b`, or as JSON if an element contains a
 * semicolon.
 */

/** Beginnings of a cell that spreadsheets read as a formula, also after apostrophes of an earlier escape. */
const FORMULA = /^'*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]/
/** Numbers and phone numbers. A formula without letters cannot call, link or look up anything. */
const NUMBER = /^[+-][\d\s().,/-]*$/

/**
 * Prefixes an apostrophe so that a spreadsheet does not run a text as a formula. A text that already begins with
 * apostrophes gets another one: {@link unescapeFormula} returns exactly the input.
 */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
}

export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
}

/** Formats a value as the text of a cell, before quoting. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return escapeFormula(value)
  if (Array.isArray(value)) return escapeFormula(formatListCell(value))
  if (typeof value === 'object') return stringifyJson(value)
  return String(value)
}

function formatListCell(values: readonly unknown[]): string {
  if (values.length === 0) return ''
  const isPlain = values.every(
    (value) => typeof value === 'string' && value !== '' && value === value.trim() && !/[;\n]/.test(value),
  )
  const text = values.join('; ')
  return isPlain && !text.startsWith('[') ? text : JSON.stringify(values)
}

/** Returns the elements of a list cell, written `a; b` or as JSON. */
export function parseListCell(cell: string): string[] {
  const text = unescapeFormula(cell)
  if (text.startsWith('[')) {
    try {
      const values: unknown = JSON.parse(text)
      if (Array.isArray(values)) return values.filter((value): value is string => typeof value === 'string')
    } catch {
      // Not JSON: a text that begins with a bracket.
    }
  }
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

const QUOTED = /[",\r\n]|^\s|\s$/

/** Formats a record as a line of RFC 4180 CSV: comma, double quotes where needed, CRLF. */
export function formatCsvLine(values: readonly unknown[]): string {
  let line = ''
  for (let index = 0; index < values.length; index += 1) {
    const text = formatCell(values[index])
    if (index > 0) line += ','
    line += QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${line}\r\n`
}
