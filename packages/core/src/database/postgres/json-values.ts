import { ITEM_COLUMN, stringifyJson } from '../../stringify-json.ts'
import { textListColumns } from '../value-codec.ts'

/** A column as the driver describes it. */
export interface SentColumn {
  readonly name: string
  /** Number of its type: see PostgreSQL's `pg_type.dat`. */
  readonly type: number
  /** Decodes a text; missing where the text is the value. */
  readonly parser?: ((text: string) => unknown) | undefined
}

/**
 * Writes a value as JSON into `out` at `end` and returns the new end. The value is a text of PostgreSQL, `length` bytes of
 * `message` from `from` on.
 */
export type WriteValue = (out: Buffer, end: number, message: Buffer, from: number, length: number) => number

/** A value as all queries return it; only of a scraped item the source is kept. */
export function decodeText({ name, type, parser }: SentColumn, text: string | null): unknown {
  if (type === 114 && name !== ITEM_COLUMN && text !== null && isContainer(text.trimStart().charCodeAt(0)))
    return JSON.parse(text)
  const value = text === null || !parser ? text : parser(text)
  return value === null && textListColumns.includes(name) ? [] : value
}

const isContainer = (byte: number | undefined): boolean => byte === BRACE || byte === BRACKET

/** Returns what writes the values of a column, just as `JSON.stringify` writes those of {@link decodeText}. */
export function createWriter(column: SentColumn): WriteValue {
  const decoded: WriteValue = (out, end, message, from, length) =>
    end + out.write(stringifyJson(decodeText(column, message.toString('utf8', from, from + length))), end)
  return createTypeWriter(column, decoded)
}

/** Integers of so many digits are exact numbers, which JSON spells as PostgreSQL does. */
const EXACT_DIGITS = 15

/** `decoded`: for values whose text is not JSON's. */
function createTypeWriter({ name, type }: SentColumn, decoded: WriteValue): WriteValue {
  switch (type) {
    case 114:
      if (name !== ITEM_COLUMN) return decoded
      return (out, end, message, from, length) =>
        (isOneLineItem(message, from, length) ? copyLong : decoded)(out, end, message, from, length)
    case 16:
      return writeBoolean
    case 20:
    case 21:
    case 23:
      return (out, end, message, from, length) =>
        (length <= EXACT_DIGITS ? copy : decoded)(out, end, message, from, length)
    case 25:
    case 1043:
      return writeText
    case 1184:
      return (out, end, message, from, length) =>
        (isUtc(message, from, length) ? writeTime : decoded)(out, end, message, from, length)
    case 3802:
      // `[]` and `{}`, as most are. PostgreSQL puts spaces into others.
      return (out, end, message, from, length) => (length === 2 ? copy : decoded)(out, end, message, from, length)
    default:
      return decoded
  }
}

function copy(out: Buffer, end: number, message: Buffer, from: number, length: number): number {
  for (let index = 0; index < length; index += 1) out[end + index] = message[from + index] as number
  return end + length
}

function copyLong(out: Buffer, end: number, message: Buffer, from: number, length: number): number {
  message.copy(out, end, from, from + length)
  return end + length
}

/** Whether a text of JSON is an object or a list without line breaks, which `stringifyJson` writes as it is. */
function isOneLineItem(message: Buffer, from: number, length: number): boolean {
  if (!isContainer(message[from])) return false
  for (let at = from; at < from + length; at += 1) if (message[at] === 0x0a || message[at] === 0x0d) return false
  return true
}

const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')

const writeBoolean: WriteValue = (out, end, message, from) =>
  message[from] === 0x74 ? copy(out, end, TRUE, 0, TRUE.length) : copy(out, end, FALSE, 0, FALSE.length)

const QUOTE = 0x22
const BRACE = 0x7b
const BRACKET = 0x5b
const BACKSLASH = 0x5c

/** What stands for a byte in a string of JSON; empty where it is the byte. UTF-8 has these in no longer character. */
const escapes: readonly Buffer[] = Array.from({ length: 256 }, (_, byte) =>
  Buffer.from(
    byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? JSON.stringify(String.fromCharCode(byte)).slice(1, -1) : '',
  ),
)
const isEscaped = Uint8Array.from(escapes, ({ length }) => length)

const writeText: WriteValue = (out, start, message, from, length) => {
  let end = start
  out[end++] = QUOTE
  for (let at = from; at < from + length; at += 1) {
    const byte = message[at] as number
    if ((byte > QUOTE && byte !== BACKSLASH) || isEscaped[byte] === 0) out[end++] = byte
    else {
      const escaped = escapes[byte] as Buffer
      end = copy(out, end, escaped, 0, escaped.length)
    }
  }
  out[end] = QUOTE
  return end + 1
}

/** Whether a time is written as `2026-03-02 07:38:32.674+00`, with up to six digits behind the point or without it. */
function isUtc(message: Buffer, from: number, length: number): boolean {
  const end = from + length
  return length >= 22 && message[end - 3] === 0x2b && message[end - 2] === 0x30 && message[end - 1] === 0x30
}

/** Three digits behind the point: the others are cut off. */
const writeTime: WriteValue = (out, start, message, from, length) => {
  out[start] = QUOTE
  copy(out, start + 1, message, from, 19)
  out[start + 11] = 0x54
  out[start + 20] = 0x2e
  for (let digit = 0; digit < 3; digit += 1)
    out[start + 21 + digit] = 20 + digit < length - 3 ? (message[from + 20 + digit] as number) : 0x30
  out[start + 24] = 0x5a
  out[start + 25] = QUOTE
  return start + 26
}
