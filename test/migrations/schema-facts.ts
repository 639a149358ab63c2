/** What the data model demands of every engine, written from its description and not from any migration. */
export interface TableFacts {
  columns: string[]
  /** Name to columns, in their order. */
  indexes: Record<string, string[]>
  unique: string[][]
  /** Column to the table it refers to. */
  foreign_keys: Record<string, string>
  json: string[]
}

const audit = ['created_at', 'updated_at', 'created_by', 'updated_by']
const soft_delete = ['is_deleted', 'deleted_at', 'deleted_by']

export const facts: Record<string, TableFacts> = {
  companies: {
    columns: [
      'id',
      ...['name', 'domain', 'company_type', 'country', 'city', 'industry'],
      ...['employee_count', 'employee_size_min', 'employee_size_max'],
      ...['description', 'website', 'linkedin_url', 'tags'],
      ...audit,
      ...soft_delete,
    ],
    indexes: {
      ix_companies_domain: ['domain'],
      ix_companies_country: ['country'],
      ix_companies_industry: ['industry'],
      idx_company_location: ['country', 'city'],
      idx_company_industry_country: ['industry', 'country'],
    },
    unique: [['company_key']],
    foreign_keys: {},
    json: ['tags'],
  },
  sales_leads: {
    columns: [
      'id',
      ...['full_name', 'first_name', 'last_name', 'title'],
      ...['email', 'email_verified', 'phone', 'phone_verified', 'additional_emails', 'additional_phones'],
      ...['company_id', 'company_name', 'company_domain'],
      ...['country', 'city', 'state', 'postal_code', 'industry', 'tags'],
      ...['source', 'provider_name', 'external_id', 'actor_id', 'run_id', 'dataset_id'],
      ...['enrichment_status', 'enrichment_data', 'lead_score', 'lead_status', 'notes', 'raw_data'],
      ...audit,
      ...soft_delete,
    ],
    indexes: {
      ix_sales_leads_email: ['email'],
      ix_sales_leads_phone: ['phone'],
      ix_sales_leads_company_domain: ['company_domain'],
      ix_sales_leads_country: ['country'],
      ix_sales_leads_source: ['source'],
      idx_provider_external: ['provider_name', 'external_id'],
      idx_lead_source_actor: ['source', 'actor_id'],
      idx_lead_location: ['country', 'city'],
      idx_lead_status: ['lead_status', 'enrichment_status'],
      idx_lead_company: ['company_id', 'lead_status'],
    },
    unique: [['provider_name', 'external_id']],
    foreign_keys: { company_id: 'companies' },
    json: ['additional_emails', 'additional_phones', 'enrichment_data', 'raw_data'],
  },
  lead_sources: {
    columns: [
      ...['id', 'lead_id', 'source_type', 'source_name', 'provider_name', 'provider_id'],
      ...['actor_id', 'actor_name', 'run_id', 'dataset_id', 'external_id', 'external_url'],
      ...['scraped_at', 'import_batch_id', 'scrape_params', 'data_quality_score', 'confidence_score', 'metadata'],
      ...audit,
      ...soft_delete,
    ],
    indexes: {
      ix_lead_sources_source_type: ['source_type'],
      idx_source_provider: ['provider_name', 'external_id'],
      idx_source_actor_run: ['actor_id', 'run_id'],
      idx_source_batch: ['import_batch_id'],
    },
    unique: [['lead_id']],
    foreign_keys: { lead_id: 'sales_leads' },
    json: ['scrape_params', 'metadata'],
  },
  apify_sync_states: {
    columns: [
      ...['id', 'actor_id', 'actor_name', 'run_id', 'dataset_id', 'sync_status', 'last_sync_at', 'next_sync_at'],
      ...['run_status', 'started_at', 'finished_at'],
      ...['total_records', 'synced_records', 'failed_records', 'duplicate_records'],
      ...['input_params', 'error_message', 'error_details', 'retry_count', 'compute_units', 'cost_usd', 'metadata'],
      'next_offset',
      ...audit,
      ...soft_delete,
    ],
    indexes: {
      ix_apify_sync_states_actor_id: ['actor_id'],
      idx_sync_actor_status: ['actor_id', 'sync_status'],
      idx_sync_run: ['run_id'],
      idx_sync_status_time: ['sync_status', 'last_sync_at'],
    },
    unique: [['run_id']],
    foreign_keys: {},
    json: ['input_params', 'error_details', 'metadata'],
  },
  lead_events: {
    columns: [
      ...['id', 'lead_id', 'event_type', 'event_name', 'event_description', 'event_data', 'event_source'],
      ...['event_timestamp', 'actor', 'old_status', 'new_status', 'changed_fields'],
      ...audit,
    ],
    indexes: {
      ix_lead_events_lead_id: ['lead_id'],
      ix_lead_events_event_type: ['event_type'],
      ix_lead_events_event_timestamp: ['event_timestamp'],
      idx_event_lead_type: ['lead_id', 'event_type'],
      idx_event_type_time: ['event_type', 'event_timestamp'],
    },
    unique: [],
    foreign_keys: { lead_id: 'sales_leads' },
    json: ['event_data', 'changed_fields'],
  },
}

/** Columns marked as indexed in the model's diagram: some index must begin with each. */
export const indexed_columns: Record<string, string[]> = {
  companies: ['domain', 'country', 'industry'],
  sales_leads: ['email', 'phone', 'company_domain', 'country', 'source', 'external_id', 'actor_id', 'run_id'],
  lead_sources: ['source_type', 'actor_id', 'run_id', 'import_batch_id'],
  apify_sync_states: ['actor_id', 'sync_status'],
  lead_events: ['event_type', 'event_timestamp'],
}

export const soft_deleted_tables = ['companies', 'sales_leads', 'lead_sources', 'apify_sync_states']
