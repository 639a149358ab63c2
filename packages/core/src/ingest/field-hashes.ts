import type { LeadStatus } from '../model/lead.ts'
import type { MappedLead } from '../model/mapped-item.ts'

/**
 * Which columns an import may change after the first time, in the order of their hashes (append only: stored rows
 * hold hashes in this order). `company_key` stands for company_id, whose number differs between databases.
 */
export const hashedColumns = [
  'full_name',
  'first_name',
  'last_name',
  'title',
  'email',
  'email_verified',
  'phone',
  'phone_verified',
  'additional_emails',
  'additional_phones',
  'company_name',
  'company_domain',
  'country',
  'city',
  'state',
  'postal_code',
  'industry',
  'tags',
  'company_key',
] as const
/** What people note of a lead while they work on it: a list of a CRM has it, no Actor does. Hashed after the others. */
export const crmFields = ['lead_status', 'lead_score', 'notes'] as const
export type CrmField = (typeof crmFields)[number]

export const mergedColumns = [...hashedColumns, ...crmFields] as const
export type MergedColumn = (typeof mergedColumns)[number]

/** null = the file does not say. */
export interface CrmFields {
  lead_status: LeadStatus | null
  lead_score: number | null
  notes: string | null
}

/** What an import says of a lead: the mapped columns, the key of its company, and, of a file, how people got on. */
export type ImportedLead = Omit<MappedLead, 'external_id'> & { company_key: string | null } & Partial<CrmFields>

export type FieldValue = string | number | boolean | readonly string[] | null

/** What a lead has where nobody has said anything: an import may replace it, as it may fill an empty field. */
export const columnDefaults: Partial<Record<MergedColumn, string>> = { lead_status: 'new' }

/** Written for a field that the import left empty; no hash holds it. */
const EMPTY = '-'
const HASH_LENGTH = 6

/** A text by which two values of a field are the same; empty for null, false and []. */
export function toComparableText(value: FieldValue): string {
  if (value === null || value === false) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  return value === true ? '1' : value.join('\u001f')
}

/**
 * Six base-36 characters (31 bits) of a text. Fast rather than cryptographic: nobody gains by a collision, and one
 * would need a person to type a value whose hash equals that of the very value they replaced (1 in 2 billion).
 */
function hash(text: string): string {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  return ((high >>> 0) % 2_176_782_336).toString(36).padStart(HASH_LENGTH, '0')
}

function hashOf(value: FieldValue): string {
  const text = toComparableText(value)
  return text === '' ? EMPTY : hash(text)
}

/**
 * The hashes of all fields as stored in `import_hashes`: at most 22 × 6 characters, `-` for an empty field. Those of the
 * work fields are left out where all three are empty, as they are in every item of an Actor.
 */
export function hashColumns(importable: ImportedLead): string {
  let hashes = ''
  for (const field of hashedColumns) hashes += hashOf(importable[field])
  if (crmFields.every((field) => (importable[field] ?? null) === null)) return hashes
  for (const field of crmFields) hashes += hashOf(importable[field] ?? null)
  return hashes
}

/** Reads stored hashes field by field; a field appended to the list since then reads as empty. */
function splitHashes(stored: string): string[] {
  const hashes: string[] = []
  let at = 0
  while (at < stored.length) {
    const length = stored[at] === EMPTY ? 1 : HASH_LENGTH
    hashes.push(stored.slice(at, at + length))
    at += length
  }
  while (hashes.length < mergedColumns.length) hashes.push(EMPTY)
  return hashes
}

export interface FieldHashes {
  /** The field still holds what the last import brought (nothing counts, too). */
  isUntouched(field: MergedColumn, value: FieldValue): boolean
  /** Notes what this import brought. */
  set(field: MergedColumn, value: FieldValue): void
  toString(): string
}

/** The stored hashes of a lead, to compare its fields with and to note new ones in. */
export function readFieldHashes(stored: string | null): FieldHashes {
  const hashes = splitHashes(stored ?? '')
  return {
    isUntouched(field, value) {
      const hash = hashes[mergedColumns.indexOf(field)]
      return hash === hashOf(value) || (hash === EMPTY && value === columnDefaults[field])
    },
    set(field, value) {
      hashes[mergedColumns.indexOf(field)] = hashOf(value)
    },
    toString() {
      const isWorked = hashes.slice(hashedColumns.length).some((hash) => hash !== EMPTY)
      return (isWorked ? hashes : hashes.slice(0, hashedColumns.length)).join('')
    },
  }
}
