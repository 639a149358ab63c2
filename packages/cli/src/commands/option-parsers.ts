import { SOURCE_NAME } from '@leads/core/ingest/source-key'
import { InvalidArgumentError } from 'commander'

/** Parsers of arguments and option values. Each throws an {@link InvalidArgumentError} that shows a valid value. */

const ROWS_MAX = 500
const ID_MAX = 2_147_483_647
const PORT_MAX = 65_535
const LOOKBACK_HOURS_MAX = 24 * 365
const NAME_CHARACTERS_MAX = 255

export function parseLimit(text: string): number {
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > ROWS_MAX)
    throw new InvalidArgumentError(`Give a number from 1 to ${ROWS_MAX}.`)
  return limit
}

export function parseLineNumber(text: string): number {
  const line = Number(text)
  if (!Number.isInteger(line) || line < 1 || line > 1000)
    throw new InvalidArgumentError('Give the number of a line, from 1 to 1000.')
  return line
}

export function parseId(text: string): number {
  const id = Number(text)
  if (!Number.isInteger(id) || id < 1 || id > ID_MAX) throw new InvalidArgumentError('Give a number such as 7.')
  return id
}

export function parseCertainty(text: string): number {
  const certainty = Number(text)
  if (text.trim() === '' || !(certainty >= 0 && certainty <= 1))
    throw new InvalidArgumentError('Give a number from 0 to 1, such as 0.9.')
  return certainty
}

export const parseIds = (text: string, previous: number[] | undefined): number[] => [...(previous ?? []), parseId(text)]

export function parsePort(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX || text.trim() === '')
    throw new InvalidArgumentError('Give a port such as 8080.')
  return port
}

export function parseDate(text: string): Date {
  const date = new Date(text)
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0]
  // The last check rejects days that do not exist, such as 2026-02-31, which Date would read as a day in March.
  if (Number.isNaN(date.getTime()) || day === undefined || !new Date(day).toISOString().startsWith(day))
    throw new InvalidArgumentError('Give a date such as 2026-01-31.')
  return date
}

export function parseDays(text: string): number {
  const days = /^(\d{1,5})d?$/.exec(text)?.[1]
  if (days === undefined) throw new InvalidArgumentError('Give a number of days such as 90d.')
  return Number(days)
}

export function parseHours(text: string): number {
  const hours = Number(text)
  if (!Number.isFinite(hours) || hours <= 0 || hours > LOOKBACK_HOURS_MAX)
    throw new InvalidArgumentError('Give a number of hours such as 72.')
  return hours
}

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Returns the seconds of `90d`, `12h`, `30m` or `10s`. */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (count === undefined) throw new InvalidArgumentError('Give a time such as 30m, 12h or 90d.')
  return Number(count) * (secondsPerUnit[unit] ?? 1)
}

export function parseExpiry(text: string): Date {
  const time = /^\d{1,6}[smhd]$/.test(text) ? new Date(Date.now() + parseDuration(text) * 1000) : new Date(text)
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('Give a time such as 90d or a date such as 2027-01-31.')
  if (time.getTime() <= Date.now()) throw new InvalidArgumentError('Give a time in the future.')
  return time
}

export function parseKeyName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > NAME_CHARACTERS_MAX)
    throw new InvalidArgumentError('Give a name such as "crm sync".')
  return name
}

const delimiterNames: Readonly<Record<string, string>> = {
  tab: '\t',
  '\\t': '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
}

export function parseDelimiter(text: string): string {
  const delimiter = delimiterNames[text] ?? text
  if (delimiter.length !== 1 || /["\r\n]/.test(delimiter)) throw new InvalidArgumentError('Give one character, or tab.')
  return delimiter
}

export function parseQuote(text: string): string {
  if (text === 'none') return ''
  if (text.length !== 1) throw new InvalidArgumentError('Give one character, or none.')
  return text
}

export function parseSource(text: string): string {
  if (!SOURCE_NAME.test(text))
    throw new InvalidArgumentError('Give a name of at most 60 letters, digits, dots, dashes and underscores.')
  return text
}

/** Adds `column of the file=lead column`; without a lead column the column of the file is not read. */
export function parseColumnOverride(
  text: string,
  previous: Record<string, string | null>,
): Record<string, string | null> {
  const separator = text.lastIndexOf('=')
  if (separator < 1) throw new InvalidArgumentError('Write it as "column of the file=lead column".')
  const column = text.slice(separator + 1).trim()
  return { ...previous, [text.slice(0, separator).trim()]: column === '' ? null : column }
}

/** Adds `column=value`; the last value of a column wins. */
export function parseAssignment(text: string, previous: Record<string, string>): Record<string, string> {
  const [column, value] = splitAssignment(text)
  return { ...previous, [column]: value }
}

/** Adds `column=value`; the values of a column are collected. */
export function parseFilter(text: string, previous: Record<string, string[]>): Record<string, string[]> {
  const [column, value] = splitAssignment(text)
  return { ...previous, [column]: [...(previous[column] ?? []), value] }
}

function splitAssignment(text: string): [column: string, value: string] {
  const separator = text.indexOf('=')
  if (separator < 1) throw new InvalidArgumentError('Write it as column=value.')
  return [text.slice(0, separator).trim(), text.slice(separator + 1)]
}
