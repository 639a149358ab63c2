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
 * The same within a cell: a spreadsheet that separates columns by another character than the file does begins a cell
 * there. `x;=1+1` in a file with commas is two cells for Excel in Germany.
 */
const INNER_FORMULA = /([;,\t\r\n])('*)([=+\-@|%\uff1d\uff0b\uff0d\uff20])(?:(?<=[+-])([\d\s()./-]*)(?=[;,\t\r\n]|$))?/g
const INNER_ESCAPED = /([;,\t\r\n])'('*[=+\-@|%\uff1d\uff0b\uff0d\uff20])/g

/**
 * Prefixes an apostrophe so that a spreadsheet does not run a text as a formula, whether it separates columns by comma or
 * semicolon. A text that has apostrophes there gets another one: {@link unescapeFormula} returns exactly the input.
 */
export function escapeFormula(text: string): string {
  if (NUMBER.test(text)) return text
  const inner = text.replace(
    INNER_FORMULA,
    (found: string, separator: string, apostrophes: string, _sign: string, digits: string | undefined) =>
      digits !== undefined && apostrophes === '' ? found : `${separator}'${found.slice(1)}`,
  )
  return FORMULA.test(text) ? `'${inner}` : inner
}

export function unescapeFormula(text: string): string {
  if (!text.includes("'")) return text
  const whole = text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
  return whole.replace(INNER_ESCAPED, '$1$2')
}

/** Formats a value as the text of a cell, before quoting. */
export function formatCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return escapeFormula(value)
  if (Array.isArray(value)) return escapeFormula(formatListCell(value))
  if (typeof value === 'object') return escapeJsonFormulas(stringifyJson(value))
  return String(value)
}

const JSON_STRING = /"(?:[^"\\]|\\.)*"/g
const INNER_FORMULA_START = /([;,]'*)([=+\-@|%\uff1d\uff0b\uff0d\uff20])/g

/** Writes what begins a formula within a text as an escape sequence, which JSON reads as the same text. */
const escapeJsonFormulas = (json: string): string =>
  json.replaceAll(JSON_STRING, (text) =>
    text.replaceAll(
      INNER_FORMULA_START,
      (_, before: string, sign: string) => `${before}\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  )

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

/** By which Excel recognizes UTF-8. */
export const BYTE_ORDER_MARK = '\ufeff'

export type CsvDelimiter = ',' | ';' | '\t'

const quotedCells: Readonly<Record<CsvDelimiter, RegExp>> = {
  ',': /[",\r\n]|^\s|\s$/,
  ';': /[";\r\n]|^\s|\s$/,
  '\t': /["\t\r\n]|^\s|\s$/,
}

/** Formats a record as a line of RFC 4180 CSV: comma, double quotes where needed, CRLF. */
export function formatCsvLine(values: readonly unknown[], delimiter: CsvDelimiter = ','): string {
  const quoted = quotedCells[delimiter]
  let line = ''
  for (let index = 0; index < values.length; index += 1) {
    const text = formatCell(values[index])
    if (index > 0) line += delimiter
    line += quoted.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${line}\r\n`
}
