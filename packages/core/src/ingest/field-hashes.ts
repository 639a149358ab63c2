import {
  type CrmField,
  columnDefaults,
  crmFields,
  type LeadValue,
  type MergedColumn,
  mergedColumns,
} from '../model/lead-columns.ts'
import type { MappedLead } from '../model/mapped-item.ts'

/** CRM fields of a lead; null where the file has no value. */
export type CrmFields = { [Field in CrmField]: LeadValue<Field> | null }

/** What an import says of a lead: the mapped columns, the key of its company, and, of a file, how people got on. */
export type ImportedLead = Omit<MappedLead, 'external_id'> & { company_key: string | null } & Partial<CrmFields>

export type FieldValue = string | number | boolean | readonly string[] | null

/** The hash of an empty value; no other hash contains this character. */
export const EMPTY_HASH = '-'
const HASH_LENGTH = 6

/** Returns a text that is equal for equal values of a field; empty for null, false and []. */
export function toComparableText(value: FieldValue): string {
  if (value === null || value === false) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value === true ? '1' : value.join('\u001f')
}

/**
 * Six base-36 characters (31 bits) of a text. Fast rather than cryptographic: no one gains from a collision, and one
 * would need a person to type a value whose hash equals that of the very value they replaced (1 in 2 billion).
 */
const hash = (text: string): string => toHashNumber(text).toString(36).padStart(HASH_LENGTH, '0')

function toHashNumber(text: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  return (high >>> 0) % 2_176_782_336
}

/** The hash of a value as stored in `import_hashes`. */
export function hashOf(value: FieldValue): string {
  const text = toComparableText(value)
  return text === '' ? EMPTY_HASH : hash(text)
}

/**
 * How many hashes are stored: those of all Actors' columns, up to the CRM fields where one of them has a value, and of
 * columns added later up to the last one with a value. A row that was written before a column existed then reads as one
 * whose import left the column empty.
 */
const ACTOR_COLUMNS = mergedColumns.findIndex((column) => isCrmField(column))
const CRM_COLUMNS_END = ACTOR_COLUMNS + crmFields.length

export function joinHashes(hashes: readonly string[]): string {
  const used = hashes.findLastIndex((hash) => hash !== EMPTY_HASH) + 1
  const length = used <= ACTOR_COLUMNS ? ACTOR_COLUMNS : Math.max(used, CRM_COLUMNS_END)
  return hashes.slice(0, length).join('')
}

function isCrmField(column: MergedColumn): column is CrmField {
  return (crmFields as readonly string[]).includes(column)
}

const bytes = Buffer.alloc(mergedColumns.length * HASH_LENGTH)
const DIGITS = Uint8Array.from(Buffer.from('0123456789abcdefghijklmnopqrstuvwxyz'))
const EMPTY_BYTE = EMPTY_HASH.charCodeAt(0)

/**
 * The hashes of all merged columns as stored in `import_hashes`: 6 characters each, `-` for an empty value. Written as
 * bytes: a text for each column, to be joined, takes twice as long.
 */
export function hashColumns(importable: ImportedLead): string {
  let at = 0
  let end = 0
  let isLong = false
  for (let position = 0; position < mergedColumns.length; position += 1) {
    const text = toComparableText(importable[mergedColumns[position] as MergedColumn] ?? null)
    at = writeHash(text, at)
    // As `joinHashes` cuts them.
    if (position >= ACTOR_COLUMNS && text !== '') isLong = true
    const isKept = position < ACTOR_COLUMNS || (isLong && (text !== '' || position < CRM_COLUMNS_END))
    if (isKept) end = at
  }
  return bytes.toString('latin1', 0, end)
}

/** Writes the hash of a text and returns where it ends. */
function writeHash(text: string, at: number): number {
  if (text === '') {
    bytes[at] = EMPTY_BYTE
    return at + 1
  }
  const number = toHashNumber(text)
  // Each half is a small integer, which divides faster.
  writeDigits((number / 46_656) | 0, at)
  writeDigits((number % 46_656) | 0, at + 3)
  return at + HASH_LENGTH
}

function writeDigits(number: number, at: number): void {
  bytes[at + 2] = DIGITS[number % 36] as number
  const rest = (number / 36) | 0
  bytes[at + 1] = DIGITS[rest % 36] as number
  bytes[at] = DIGITS[(rest / 36) | 0] as number
}

/** Splits stored hashes by field. A field that was added later reads as empty. */
export function splitHashes(stored: string): string[] {
  const hashes: string[] = []
  let at = 0
  while (at < stored.length) {
    const length = stored[at] === EMPTY_HASH ? 1 : HASH_LENGTH
    hashes.push(stored.slice(at, at + length))
    at += length
  }
  while (hashes.length < mergedColumns.length) hashes.push(EMPTY_HASH)
  return hashes
}

export const hashPositions = Object.fromEntries(mergedColumns.map((column, position) => [column, position])) as Record<
  MergedColumn,
  number
>

/** Whether two stored texts have the same hashes at these positions. */
export function hasSameHashes(one: string, other: string, positions: readonly number[]): boolean {
  if (one === other) return true
  const [these, those] = [splitHashes(one), splitHashes(other)]
  return positions.every((position) => these[position] === those[position])
}

export interface FieldHashes {
  /** The field still has the last imported value, which can be empty. */
  isUntouched(field: MergedColumn, value: FieldValue): boolean
  /** Sets the hash of the newly imported value. */
  set(field: MergedColumn, value: FieldValue): void
  toString(): string
}

/** Reads the stored hashes of a lead, for comparing its fields and setting new ones. */
export function readFieldHashes(stored: string | null): FieldHashes {
  const hashes = splitHashes(stored ?? '')
  return {
    isUntouched(field, value) {
      const hash = hashes[hashPositions[field]]
      return hash === hashOf(value) || (hash === EMPTY_HASH && value === columnDefaults[field])
    },
    set(field, value) {
      hashes[hashPositions[field]] = hashOf(value)
    },
    toString() {
      return joinHashes(hashes)
    },
  }
}
