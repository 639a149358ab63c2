import type { Db } from '../database/engine.ts'
import {
  type KnownLead,
  type LeadFields,
  type LeadUpdate,
  leadFields,
  type NewEvent,
  type NewLead,
  type Origin,
} from '../database/ingest.ts'
import { importEventData, slices } from '../database/ingest-common.ts'
import type { ChangedFields } from '../events/entity.ts'
import type { MappedCompany, MappedLead, MappedSource } from '../mapping/types.ts'
import { recordSightings } from '../sources/sightings.ts'
import { type Importable, importHashes } from './import-hashes.ts'
import { mergeImport } from './merge.ts'

/** An item that the mapping made a lead of. */
export interface ImportItem {
  lead: MappedLead
  company: MappedCompany | null
  source: MappedSource
  /** The item's own JSON text. */
  raw_data: string
}

export interface ImportCounts {
  /** Leads that were not there before. */
  created: number
  /** Items whose lead was there, or came earlier in the same call. */
  duplicates: number
}

/** What an item changed of a lead that was there. */
export interface LeadChange {
  external_id: string
  changed_fields: ChangedFields
}

/** What had to be looked up before the transaction, to keep it short. */
export interface Lookups {
  known: ReadonlyMap<string, KnownLead>
  company_ids: ReadonlyMap<string, number>
}

export type OnDuplicate = 'merge' | 'skip'

/** A lead on its way through the items of a call: first as found or new, then as each item leaves it. */
interface Draft {
  id: number | null
  fields: Importable
  company_id: number | null
  import_hashes: string | null
  raw_data: string
  /** Of the item that creates the lead; null where the lead is there already. */
  source: MappedSource | null
  changes: ChangedFields[]
  isWritten: boolean
}

/**
 * Looks up which leads exist, and finds or creates the companies, before the transaction that writes. What changes in
 * between is caught by the database (a `unique` or `foreign_key` error): look up again and repeat.
 */
export async function lookUp(db: Db, items: readonly ImportItem[], origin: Origin): Promise<Lookups> {
  const external_ids = [...new Set(items.map(({ lead }) => lead.external_id))]
  const companies = items.flatMap(({ company }) => (company ? [company] : []))
  const [known, company_ids] = await Promise.all([
    db.engine.ingest.findLeads(db, origin.provider_name, external_ids),
    db.engine.ingest.ensureCompanies(db, companies, origin),
  ])
  return { known: new Map(known.map((lead) => [lead.external_id, lead])), company_ids }
}

/** How many of the items become new leads; the rest are duplicates. Known before anything is written. */
export function countItems(items: readonly ImportItem[], { known }: Lookups): ImportCounts {
  const created = new Set(items.map(({ lead }) => lead.external_id).filter((id) => !known.has(id))).size
  return { created, duplicates: items.length - created }
}

/**
 * Brings items into the database within the caller's transaction, with the same result as one by one in their order:
 * new leads with source and `created` event, known ones by three-way merge with an `updated` event where something
 * changed. Deleted leads stay as they are. Returns the changes to leads that were there.
 */
export async function importLeads(
  trx: Db,
  items: readonly ImportItem[],
  { known, company_ids }: Lookups,
  origin: Origin,
  on_duplicate: OnDuplicate,
  /** Told which known leads are about to change, while they still are as they were. */
  beforeUpdate?: (trx: Db, updates: readonly LeadUpdate[]) => Promise<void>,
): Promise<LeadChange[]> {
  const importables = items.map(importableOf)
  const hashes = importables.map(importHashes)
  const changing = new Set<number>()
  items.forEach(({ lead }, index) => {
    const found = known.get(lead.external_id)
    if (found && !found.is_deleted && on_duplicate === 'merge' && found.import_hashes !== hashes[index])
      changing.add(found.id)
  })
  const drafts = await loadDrafts(trx, [...changing])

  items.forEach((item, index) => {
    const { external_id } = item.lead
    const draft = drafts.get(external_id)
    const theirs = importables[index] as Importable
    const import_hashes = hashes[index] as string
    if (!draft) {
      if (!known.has(external_id)) drafts.set(external_id, newDraft(item, theirs, import_hashes, company_ids))
    } else if (on_duplicate === 'merge' && draft.import_hashes !== import_hashes) {
      applyImport(draft, item, theirs, company_ids)
    }
  })

  const created: NewLead[] = []
  const changed: LeadUpdate[] = []
  for (const [external_id, draft] of drafts) {
    const { id, source, raw_data } = draft
    const row = { fields: fieldsOf(draft), import_hashes: draft.import_hashes ?? '', raw_data }
    if (source) created.push({ external_id, source, ...row })
    else if (id !== null && draft.isWritten) changed.push({ id, is_visible: draft.changes.length > 0, ...row })
  }
  await trx.engine.ingest.insertLeads(trx, created.sort(byExternalId), origin)
  if (changed.length > 0) await beforeUpdate?.(trx, changed)
  await trx.engine.ingest.updateLeads(trx, changed, origin)
  await recordEvents(trx, drafts, origin)
  const met = [...known.values()].filter((lead) => !lead.is_deleted)
  await recordSightings(trx, met, origin)
  return [...drafts].flatMap(([external_id, { changes }]) =>
    changes.map((changed_fields) => ({ external_id, changed_fields })),
  )
}

/**
 * One order everywhere: consumers that insert the same leads wait for each other instead of deadlocking (sorted 0,
 * unsorted 127 deadlocks in 144 overlapping pages).
 */
const byExternalId = (a: NewLead, b: NewLead): number => (a.external_id < b.external_id ? -1 : 1)

function importableOf({ lead, company }: ImportItem): Importable {
  const { external_id: _, ...fields } = lead
  return { ...fields, company_key: company?.company_key ?? null }
}

function newDraft(
  item: ImportItem,
  fields: Importable,
  import_hashes: string,
  company_ids: ReadonlyMap<string, number>,
): Draft {
  return {
    id: null,
    fields,
    company_id: companyId(fields.company_key, company_ids),
    import_hashes,
    raw_data: item.raw_data,
    source: item.source,
    changes: [],
    isWritten: true,
  }
}

const companyId = (key: string | null, ids: ReadonlyMap<string, number>): number | null =>
  key === null ? null : (ids.get(key) ?? null)

function applyImport(draft: Draft, item: ImportItem, theirs: Importable, ids: ReadonlyMap<string, number>): void {
  const { merged, changed_fields, import_hashes } = mergeImport(draft.fields, draft.import_hashes, theirs)
  if (merged.company_key !== draft.fields.company_key) draft.company_id = companyId(merged.company_key, ids)
  if (import_hashes === draft.import_hashes && Object.keys(changed_fields).length === 0) return
  draft.fields = merged
  draft.import_hashes = import_hashes
  draft.raw_data = item.raw_data
  draft.isWritten = true
  if (Object.keys(changed_fields).length > 0) draft.changes.push(changed_fields)
}

function fieldsOf({ fields, company_id }: Draft): LeadFields {
  const { company_key: _, ...rest } = fields
  return { ...rest, company_id }
}

/**
 * The leads that may change, as they stand, locked until the transaction ends: an edit made meanwhile waits, and is
 * made on the merged row. Locks are taken in the order of ids, before any insert.
 */
async function loadDrafts(trx: Db, ids: readonly number[]): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>()
  for (const slice of slices(trx, ids, 1)) {
    const query = trx.kysely
      .selectFrom('sales_leads')
      .select(['id', 'external_id', 'import_hashes', ...leadFields])
      .where('id', 'in', slice)
      .where('is_deleted', '=', false)
      .orderBy('id')
    const rows = await (trx.engine.has_row_locks ? query.forUpdate() : query).execute()
    const keys = await companyKeys(trx, [...new Set(rows.flatMap(({ company_id }) => company_id ?? []))])
    for (const { id, external_id, import_hashes, company_id, ...fields } of rows) {
      const company_key = company_id === null ? null : (keys.get(company_id) ?? null)
      drafts.set(external_id as string, {
        ...{ id, company_id, import_hashes, raw_data: '', source: null, changes: [], isWritten: false },
        fields: { ...fields, company_key },
      })
    }
  }
  return drafts
}

async function companyKeys(trx: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await trx.kysely.selectFrom('companies').select(['id', 'company_key']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, company_key }) => [id, company_key]))
}

/** An `updated` event for each item that changed its lead. Leads of this very call get their ids looked up. */
async function recordEvents(trx: Db, drafts: ReadonlyMap<string, Draft>, origin: Origin): Promise<void> {
  const changed = [...drafts].filter(([, { changes }]) => changes.length > 0)
  const fresh = changed.filter(([, { id }]) => id === null).map(([external_id]) => external_id)
  const found = fresh.length > 0 ? await trx.engine.ingest.findLeads(trx, origin.provider_name, fresh) : []
  const ids = new Map(found.map(({ external_id, id }) => [external_id, id]))
  const event_data = importEventData(origin)
  const events = changed.flatMap(([external_id, { id, changes }]) =>
    changes.map(
      (changed_fields): NewEvent => ({
        lead_id: id ?? (ids.get(external_id) as number),
        event_type: 'updated',
        event_name: 'Lead updated by import',
        event_data,
        changed_fields,
      }),
    ),
  )
  await trx.engine.ingest.insertEvents(trx, events, origin)
}
