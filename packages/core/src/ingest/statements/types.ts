import type { Db } from '../../database/engine.ts'
import type { Json } from '../../model/fields.ts'
import type { ImportedColumn, LeadRow } from '../../model/lead-columns.ts'
import type { ChangedFields } from '../../model/lead-event.ts'
import type { LeadSourceState, SourceObservations } from '../../model/lead-identity.ts'
import type { MappedCompany, MappedSource } from '../../model/mapped-item.ts'
import type { Sync } from '../../model/sync.ts'
import type { NewRejection } from '../../model/sync-rejection.ts'
import type { CrmFields } from '../field-hashes.ts'
import type { Provenance } from '../provenance.ts'

/** The values of the columns of a lead that imports write. */
export type ImportedColumns = Pick<LeadRow, ImportedColumn>

/** A lead that is not in the database yet, with its source. */
export interface NewLead {
  external_id: string
  fields: ImportedColumns
  source: MappedSource
  import_hashes: string
  /** The item's own JSON text. */
  raw_data: string
  /** When the item was seen, as ISO 8601 text. */
  observed_at: string
  /** Of a row of a file only; where it is left out, the columns get their defaults. */
  crm_fields?: CrmFields | undefined
}

/** State of an existing lead that a later item describes. */
export interface ExistingLead {
  id: number
  external_id: string
  run_id: string | null
  import_hashes: string | null
  is_deleted: boolean
  /** The lead that has its items now. */
  merged_into_id: number | null
  /** What each source said last, where they did not all say the same. */
  source_states?: Pick<LeadSourceState, 'source_key' | 'import_hashes' | 'observed_at'>[]
}

/** A lead that an import changes: the values of all fields as they are then. */
export interface LeadUpdate {
  id: number
  fields: ImportedColumns
  /** Of `fields`, those that the row does not have yet. */
  changed_columns: readonly ImportedColumn[]
  import_hashes: string
  /** Null: the stored item is newer and stays, with its time. */
  raw_data: string | null
  observed_at: string | null
  /** Whether a person would see a difference: raises version and updated_at. */
  is_visible: boolean
  /** The new values; left out, they stay. */
  crm_fields?: CrmFields | undefined
}

export interface NewEvent {
  lead_id: number
  event_type: string
  event_name: string
  event_data: Record<string, Json> | null
  changed_fields: ChangedFields | null
}

/** A lead that is inserted unless it exists, with the key of its company. */
export type PageLead = Omit<NewLead, 'fields'> & {
  fields: Omit<ImportedColumns, 'company_id'>
  company_key: string | null
  /** By which later items of any source find it. */
  identities: string[]
}

export interface NewIdentity {
  identity: string
  lead_id: number
  is_shared: boolean
}

/** A lead that was seen again, and when, if the item said what the lead has. */
export interface SeenLead {
  lead_id: number
  observed_at: string | null
}

/** A row of `lead_sightings`, but for its lead. */
export interface NewSighting {
  source_type: 'apify' | 'import'
  /** The run_id of an Apify run, or the import_batch_id of a file. */
  source_id: string
  seen_at: Date
}

/** A row of `lead_source_states` to write. */
export type LeadSourceStateRow = Omit<LeadSourceState, 'observed_at' | 'observations'> & {
  observed_at: Date
  observations: SourceObservations
}

/** A page of a run as it was read, before any look-up. */
export interface PageInsert {
  run_id: string
  /** The range of the run whose checkpoint the page advances; null: that of the run. */
  range_id: number | null
  /** The checkpoint before the page. */
  next_offset: number
  /**
   * How far and when its dataset was read before the page. When a page is sent, the previous one may not be written yet,
   * and another consumer's may take its place: with as many items, but of other datasets.
   */
  dataset_offset: number
  last_sync_at: string | null
  /** Items, of which `lead_items` were mapped to leads. */
  items: number
  lead_items: number
  next: Pick<Sync, 'metadata'> & { dataset_offsets: Record<string, number> }
  /** Sorted by external_id, none twice. */
  leads: readonly PageLead[]
  /** Existing leads that get a sighting of the run and are not among `leads`. */
  seen_leads: readonly SeenLead[]
  /** Of all items, as tombstones store them; null where none was known when the page was planned. */
  identity_hashes: readonly string[] | null
  rejections: readonly NewRejection[]
  /** Whether an item with other values than the last one changes its lead. */
  is_merge_enabled: boolean
  /** The right to work on the run, which the page renews. */
  lease: { lease_id: string; lease_s: number } | null
}

/**
 * The outcome of a page: written, with the number of new leads; or nothing was written, because the checkpoint had moved,
 * or because an insert is not enough (a lead to merge, a company that was deleted).
 */
export type PageOutcome = { outcome: 'written'; created: number } | { outcome: 'checkpoint_moved' | 'needs_merge' }

/**
 * The statements of an import's hot path. Each handles many rows in few round trips. They are called inside a transaction
 * unless stated otherwise, and throw the driver's error.
 */
export interface IngestStatements {
  /** Finds the leads with these ids; may be called outside a transaction. `external_ids` contains no id twice. */
  findLeads(db: Db, provider_name: string, external_ids: readonly string[]): Promise<ExistingLead[]>
  /** Finds companies by key, or creates them; in their own commit. Returns key → id. */
  ensureCompanies(db: Db, companies: readonly MappedCompany[], origin: Provenance): Promise<Map<string, number>>
  /**
   * Inserts leads, their sources and their `created` events; `unique` error when one exists by now. Returns external_id → id
   * where that costs nothing.
   */
  insertLeads(trx: Db, leads: readonly NewLead[], origin: Provenance): Promise<ReadonlyMap<string, number> | null>
  /** Stores identities that no lead had, in the order of these rows; `unique` error when one has it by now. */
  insertIdentities(trx: Db, identities: readonly NewIdentity[], seen_at: Date): Promise<void>
  /**
   * Where an engine can: writes a page in one atomic statement, outside a transaction. Existing leads, companies and the
   * checkpoint are looked up inside it, so the next page can be sent while this one is being written.
   */
  insertPage?(db: Db, page: PageInsert, origin: Provenance): Promise<PageOutcome>
  updateLeads(trx: Db, updates: readonly LeadUpdate[], origin: Provenance): Promise<void>
  /** Inserts a sighting of leads, in the order of their ids; once per lead and run or file. */
  insertSightings(trx: Db, leads: readonly SeenLead[], sighting: NewSighting): Promise<void>
  insertEvents(trx: Db, events: readonly NewEvent[], origin: Provenance): Promise<void>
  /** Stores what sources said of leads, in the order of these rows. */
  upsertSourceStates(trx: Db, states: readonly LeadSourceStateRow[]): Promise<void>
}
