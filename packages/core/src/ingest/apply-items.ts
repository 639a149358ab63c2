import type { Db } from '../database/engine.ts'
import { findByKey } from '../database/find-by-key.ts'
import { crmFields, importedColumns } from '../model/lead-columns.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { yieldToEventLoop } from '../yield-to-event-loop.ts'
import type { CompanyCache } from './company-cache.ts'
import { insertBridges } from './insert-bridges.ts'
import { insertIdentities } from './insert-identities.ts'
import { toItemIdentities } from './item-target.ts'
import {
  createDraft,
  type IngestItem,
  type LeadDraft,
  mergeItem,
  prepareItem,
  toCrmFields,
  toImportedColumns,
} from './lead-draft.ts'
import { type CreateDraft, lockLeads } from './lock-leads.ts'
import type { MatchCounts } from './match-counts.ts'
import { changesLead } from './merge-rules.ts'
import type { Provenance } from './provenance.ts'
import { listSightings, recordSightings } from './record-sightings.ts'
import { type ResolvedItems, resolveItems } from './resolve-items.ts'
import { StaleLookupError } from './retry-on-conflict.ts'
import { toObservedAt, toSourceKey } from './source-key.ts'
import { writeSourceStates } from './source-states.ts'
import { toImportEventData } from './statements/new-lead-rows.ts'
import { getStatements } from './statements/registry.ts'
import type { ExistingLead, LeadUpdate, NewEvent, NewLead, PageLead, SeenLead } from './statements/types.ts'

export type { IngestItem as ImportItem } from './lead-draft.ts'

export interface IngestCounts {
  /** New leads. */
  created: number
  /** Items whose lead existed, or was created by an earlier item of the same call. */
  duplicates: number
}

/** What an item changed of an existing lead. */
export interface LeadChange {
  external_id: string
  changed_fields: ChangedFields
}

/** What is looked up before the transaction, to keep it short. */
export interface ExistingRows extends Partial<Omit<ResolvedItems, 'known'>> {
  /** By the key under which items of the call go to the lead: its external id, as a rule. */
  known: ReadonlyMap<string, ExistingLead>
  company_ids: ReadonlyMap<string, number>
}

export type OnDuplicate = 'merge' | 'skip'

/**
 * Looks up existing leads, and finds or creates the companies, before the transaction that writes. If they change in
 * between, the database reports a `unique` or `foreign_key` error: look up again and retry.
 */
export async function findExistingRows(
  db: Db,
  items: readonly IngestItem[],
  origin: Provenance,
  memory?: CompanyCache,
  found: readonly ExistingLead[] | null = null,
): Promise<ExistingRows> {
  const companies = items.flatMap(({ company }) => (company ? [company] : []))
  const [resolved, company_ids] = await Promise.all([
    resolveItems(db, items, origin, found),
    memory ? memory.resolveIds(db, companies, origin) : getStatements(db).ensureCompanies(db, companies, origin),
  ])
  return { ...resolved, company_ids }
}

/** Counts the items that become new leads; the rest are duplicates. Known before the write. */
export function countNewAndDuplicate(items: readonly IngestItem[], rows: ExistingRows): IngestCounts {
  const created = new Set(items.map((item) => toLeadKey(item, rows)).filter((key) => !rows.known.has(key))).size
  return { created, duplicates: items.length - created }
}

/** The key of an item's lead: its external id as a rule. */
export const toLeadKey = (item: IngestItem, { aliases }: Pick<ExistingRows, 'aliases'>): string =>
  aliases?.get(item) ?? item.lead.external_id

/**
 * Applies items within the caller's transaction, with the same result as one after the other in their order: new leads
 * with source and `created` event, existing ones by three-way merge with an `updated` event if something changed.
 * Deleted leads stay unchanged. Returns the changes to existing leads.
 */
export async function applyItems(
  trx: Db,
  items: readonly IngestItem[],
  rows: ExistingRows,
  origin: Provenance,
  on_duplicate: OnDuplicate,
  /** Called with the existing leads that are about to change, before they do. */
  beforeUpdate?: (trx: Db, updates: readonly LeadUpdate[]) => Promise<void>,
): Promise<LeadChange[]> {
  const { known } = rows
  const changing = new Set<number>()
  for (const item of items) {
    const found = known.get(toLeadKey(item, rows))
    if (found && isChangedBy(found, item, origin, on_duplicate)) changing.add(found.id)
  }
  const locked = await lockLeads(trx, [...changing], known, origin)
  await assertStillReached(trx, changing, rows, origin)
  const parts = splitByLead(trx, locked, items, rows)
  const seen = [...known.values()].filter((lead) => !lead.is_deleted)
  const sightings = await listSightings(trx, seen, toSeenTimes(items, rows, origin, on_duplicate), origin)
  const writes = createPendingWrites(trx)
  const inserted = new Map<string, number>()
  const drafts = new Map<string, LeadDraft>()
  try {
    for (const part of parts) {
      const own = new Map([...part.leads].map(([key, createOwn]) => [key, createOwn()]))
      foldItems(own, part.items, rows, origin, on_duplicate)
      await findMissingCompanies(trx, own)
      const changed = [...own.values()].flatMap(toUpdate)
      if (changed.length > 0) await beforeUpdate?.(trx, changed)
      const created = await insertCreated(trx, own, origin)
      for (const [external_id, id] of created) inserted.set(external_id, id)
      // Rows that refer to leads go before their update: its new version would have to be locked for them once more.
      await writes.add(() => writeHistories(trx, own, origin))
      await writes.add(() => insertUpdateEvents(trx, own, origin))
      await writes.add(() => recordSightings(trx, sightings.filter(isOf(own)), origin))
      await writes.add(() => getStatements(trx).updateLeads(trx, changed, origin))
      for (const [key, draft] of own) drafts.set(key, draft)
    }
    await insertIdentities(trx, rows, origin, inserted)
    await insertBridges(trx, rows, origin)
    const isWritten = isOf(drafts)
    await recordSightings(
      trx,
      sightings.filter((seen) => !isWritten(seen)),
      origin,
    )
  } finally {
    // The first failure tells why: the statements behind it fail because of it.
    await writes.settle()
  }
  for (const { kept } of drafts.values()) addKept(rows.match_counts, kept)
  return [...drafts].flatMap(([external_id, { changes }]) =>
    changes.map((changed_fields) => ({ external_id, changed_fields })),
  )
}

/** Whether a sighting is of one of these leads. */
function isOf(drafts: ReadonlyMap<string, LeadDraft>): (seen: SeenLead) => boolean {
  const ids = new Set([...drafts.values()].map(({ id }) => id))
  return ({ lead_id }) => ids.has(lead_id)
}

/** Existing leads that are folded and written together while the server writes those before them. */
const LEADS_PER_PART = 250

/** Fewer, because the server has nothing to do while these are folded: 250 take 13 ms, and the server 60 to write. */
const LEADS_OF_FIRST_PART = 50

interface Part {
  leads: Map<string, CreateDraft>
  items: IngestItem[]
}

/** The leads that may change, in parts, with their items; at last all other items, whose leads are new or stay. */
function splitByLead(
  trx: Db,
  locked: ReadonlyMap<string, CreateDraft>,
  items: readonly IngestItem[],
  rows: ExistingRows,
): Part[] {
  const isPipelined = trx.engine.has_pipelined_transactions
  const parts: Part[] = []
  const partOf = new Map<string, Part>()
  const entries = [...locked]
  for (let start = 0; start < entries.length; ) {
    const pipelinedSize = start === 0 ? LEADS_OF_FIRST_PART : LEADS_PER_PART
    const end = isPipelined ? start + pipelinedSize : entries.length
    const part: Part = { leads: new Map(entries.slice(start, end)), items: [] }
    for (const key of part.leads.keys()) partOf.set(key, part)
    parts.push(part)
    start = end
  }
  const last: Part = { leads: new Map(), items: [] }
  for (const item of items) (partOf.get(toLeadKey(item, rows)) ?? last).items.push(item)
  return [...parts, last]
}

/** Inserts all new leads at once, in one order everywhere. Returns their ids as far as the engine tells them. */
async function insertCreated(
  trx: Db,
  drafts: ReadonlyMap<string, LeadDraft>,
  origin: Provenance,
): Promise<ReadonlyMap<string, number>> {
  const created = [...drafts].flatMap(([external_id, draft]) =>
    draft.source ? [toNewLead(external_id, draft, draft.source)] : [],
  )
  return (await getStatements(trx).insertLeads(trx, created.sort(byExternalId), origin)) ?? new Map()
}

/** The row of an existing lead that its items changed. */
function toUpdate(draft: LeadDraft): LeadUpdate[] {
  const { id, stored, raw_data, changes } = draft
  if (id === null || stored === null || !draft.isChanged) return []
  const fields = toImportedColumns(draft)
  return [
    {
      id,
      is_visible: changes.length > 0,
      fields,
      changed_columns: importedColumns.filter((column) => fields[column] !== stored[column]),
      import_hashes: draft.import_hashes ?? '',
      raw_data,
      observed_at: raw_data === null ? null : new Date(draft.observed_at).toISOString(),
      crm_fields: changes.some(touchesCrmFields) ? toCrmFields(draft) : undefined,
    },
  ]
}

/** Writes of a transaction whose answers are not needed yet. */
interface PendingWrites {
  /** Sends statements. Where the engine cannot take them before it has answered those before, waits for the answer. */
  add(write: () => Promise<void>): Promise<void>
  /** Waits for all answers. @throws the error of the first write that failed */
  settle(): Promise<void>
}

function createPendingWrites(trx: Db): PendingWrites {
  const pending: Promise<void>[] = []
  return {
    async add(write) {
      if (!trx.engine.has_pipelined_transactions) return write()
      const answer = write()
      answer.catch(() => {})
      pending.push(answer)
      // Sends it before the next part is computed.
      await yieldToEventLoop()
    },
    async settle() {
      for (const answer of await Promise.allSettled(pending)) if (answer.status === 'rejected') throw answer.reason
    },
  }
}

/**
 * The leads that the items create if only the `known` exist and no item changes one of these, or the lead of
 * an item before it. Otherwise null: then {@link applyItems} does it.
 */
export function planPageInsert(
  items: readonly IngestItem[],
  known: ReadonlyMap<string, ExistingLead>,
  origin: Provenance,
  on_duplicate: OnDuplicate,
): PageLead[] | null {
  if (items.some((item) => isChangedBy(known.get(item.lead.external_id), item, origin, on_duplicate))) return null
  // The keeper of a merged lead has its items now.
  if (items.some(({ lead }) => (known.get(lead.external_id)?.merged_into_id ?? null) !== null)) return null
  const drafts = new Map<string, LeadDraft>()
  foldItems(drafts, items, { known, company_ids: new Map() }, origin, on_duplicate)
  const leads: PageLead[] = []
  for (const [external_id, draft] of drafts) {
    const { source, raw_data, import_hashes, changes, history } = draft
    if (changes.length > 0 || source === null || raw_data === null || history !== null) return null
    const { company_key, ...fields } = draft.fields
    leads.push({
      external_id,
      source,
      fields,
      company_key,
      import_hashes: import_hashes ?? '',
      raw_data,
      observed_at: new Date(draft.observed_at).toISOString(),
      identities: [],
    })
  }
  return assignIdentities(leads.sort(byExternalId), items) ? leads : null
}

/** Gives each new lead the identities of its items; false if two leads would share one, which takes a comparison. */
function assignIdentities(leads: readonly PageLead[], items: readonly IngestItem[]): boolean {
  const byExternalId = new Map(leads.map((lead) => [lead.external_id, lead]))
  const owners = new Map<string, PageLead>()
  for (const item of items) {
    const lead = byExternalId.get(item.lead.external_id)
    if (!lead) continue
    for (const identity of toItemIdentities(item)) {
      const owner = owners.get(identity)
      if (owner && owner !== lead) return false
      if (owner) continue
      owners.set(identity, lead)
      lead.identities.push(identity)
    }
  }
  return true
}

function isChangedBy(
  found: ExistingLead | undefined,
  item: IngestItem,
  origin: Provenance,
  on_duplicate: OnDuplicate,
): boolean {
  if (found === undefined) return false
  const { import_hashes } = prepareItem(item)
  const seen = { import_hashes, observed_at: toObservedAt(item, origin) }
  return changesLead(found, seen, toSourceKey(origin), on_duplicate === 'merge')
}

/** Applies each item, in order: creates a lead or changes an existing one. */
function foldItems(
  drafts: Map<string, LeadDraft>,
  items: readonly IngestItem[],
  rows: ExistingRows,
  origin: Provenance,
  on_duplicate: OnDuplicate,
): void {
  const { known, company_ids } = rows
  for (const item of items) {
    const key = toLeadKey(item, rows)
    const draft = drafts.get(key)
    if (draft) {
      if (on_duplicate === 'merge') mergeItem(draft, item, company_ids, origin)
    } else if (!known.has(key)) drafts.set(key, createDraft(item, company_ids, origin))
  }
}

const toNewLead = (external_id: string, draft: LeadDraft, source: NewLead['source']): NewLead => ({
  external_id,
  source,
  fields: toImportedColumns(draft),
  import_hashes: draft.import_hashes ?? '',
  raw_data: draft.raw_data ?? 'null',
  observed_at: new Date(draft.observed_at).toISOString(),
  crm_fields: toCrmFields(draft),
})

/** A change of a CRM field. These columns are written only then: Actors do not have them. */
const touchesCrmFields = (changes: ChangedFields): boolean => crmFields.some((field) => Object.hasOwn(changes, field))

/**
 * One order everywhere: consumers that insert the same leads wait for each other instead of deadlocking (sorted 0,
 * unsorted 127 deadlocks in 144 overlapping pages).
 */
const byExternalId = (a: { external_id: string }, b: { external_id: string }): number =>
  a.external_id < b.external_id ? -1 : 1

/**
 * Leads that are about to change are locked, so that no merge of them can be undone any more. Those that an item reached
 * otherwise than by its external id must still have what it reached them by.
 * @throws StaleLookupError
 */
async function assertStillReached(
  trx: Db,
  changing: ReadonlySet<number>,
  { reached_by }: ExistingRows,
  { provider_name }: Provenance,
): Promise<void> {
  if (!reached_by) return
  const identities = [...reached_by.identities].filter(([, lead_id]) => changing.has(lead_id))
  const merged = [...reached_by.merged].filter(([, lead_id]) => changing.has(lead_id))
  const find = { table: 'lead_identities', key: 'identity', columns: ['identity', 'lead_id'] } as const
  const owners = await findByKey<{ identity: string; lead_id: number }>(
    trx,
    find,
    identities.map(([identity]) => identity),
  )
  if (owners.some(({ identity, lead_id }) => reached_by.identities.get(identity) !== lead_id))
    throw new StaleLookupError()
  if (merged.length === 0) return
  const leads = await getStatements(trx).findLeads(
    trx,
    provider_name,
    merged.map(([external_id]) => external_id),
  )
  if (leads.some(({ external_id, merged_into_id }) => reached_by.merged.get(external_id) !== merged_into_id))
    throw new StaleLookupError()
}

/** A value that counts again may be of an earlier item, whose company this call has not looked up. */
async function findMissingCompanies(trx: Db, drafts: ReadonlyMap<string, LeadDraft>): Promise<void> {
  const missing = [...drafts.values()].filter(
    ({ fields, company_id }) => fields.company_key !== null && company_id === null,
  )
  if (missing.length === 0) return
  const keys = [...new Set(missing.map(({ fields }) => fields.company_key as string))]
  const find = { table: 'companies', key: 'company_key', columns: ['id', 'company_key', 'merged_into_id'] } as const
  const found = await findByKey<{ id: number; company_key: string; merged_into_id: number | null }>(trx, find, keys)
  const ids = new Map(found.map(({ id, company_key, merged_into_id }) => [company_key, merged_into_id ?? id]))
  for (const draft of missing) draft.company_id = ids.get(draft.fields.company_key as string) ?? null
}

function addKept(counts: MatchCounts | undefined, { kept_newer, kept_edited }: LeadDraft['kept']): void {
  if (!counts) return
  counts.kept_newer += kept_newer
  counts.kept_edited += kept_edited
}

/** Stores what was observed. Looks up the ids of leads that this call created. */
async function writeHistories(trx: Db, drafts: ReadonlyMap<string, LeadDraft>, origin: Provenance): Promise<void> {
  const observed = [...drafts].filter(([, { history }]) => history?.isChanged)
  const fresh = observed.filter(([, { id }]) => id === null).map(([external_id]) => external_id)
  const found = fresh.length > 0 ? await getStatements(trx).findLeads(trx, origin.provider_name, fresh) : []
  const ids = new Map(found.map(({ external_id, id }) => [external_id, id]))
  await writeSourceStates(
    trx,
    observed.flatMap(([external_id, { id, history, fields }]) => {
      const lead_id = id ?? ids.get(external_id)
      return history && lead_id !== undefined ? [{ lead_id, history, fields }] : []
    }),
  )
}

/** When each existing lead was seen by an item that said what it has. */
function toSeenTimes(
  items: readonly IngestItem[],
  rows: ExistingRows,
  origin: Provenance,
  on_duplicate: OnDuplicate,
): Map<number, number> {
  const times = new Map<number, number>()
  if (on_duplicate === 'skip') return times
  for (const item of items) {
    const lead = rows.known.get(toLeadKey(item, rows))
    if (lead) times.set(lead.id, Math.max(times.get(lead.id) ?? 0, toObservedAt(item, origin)))
  }
  return times
}

/** Inserts an `updated` event for each item that changed its lead. Looks up the ids of leads that this call created. */
async function insertUpdateEvents(trx: Db, drafts: ReadonlyMap<string, LeadDraft>, origin: Provenance): Promise<void> {
  const changed = [...drafts].filter(([, { changes }]) => changes.length > 0)
  const fresh = changed.filter(([, { id }]) => id === null).map(([external_id]) => external_id)
  const found = fresh.length > 0 ? await getStatements(trx).findLeads(trx, origin.provider_name, fresh) : []
  const ids = new Map(found.map(({ external_id, id }) => [external_id, id]))
  const event_data = toImportEventData(origin)
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
  await getStatements(trx).insertEvents(trx, events, origin)
}
