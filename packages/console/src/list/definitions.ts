import type { FilterKind, FilterKinds } from './address.ts'

/** One filter that a list offers, exactly as the API does. */
export interface FilterField {
  field: string
  label: string
  kind: FilterKind
  /** Closed sets. */
  options?: readonly { value: string; label: string }[]
  /** Where values to choose from come from; without it they are typed. */
  /** Offered to admin keys only. */
  needs_admin?: boolean
  values_from?: 'leads' | 'companies' | 'by_actor'
}

export const leadStatuses = [
  { value: 'new', label: 'New' },
  { value: 'contacted', label: 'Contacted' },
  { value: 'qualified', label: 'Qualified' },
  { value: 'converted', label: 'Converted' },
] as const

export const enrichmentStatuses = [
  { value: 'pending', label: 'Pending' },
  { value: 'enriched', label: 'Enriched' },
  { value: 'failed', label: 'Failed' },
] as const

export const leadSources = [
  { value: 'apify', label: 'Apify' },
  { value: 'manual', label: 'By hand' },
  { value: 'import', label: 'File' },
  { value: 'api', label: 'API' },
] as const

const deletedOptions = [{ value: 'true', label: 'Deleted only' }]

export const leadFilters: readonly FilterField[] = [
  { field: 'lead_status', label: 'Status', kind: 'choice', options: leadStatuses },
  { field: 'country', label: 'Country', kind: 'text', values_from: 'leads' },
  { field: 'city', label: 'City', kind: 'prefix_text', values_from: 'leads' },
  { field: 'company_name', label: 'Company', kind: 'prefix_text', values_from: 'leads' },
  { field: 'industry', label: 'Industry', kind: 'prefix_text', values_from: 'leads' },
  { field: 'tags', label: 'Tags', kind: 'tags', values_from: 'leads' },
  { field: 'lead_score', label: 'Score', kind: 'integer' },
  { field: 'data_quality_score', label: 'Quality', kind: 'integer' },
  { field: 'email', label: 'Email', kind: 'prefix_text' },
  { field: 'phone', label: 'Phone', kind: 'text' },
  { field: 'company_domain', label: 'Domain', kind: 'prefix_text', values_from: 'leads' },
  { field: 'state', label: 'State', kind: 'prefix_text', values_from: 'leads' },
  { field: 'company_id', label: 'Company id', kind: 'integer' },
  { field: 'source', label: 'Source', kind: 'choice', options: leadSources },
  { field: 'actor_id', label: 'Actor', kind: 'text', values_from: 'by_actor' },
  { field: 'run_id', label: 'Run', kind: 'text' },
  { field: 'import_batch_id', label: 'Import', kind: 'relation' },
  { field: 'provider_name', label: 'Provider', kind: 'text' },
  { field: 'external_id', label: 'External id', kind: 'text' },
  { field: 'enrichment_status', label: 'Enrichment', kind: 'choice', options: enrichmentStatuses },
  { field: 'created_at', label: 'Added', kind: 'time' },
  { field: 'updated_at', label: 'Changed', kind: 'time' },
  { field: 'created_by', label: 'Added by', kind: 'text', values_from: 'leads' },
  { field: 'is_deleted', label: 'Deleted', kind: 'boolean', options: deletedOptions, needs_admin: true },
  { field: 'id', label: 'Lead id', kind: 'integer' },
]

export const companyFilters: readonly FilterField[] = [
  { field: 'name', label: 'Name', kind: 'prefix_text' },
  { field: 'domain', label: 'Domain', kind: 'prefix_text' },
  { field: 'country', label: 'Country', kind: 'text', values_from: 'companies' },
  { field: 'city', label: 'City', kind: 'text', values_from: 'companies' },
  { field: 'industry', label: 'Industry', kind: 'text', values_from: 'companies' },
  { field: 'tags', label: 'Tags', kind: 'tags', values_from: 'companies' },
  { field: 'company_key', label: 'Company key', kind: 'text' },
  { field: 'created_at', label: 'Added', kind: 'time' },
  { field: 'is_deleted', label: 'Deleted', kind: 'boolean', options: deletedOptions, needs_admin: true },
  { field: 'id', label: 'Company id', kind: 'integer' },
]

export const syncStatuses = [
  { value: 'pending', label: 'Waiting' },
  { value: 'syncing', label: 'Importing' },
  { value: 'completed', label: 'Completed' },
  { value: 'failed', label: 'Failed' },
] as const

const runStatuses = ['READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMING-OUT', 'TIMED-OUT', 'ABORTING', 'ABORTED']

export const syncFilters: readonly FilterField[] = [
  { field: 'sync_status', label: 'Status', kind: 'choice', options: syncStatuses },
  {
    field: 'run_status',
    label: 'Run status',
    kind: 'choice',
    options: runStatuses.map((value) => ({ value, label: value })),
  },
  { field: 'actor_id', label: 'Actor', kind: 'text', values_from: 'by_actor' },
  { field: 'created_at', label: 'Started', kind: 'time' },
]

export const kindsOf = (fields: readonly FilterField[]): FilterKinds =>
  Object.fromEntries(fields.map(({ field, kind }) => [field, kind]))
