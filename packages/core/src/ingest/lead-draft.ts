import { crmFields } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import type { MappedCompany, MappedLead, MappedSource } from '../model/mapped-item.ts'
import { type CrmFields, hashColumns, type ImportedLead } from './field-hashes.ts'
import { mergeLead } from './merge-lead.ts'
import type { ImportedColumns } from './statements/types.ts'

/** An item that was mapped to a lead. */
export interface IngestItem {
  lead: MappedLead
  company: MappedCompany | null
  source: MappedSource
  /** The item's own JSON text. */
  raw_data: string
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
  const { external_id: _, ...fields } = item.lead
  const importable: ImportedLead = { ...fields, company_key: item.company?.company_key ?? null, ...item.crm_fields }
  const made = { importable, import_hashes: hashColumns(importable) }
  prepared.set(item, made)
  return made
}

/** A lead while the items of a call are applied: as found or new at first, then as each item leaves it. */
export interface LeadDraft {
  id: number | null
  fields: ImportedLead
  company_id: number | null
  import_hashes: string | null
  raw_data: string
  /** Of the item that creates the lead; null for an existing lead. */
  source: MappedSource | null
  changes: ChangedFields[]
  isChanged: boolean
}

export function createDraft(item: IngestItem, company_ids: ReadonlyMap<string, number>): LeadDraft {
  const { importable, import_hashes } = prepareItem(item)
  return {
    id: null,
    fields: importable,
    company_id: companyId(importable.company_key, company_ids),
    import_hashes,
    raw_data: item.raw_data,
    source: item.source,
    changes: [],
    isChanged: true,
  }
}

const companyId = (key: string | null, ids: ReadonlyMap<string, number>): number | null =>
  key === null ? null : (ids.get(key) ?? null)

/** Merges an item into its lead. */
export function mergeItem(draft: LeadDraft, item: IngestItem, company_ids: ReadonlyMap<string, number>): void {
  const theirs = prepareItem(item)
  if (draft.import_hashes === theirs.import_hashes) return
  const { merged, changed_fields, import_hashes } = mergeLead(draft.fields, draft.import_hashes, theirs.importable)
  if (merged.company_key !== draft.fields.company_key) draft.company_id = companyId(merged.company_key, company_ids)
  if (import_hashes === draft.import_hashes && Object.keys(changed_fields).length === 0) return
  draft.fields = merged
  draft.import_hashes = import_hashes
  draft.raw_data = item.raw_data
  draft.isChanged = true
  if (Object.keys(changed_fields).length > 0) draft.changes.push(changed_fields)
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
