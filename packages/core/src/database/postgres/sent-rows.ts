import type { SentRows } from '../sent-rows.ts'
import { createWriter, decodeText, type SentColumn, type WriteValue } from './json-values.ts'
import { findJoinedShape, type JoinedRows } from './rows.ts'

/** Columns of the prepared statements of which the driver has been left the first one. */
const allColumns = new WeakMap<object, readonly SentColumn[]>()

/** Bytes of a row's message in front of its values: `D`, four of its length, two of the count of columns. */
const HEAD_BYTES = 7
const LENGTH_BYTES = 4
const DATA_ROW = 0x44

/** The answer of a query of which the driver has been asked for bytes. */
export interface RawAnswer extends ArrayLike<readonly (Buffer | null)[]> {
  readonly statement: object
}

/**
 * Returns the rows as the server sent them: decoding the 3,000 values of a page of leads, to write them as JSON again, takes
 * longer than the server takes to find them.
 *
 * postgres.js can return a value as a Buffer, which lies on the message of the whole row. So it is left the first column
 * alone, and the other values are read from the message behind it.
 */
export function toSentRows(answer: RawAnswer): SentRows {
  const { columns, firsts } = readFirstValues(answer)
  const isNull = firsts.length === 1 && firsts[0] === null
  return new PostgresRows({ columns, messages: isNull ? [] : toMessages(firsts, columns), isNull })
}

/** The same for two queries that were sent as one: the result of the second is its {@link SentRows}. */
export function toJoinedSentRows(answer: RawAnswer): JoinedRows | undefined {
  const { columns, firsts } = readFirstValues(answer)
  const messages = toMessages(firsts, columns)
  const [message] = messages
  if (!message) return undefined
  const { toFirst, between } = findJoinedShape(columns)
  const values = readValues(message, columns, between + 1)
  const isMissing = values[between] === null
  const second = new PostgresRows({ columns, messages: isMissing ? [] : messages, columns_before: between + 1 })
  return { first: toFirst(values), second: [second] }
}

function readFirstValues(answer: RawAnswer) {
  const statement = answer.statement as { columns: readonly SentColumn[] }
  let columns = allColumns.get(statement)
  if (!columns) {
    columns = statement.columns
    allColumns.set(statement, columns)
    statement.columns = columns.slice(0, 1)
  }
  const firsts: (Buffer | null)[] = []
  // The answer is an array with properties of its own, over which built-in loops are slow.
  for (let row = 0; row < answer.length; row += 1) firsts.push(answer[row]?.[0] ?? null)
  return { columns, firsts }
}

const toMessages = (firsts: readonly (Buffer | null)[], columns: readonly SentColumn[]): Buffer[] =>
  firsts.map((first) => toMessage(first, columns.length))

/** The first values of a row, decoded. */
function readValues(message: Buffer, columns: readonly SentColumn[], count: number): unknown[] {
  const values: unknown[] = []
  let at = HEAD_BYTES
  for (let index = 0; index < count; index += 1) {
    const length = message.readInt32BE(at)
    const from = at + LENGTH_BYTES
    at = from + Math.max(0, length)
    values.push(decodeText(columns[index] as SentColumn, length < 0 ? null : message.toString('utf8', from, at)))
  }
  return values
}

interface SentMessages {
  columns: readonly SentColumn[]
  messages: readonly Buffer[]
  isNull?: boolean
  /** Columns in front of its own. */
  columns_before?: number
}

class PostgresRows implements SentRows {
  readonly length: number
  readonly bytes: number
  readonly isNull: boolean
  /** Also those in front of its own. */
  readonly #columns: readonly SentColumn[]
  readonly #messages: readonly Buffer[]
  readonly #columns_before: number

  constructor({ columns, messages, isNull = false, columns_before = 0 }: SentMessages) {
    this.isNull = isNull
    this.#columns = columns
    this.#messages = messages
    this.#columns_before = columns_before
    this.length = messages.length
    this.bytes = messages.reduce((sum, { length }) => sum + length, 0)
  }

  read(row: number, name: string): unknown {
    const message = this.#messages[row]
    const index = findLayout(this.#columns, this.#columns_before).positions.get(name) ?? -1
    const column = this.#columns[index]
    if (!message || !column) throw new RangeError(`Row ${row} has no column ${name}.`)
    const at = skipValues(message, index)
    const length = message.readInt32BE(at)
    const from = at + LENGTH_BYTES
    return decodeText(column, length < 0 ? null : message.toString('utf8', from, from + length))
  }

  toJson(rows_count: number, columns_count: number): string {
    const layout = findLayout(this.#columns, this.#columns_before).columns.slice(0, columns_count)
    const messages = this.#messages.slice(0, rows_count)
    const { out, view } = takeScratch(messages, layout)
    let end = 0
    for (const message of messages) {
      out[end] = end === 0 ? 0x5b : 0x2c
      end = writeRow({ message, at: skipValues(message, this.#columns_before), layout, out, view, end: end + 1 })
    }
    if (end === 0) return '[]'
    out[end] = 0x5d
    return out.toString('utf8', 0, end + 1)
  }
}

/** Where the value behind so many others begins, with its length. */
function skipValues(message: Buffer, count: number): number {
  let at = HEAD_BYTES
  for (let index = 0; index < count; index += 1) at += LENGTH_BYTES + Math.max(0, message.readInt32BE(at))
  return at
}

/** Bytes in groups of four, the last of which may have zeros at its end: four bytes are written as fast as one. */
interface Words {
  length: number
  words: Int32Array
}

interface ColumnLayout {
  key: Words
  keyAndNull: Words
  write: WriteValue
}

interface RowLayout {
  columns: readonly ColumnLayout[]
  /** Of the columns, by name. */
  positions: ReadonlyMap<string, number>
}

/** By the columns of a prepared statement, which the driver keeps. */
const layouts = new WeakMap<object, RowLayout>()

function findLayout(columns: readonly SentColumn[], columns_before: number): RowLayout {
  const known = layouts.get(columns)
  if (known) return known
  const own = columns.slice(columns_before)
  const layout = {
    columns: own.map(toColumnLayout),
    positions: new Map(own.map(({ name }, index) => [name, columns_before + index])),
  }
  layouts.set(columns, layout)
  return layout
}

function toColumnLayout(column: SentColumn, index: number): ColumnLayout {
  const key = `${index === 0 ? '{' : ','}${JSON.stringify(column.name)}:`
  const keyAndNull = toWords(key + JSON.stringify(decodeText(column, null)))
  return { key: toWords(key), keyAndNull, write: createWriter(column) }
}

function toWords(text: string): Words {
  const bytes = Buffer.from(text)
  const padded = Buffer.concat([bytes, Buffer.alloc(3)])
  const words = Int32Array.from({ length: Math.ceil(bytes.length / 4) }, (_, index) => padded.readInt32LE(index * 4))
  return { length: bytes.length, words }
}

/** Returns the new end. What follows is written over the zeros. */
function putWords(view: DataView, end: number, { length, words }: Words): number {
  for (let index = 0; index < words.length; index += 1) view.setInt32(end + index * 4, words[index] as number, true)
  return end + length
}

interface RowTarget {
  message: Buffer
  /** Where the first value begins. */
  at: number
  layout: readonly ColumnLayout[]
  out: Buffer
  view: DataView
  end: number
}

/** Returns the new end. */
function writeRow({ message, at: first, layout, out, view, end: start }: RowTarget): number {
  let end = start
  let at = first
  for (const { key, keyAndNull, write } of layout) {
    const length = message.readInt32BE(at)
    at += LENGTH_BYTES
    if (length < 0) end = putWords(view, end, keyAndNull)
    else {
      end = write(out, putWords(view, end, key), message, at, length)
      at += length
    }
  }
  out[end] = 0x7d
  return end + 1
}

/** The message that the first value of its row lies on. @throws Error if it does not: another version of the driver */
function toMessage(first: Buffer | null, columns_count: number): Buffer {
  if (!first) throw new Error('The first column of a row is null.')
  const start = first.byteOffset - LENGTH_BYTES - HEAD_BYTES
  const head = start < 0 ? null : Buffer.from(first.buffer, start, HEAD_BYTES)
  if (head?.[0] !== DATA_ROW || head.readUInt16BE(HEAD_BYTES - 2) !== columns_count)
    throw new Error('The driver no longer gives values of a row as parts of its message.')
  return Buffer.from(first.buffer, start, head.readInt32BE(1) + 1)
}

/** The most bytes of JSON that a byte becomes: an escape such as `\u0007`. */
const ESCAPE_BYTES = 6
/** Kept between calls, each of which ends before the next one begins. */
const SCRATCH_BYTES_KEPT = 1_000_000
let scratch = toScratch(Buffer.alloc(0))

interface Scratch {
  out: Buffer
  /** Of the same bytes. */
  view: DataView
}

function toScratch(out: Buffer): Scratch {
  return { out, view: new DataView(out.buffer, out.byteOffset, out.length) }
}

/** Returns a buffer with room for the rows, whatever has to be escaped. */
function takeScratch(messages: readonly Buffer[], layout: readonly ColumnLayout[]): Scratch {
  const key_bytes = layout.reduce((sum, { keyAndNull }) => sum + keyAndNull.length, 0)
  const value_bytes = messages.reduce((sum, { length }) => sum + length, 0)
  const needed = messages.length * (key_bytes + 3) + value_bytes * ESCAPE_BYTES + 8
  if (needed <= scratch.out.length) return scratch
  const made = toScratch(Buffer.allocUnsafe(needed))
  if (needed <= SCRATCH_BYTES_KEPT) scratch = made
  return made
}
