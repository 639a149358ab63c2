import type { LeadStatus } from '../model/lead.ts'
import type { MappedLead } from '../model/mapped-item.ts'

/**
 * Which columns an import may change after the first time, in the order of their hashes (append only: stored rows
 * hold hashes in this order). `company_key` stands for company_id, whose number differs between databases.
 */
export const mergeableFields = [
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
export const workFields = ['lead_status', 'lead_score', 'notes'] as const
export type WorkField = (typeof workFields)[number]

export const mergedFields = [...mergeableFields, ...workFields] as const
export type MergeableField = (typeof mergedFields)[number]

/** null = the file does not say. */
export interface Work {
  lead_status: LeadStatus | null
  lead_score: number | null
  notes: string | null
}

/** What an import says of a lead: the mapped columns, the key of its company, and, of a file, how people got on. */
export type Importable = Omit<MappedLead, 'external_id'> & { company_key: string | null } & Partial<Work>

export type FieldValue = string | number | boolean | readonly string[] | null

/** What a lead has where nobody has said anything: an import may replace it, as it may fill an empty field. */
export const fieldDefaults: Partial<Record<MergeableField, string>> = { lead_status: 'new' }

/** Written for a field that the import left empty; no hash holds it. */
const EMPTY = '-'
const HASH_LENGTH = 6

/** A text by which two values of a field are the same; empty for null, false and []. */
export function canonical(value: FieldValue): string {
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
  const text = canonical(value)
  return text === '' ? EMPTY : hash(text)
}

/**
 * The hashes of all fields as stored in `import_hashes`: at most 22 × 6 characters, `-` for an empty field. Those of the
 * work fields are left out where all three are empty, as they are in every item of an Actor.
 */
export function importHashes(importable: Importable): string {
  let hashes = ''
  for (const field of mergeableFields) hashes += hashOf(importable[field])
  if (workFields.every((field) => (importable[field] ?? null) === null)) return hashes
  for (const field of workFields) hashes += hashOf(importable[field] ?? null)
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
  while (hashes.length < mergedFields.length) hashes.push(EMPTY)
  return hashes
}

export interface ImportedFields {
  /** The field still holds what the last import brought (nothing counts, too). */
  isUntouched(field: MergeableField, value: FieldValue): boolean
  /** Notes what this import brought. */
  bring(field: MergeableField, value: FieldValue): void
  toString(): string
}

/** The stored hashes of a lead, to compare its fields with and to note new ones in. */
export function importedFields(stored: string | null): ImportedFields {
  const hashes = splitHashes(stored ?? '')
  return {
    isUntouched(field, value) {
      const hash = hashes[mergedFields.indexOf(field)]
      return hash === hashOf(value) || (hash === EMPTY && value === fieldDefaults[field])
    },
    bring(field, value) {
      hashes[mergedFields.indexOf(field)] = hashOf(value)
    },
    toString() {
      const isWorked = hashes.slice(mergeableFields.length).some((hash) => hash !== EMPTY)
      return (isWorked ? hashes : hashes.slice(0, mergeableFields.length)).join('')
    },
  }
}
