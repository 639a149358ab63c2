import type { ColumnType, Generated } from 'kysely'
import type { ApiKey } from '../model/api-key.ts'
import type { BulkJob } from '../model/bulk-job.ts'
import type { Company } from '../model/company.ts'
import type { CompanyColumnsWith } from '../model/company-columns.ts'
import type { CompanyDuplicate, CompanyMatchKey, CompanyMerge } from '../model/company-duplicate.ts'
import type { IdempotencyKey } from '../model/idempotency-key.ts'
import type { ImportBatch, ImportChange, ImportCompany, ImportRejection } from '../model/import-batch.ts'
import type { Lead } from '../model/lead.ts'
import type { LeadColumnsWith } from '../model/lead-columns.ts'
import type { LeadDuplicate, LeadMatchKey, LeadMerge } from '../model/lead-duplicate.ts'
import type { LeadEvent } from '../model/lead-event.ts'
import type {
  DatabaseSecret,
  IdentityTombstone,
  LeadIdentity,
  LeadSourceState,
  TaskState,
} from '../model/lead-identity.ts'
import type { LeadSighting, LeadSource } from '../model/lead-source.ts'
import type { SavedView } from '../model/saved-view.ts'
import type { Sync } from '../model/sync.ts'
import type { SyncRange } from '../model/sync-range.ts'
import type { SyncRejection } from '../model/sync-rejection.ts'

/**
 * The tables as Kysely sees them, derived from the entity schemas so that a column is typed once.
 * A time is read as ISO 8601 text and written as a Date: MySQL refuses the text that the others take,
 * and the type shows it before a test does.
 */
type TableOf<Row, Defaulted extends keyof Row> = {
  [Column in keyof Row]: Column extends `${string}_at` | 'event_timestamp'
    ? null extends Row[Column]
      ? ColumnType<Row[Column], Date | null | undefined, Date | null>
      : ColumnType<Row[Column], Date | undefined, Date>
    : Column extends Defaulted
      ? Generated<Row[Column]>
      : null extends Row[Column]
        ? ColumnType<Row[Column], Row[Column] | undefined, Row[Column]>
        : ColumnType<Row[Column], Row[Column], Row[Column]>
}

/** Columns of a sync and of a range that only their consumers use. */
interface SyncLease {
  lease_id: string | null
  lease_expires_at: string | null
}

export interface Tables {
  companies: TableOf<Company, CompanyColumnsWith<'default' | 'is_generated'>>
  company_match_keys: TableOf<CompanyMatchKey, never>
  company_duplicates: TableOf<CompanyDuplicate, 'duplicate_status'>
  company_merges: TableOf<CompanyMerge, 'id'>
  sales_leads: TableOf<Lead, LeadColumnsWith<'default' | 'is_generated'>>
  lead_sources: TableOf<LeadSource, 'id' | 'is_deleted'>
  lead_sightings: TableOf<LeadSighting, never>
  lead_identities: TableOf<LeadIdentity, 'is_shared'>
  lead_match_keys: TableOf<LeadMatchKey, never>
  lead_duplicates: TableOf<LeadDuplicate, 'duplicate_status'>
  lead_merges: TableOf<LeadMerge, 'id'>
  lead_source_states: TableOf<LeadSourceState, never>
  identity_tombstones: TableOf<IdentityTombstone, never>
  database_secrets: TableOf<DatabaseSecret, never>
  task_states: TableOf<TaskState, never>
  lead_events: TableOf<LeadEvent, 'id'>
  apify_sync_states: TableOf<
    Sync & SyncLease & { is_split: boolean },
    | 'id'
    | 'is_split'
    | 'sync_status'
    | 'total_records'
    | 'synced_records'
    | 'failed_records'
    | 'duplicate_records'
    | 'next_offset'
    | 'retry_count'
    | 'is_deleted'
  >
  apify_sync_ranges: TableOf<
    SyncRange & SyncLease,
    | 'id'
    | 'sync_status'
    | 'total_records'
    | 'synced_records'
    | 'failed_records'
    | 'duplicate_records'
    | 'next_offset'
    | 'retry_count'
  >
  sync_rejections: TableOf<SyncRejection, 'id'>
  api_keys: TableOf<ApiKey, 'id'>
  watermarks: TableOf<{ name: string; reached_at: string }, never>
  idempotency_keys: TableOf<IdempotencyKey, 'id'>
  import_batches: TableOf<
    ImportBatch,
    | 'id'
    | 'batch_status'
    | 'next_record'
    | 'total_records'
    | 'synced_records'
    | 'duplicate_records'
    | 'failed_records'
    | 'updated_records'
  >
  saved_views: TableOf<SavedView, 'id' | 'is_shared' | 'position'>
  bulk_jobs: TableOf<BulkJob, 'id' | 'job_status' | 'last_id' | 'changed_count' | 'unchanged_count' | 'failed_count'>
  import_rejections: TableOf<ImportRejection, 'id'>
  import_changes: TableOf<ImportChange, never>
  import_companies: TableOf<ImportCompany, never>
}
