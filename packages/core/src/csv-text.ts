import { stringifyJson } from './stringify-json.ts'

/**
 * Values as text in the cells of a CSV file, and back: what is exported and imported again is the same value.
 * Lists are written `a; b` for people, as JSON where an element holds a semicolon.
 */

/** What spreadsheets take for a formula when it begins a cell, also behind apostrophes of an earlier escape. */
const FORMULA = /^'*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]/
/** Numbers and phone numbers: without letters nothing can be called, linked to or looked up. */
const NUMBER = /^[+-][\d\s().,/-]*$/

/**
 * Keeps a spreadsheet from running a scraped text as a formula: an apostrophe goes before it. One more goes before a
 * text that has apostrophes of its own there, so that {@link unescapeFormula} gives back exactly what went in.
 */
export function escapeFormula(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
}

export function unescapeFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text
}

/** A value of a column as the text of a cell, before quoting. */
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

/** The texts of a list cell, written `a; b` or as JSON. */
export function parseListCell(cell: string): string[] {
  const text = unescapeFormula(cell)
  if (text.startsWith('[')) {
    try {
      const values: unknown = JSON.parse(text)
      if (Array.isArray(values)) return values.filter((value): value is string => typeof value === 'string')
    } catch {
      // No JSON: a text that begins with a bracket.
    }
  }
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

const QUOTED = /[",\r\n]|^\s|\s$/

/** A record as a line of RFC 4180 CSV: comma, double quotes where needed, CRLF. */
export function formatCsvLine(values: readonly unknown[]): string {
  let line = ''
  for (let index = 0; index < values.length; index += 1) {
    const text = formatCell(values[index])
    if (index > 0) line += ','
    line += QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return `${line}\r\n`
}
