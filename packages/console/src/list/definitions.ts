import type { FilterKind, FilterKinds } from './address.ts'

/** One filter that a list offers, exactly as the API does. */
export interface FilterField {
  field: string
  label: string
  kind: FilterKind
  /** Closed sets. */
  options?: readonly { value: string; label: string }[]
  /** Where values to choose from come from; without it they are typed. */
  values_from?: 'by_country' | 'by_source' | 'by_actor'
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

export const leadFilters: readonly FilterField[] = [
  { field: 'lead_status', label: 'Status', kind: 'choice', options: leadStatuses },
  { field: 'country', label: 'Country', kind: 'text', values_from: 'by_country' },
  { field: 'city', label: 'City', kind: 'text' },
  { field: 'tags', label: 'Tags', kind: 'tags' },
  { field: 'lead_score', label: 'Score', kind: 'integer' },
  { field: 'email', label: 'Email', kind: 'text' },
  { field: 'phone', label: 'Phone', kind: 'text' },
  { field: 'company_domain', label: 'Domain', kind: 'text' },
  { field: 'company_id', label: 'Company id', kind: 'integer' },
  { field: 'source', label: 'Source', kind: 'choice', options: leadSources },
  { field: 'actor_id', label: 'Actor', kind: 'text', values_from: 'by_actor' },
  { field: 'run_id', label: 'Run', kind: 'text' },
  { field: 'provider_name', label: 'Provider', kind: 'text' },
  { field: 'external_id', label: 'External id', kind: 'text' },
  { field: 'enrichment_status', label: 'Enrichment', kind: 'choice', options: enrichmentStatuses },
  { field: 'created_at', label: 'Added', kind: 'time' },
  { field: 'updated_at', label: 'Changed', kind: 'time' },
  { field: 'id', label: 'Lead id', kind: 'integer' },
]

export const companyFilters: readonly FilterField[] = [
  { field: 'domain', label: 'Domain', kind: 'text' },
  { field: 'country', label: 'Country', kind: 'text', values_from: 'by_country' },
  { field: 'city', label: 'City', kind: 'text' },
  { field: 'industry', label: 'Industry', kind: 'text' },
  { field: 'tags', label: 'Tags', kind: 'tags' },
  { field: 'company_key', label: 'Company key', kind: 'text' },
  { field: 'created_at', label: 'Added', kind: 'time' },
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
