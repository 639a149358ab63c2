import { columnDefaults, crmFields, leadColumns, leadingColumns, mergedColumns } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import type { MappedCompany, MappedLead, MappedSource } from '../model/mapped-item.ts'
import { type CrmFields, hashColumns, type ImportedLead, readFieldHashes, toComparableText } from './field-hashes.ts'
import { LeadHistory } from './lead-history.ts'
import type { MatchCounts } from './match-counts.ts'
import { mergeLead } from './merge-lead.ts'
import type { Provenance } from './provenance.ts'
import { toObservedAt, toSourceKey, toSourceRank } from './source-key.ts'
import type { ImportedColumns } from './statements/types.ts'

/** An item that was mapped to a lead. */
export interface IngestItem {
  lead: MappedLead
  company: MappedCompany | null
  source: MappedSource
  /** The item's own JSON text. */
  raw_data: string
  /** Identity by the id column of a file, which means something only among files of one source. */
  record_identity?: string | undefined
  /** The external id of the item in earlier versions. */
  former_external_id?: string | undefined
  /** Identities that the lead's columns do not state: its number at LinkedIn, pages on networks. */
  identities?: readonly string[] | undefined
  /** CRM fields of a file; Actors have none. */
  crm_fields?: CrmFields | undefined
}

/** An item as merging compares it. */
export interface PreparedItem {
  importable: ImportedLead
  import_hashes: string
}

const prepared = new WeakMap<IngestItem, PreparedItem>()

/** Cached per item: a sync prepares a page while the database writes the previous one. */
export function prepareItem(item: IngestItem): PreparedItem {
  const known = prepared.get(item)
  if (known) return known
  const importable = toImportable(item)
  const made = { importable, import_hashes: hashColumns(importable) }
  prepared.set(item, made)
  return made
}

/** Prepares an item whose hashes another thread has computed. */
export function adoptHashes(item: IngestItem, import_hashes: string): void {
  prepared.set(item, { importable: toImportable(item), import_hashes })
}

function toImportable({ lead, company, crm_fields }: IngestItem): ImportedLead {
  const { external_id: _, ...fields } = lead
  return { ...fields, company_key: company?.company_key ?? null, ...crm_fields }
}

/** A lead while the items of a call are applied: as found or new at first, then as each item leaves it. */
export interface LeadDraft {
  id: number | null
  /** The row as it was found; null for a new lead. */
  stored: ImportedColumns | null
  fields: ImportedLead
  company_id: number | null
  import_hashes: string | null
  /** Null: the stored item stays. */
  raw_data: string | null
  /** When the stored item was seen, in milliseconds. */
  observed_at: number
  /** Null for a new lead whose items all said the same. */
  history: LeadHistory | null
  /** Of the item that creates the lead; null for an existing lead. */
  source: MappedSource | null
  changes: ChangedFields[]
  /** Values of items that the lead did not take: newer ones were known, or a person wrote others. */
  kept: Pick<MatchCounts, 'kept_newer' | 'kept_edited'>
  isChanged: boolean
}

export function createDraft(item: IngestItem, company_ids: ReadonlyMap<string, number>, origin: Provenance): LeadDraft {
  const { importable, import_hashes } = prepareItem(item)
  return {
    id: null,
    stored: null,
    fields: importable,
    company_id: companyId(importable.company_key, company_ids),
    import_hashes,
    raw_data: item.raw_data,
    observed_at: toObservedAt(item, origin),
    history: null,
    source: item.source,
    changes: [],
    kept: { kept_newer: 0, kept_edited: 0 },
    isChanged: true,
  }
}

const companyId = (key: string | null, ids: ReadonlyMap<string, number>): number | null =>
  key === null ? null : (ids.get(key) ?? null)

/** Items of a new lead that say the same within this time are one observation: a run reads a page again after minutes. */
const SAME_OBSERVATION_MS = 60 * 60 * 1000

/** Merges what an item says that is new and not older than what the lead has. */
export function mergeItem(
  draft: LeadDraft,
  item: IngestItem,
  company_ids: ReadonlyMap<string, number>,
  origin: Provenance,
): void {
  const at = toObservedAt(item, origin)
  if (isSameObservation(draft, prepareItem(item).import_hashes, at)) return
  draft.history ??= beginHistory(draft, origin)
  const { importable, import_hashes } = completeName(draft, keepRowsBefore(draft, item, origin))
  const observed = {
    source_key: toSourceKey(origin) ?? draft.history.sourceAt(draft.observed_at) ?? origin.provider_name,
    at: toSourceKey(origin) === null ? draft.observed_at : at,
    import_batch_id: origin.import_batch_id,
    importable,
    import_hashes,
  }
  const news = draft.history.observe(observed, draft.fields, draft.import_hashes)
  const merge = mergeLead(draft.fields, draft.import_hashes, news as ImportedLead)
  countKept(draft, importable, merge.merged)
  if (merge.merged.company_key !== draft.fields.company_key)
    draft.company_id = companyId(merge.merged.company_key, company_ids)
  if (merge.import_hashes === draft.import_hashes && Object.keys(merge.changed_fields).length === 0) return
  draft.fields = merge.merged
  draft.import_hashes = merge.import_hashes
  if (observed.at >= draft.observed_at) {
    draft.raw_data = item.raw_data
    draft.observed_at = observed.at
  }
  draft.isChanged = true
  if (Object.keys(merge.changed_fields).length > 0) draft.changes.push(merge.changed_fields)
}

/**
 * Notes and tags of a file never replace those of a row before them: they are added. Those that the lead already has say
 * nothing. An edited export states them as they are to be.
 */
function keepRowsBefore(draft: LeadDraft, item: IngestItem, { import_batch_id }: Provenance): PreparedItem {
  const said = prepareItem(item)
  if (import_batch_id === null || item.source.metadata.mapping === 'export') return said
  const isSameFile = draft.history?.hasBatch(import_batch_id) === true
  const notes = addNotes(said.importable.notes, draft.fields.notes, isSameFile)
  const tags = addTags(said.importable.tags, draft.fields.tags, isSameFile)
  if (notes === said.importable.notes && tags === said.importable.tags) return said
  const importable = { ...said.importable, ...(notes !== undefined && { notes }), tags }
  return { importable, import_hashes: hashColumns(importable) }
}

type Notes = ImportedLead['notes']

function addNotes(notes: Notes, known: Notes, isSameFile: boolean): Notes {
  if (!notes || !known || notes === known) return notes
  if (`\n${known}\n`.includes(`\n${notes.trim()}\n`)) return null
  return isSameFile ? `${known}\n${notes}` : notes
}

function addTags(tags: readonly string[], known: readonly string[], isSameFile: boolean): string[] {
  const own = tags as string[]
  if (own.length === 0 || known.length === 0) return own
  const isKnown = own.every((tag) => known.includes(tag))
  if (isKnown) return own.length === known.length ? own : []
  return isSameFile ? [...new Set([...known, ...own])].slice(0, leadColumns.tags.entries_max) : own
}

/**
 * An item with one part of a name gives no full name: `{lastName: "Dole"}` makes "Ann Bee" Ann Dole, not Dole. The full
 * name of an item counts only if the item says more than the part.
 */
function completeName({ fields }: LeadDraft, said: PreparedItem): PreparedItem {
  const { first_name, last_name, full_name } = said.importable
  if (!full_name || (first_name ?? last_name) !== full_name || (first_name && last_name)) return said
  const parts = [first_name ?? fields.first_name, last_name ?? fields.last_name]
  const composed = parts.join(' ')
  // A single name that the lead has as a whole ("Cher") has no other part.
  if (!parts[0] || !parts[1] || fields.full_name === full_name || composed.length > leadColumns.full_name.length_max)
    return said
  const importable = { ...said.importable, full_name: composed }
  return { importable, import_hashes: hashColumns(importable) }
}

/** Counts what the item says and the lead does not have after it. */
function countKept({ fields, import_hashes, kept }: LeadDraft, importable: ImportedLead, merged: ImportedLead): void {
  const stored = readFieldHashes(import_hashes)
  for (const field of mergedColumns) {
    const said = toComparableText(importable[field] ?? null)
    if (said === '' || leadingColumns[field] || said === toComparableText(merged[field] ?? null)) continue
    if (stored.isUntouched(field, fields[field] ?? columnDefaults[field] ?? null)) kept.kept_newer += 1
    else kept.kept_edited += 1
  }
}

/** A new lead needs no history while its items say the same at one time. */
const isSameObservation = (draft: LeadDraft, import_hashes: string, at: number): boolean =>
  draft.history === null &&
  draft.import_hashes === import_hashes &&
  Math.abs(at - draft.observed_at) < SAME_OBSERVATION_MS

/** The history of a lead that an earlier item of the same write created. */
function beginHistory(draft: LeadDraft, origin: Provenance): LeadHistory {
  const history = new LeadHistory(toSourceRank(origin))
  const source_key = toSourceKey(origin) ?? origin.provider_name
  history.add(source_key, draft.observed_at, draft.import_hashes ?? '', origin.import_batch_id)
  return history
}

export function toImportedColumns({ fields, company_id }: LeadDraft): ImportedColumns {
  const { company_key: _, ...rest } = fields
  return { ...rest, company_id }
}

/** Returns undefined without any value, so that the columns keep their value or default. */
export function toCrmFields({ fields }: LeadDraft): CrmFields | undefined {
  if (crmFields.every((field) => (fields[field] ?? null) === null)) return undefined
  return Object.fromEntries(crmFields.map((field) => [field, fields[field] ?? null])) as CrmFields
}
