-- The five tables of the data model, and what the import needs in addition, for SQLite.
-- STRICT tables keep out what the other engines refuse by type; lengths are cut before a row gets here.
-- Times are ISO 8601 UTC text with milliseconds (2026-01-31T08:15:00.000Z): as text they sort in time order.
-- Text compares by its bytes (BINARY), which is code point order, as on the other engines.
-- `integer primary key` without autoincrement is the row id itself. Autoincrement would write its counter table with
-- every insert, to keep only one id from ever being used again: that of a newest row that was deleted permanently.

create table companies (
  id integer primary key,
  -- What makes two companies the same (domain:…, linkedin:…, name:…): found or created race-safely by it.
  company_key text not null,
  name text not null,
  domain text,
  company_type text,
  country text,
  city text,
  industry text,
  employee_count integer,
  employee_size_min integer,
  employee_size_max integer,
  description text,
  website text,
  linkedin_url text,
  tags text check (json_valid(tags)),
  version integer not null default 1,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  is_deleted integer not null default 0 check (is_deleted in (0, 1)),
  deleted_at text,
  deleted_by text,
  constraint ck_companies_key_text check (company_key not like '% ')
) strict;
create unique index uq_companies_company_key on companies (company_key);
create index ix_companies_domain on companies (domain);
create index ix_companies_country on companies (country);
create index ix_companies_industry on companies (industry);
create index idx_company_location on companies (country, city);
create index idx_company_industry_country on companies (industry, country);
create index ix_companies_is_deleted on companies (is_deleted, deleted_at) where is_deleted = 1;

create table sales_leads (
  id integer primary key,
  full_name text,
  first_name text,
  last_name text,
  title text,
  email text,
  email_verified integer not null default 0 check (email_verified in (0, 1)),
  phone text,
  phone_verified integer not null default 0 check (phone_verified in (0, 1)),
  additional_emails text check (json_valid(additional_emails)),
  additional_phones text check (json_valid(additional_phones)),
  company_id integer,
  company_name text,
  company_domain text,
  country text,
  city text,
  state text,
  postal_code text,
  industry text,
  tags text check (json_valid(tags)),
  source text not null,
  provider_name text,
  external_id text,
  actor_id text,
  run_id text,
  dataset_id text,
  enrichment_status text not null default 'pending',
  enrichment_data text check (json_valid(enrichment_data)),
  lead_score integer,
  lead_status text not null default 'new',
  notes text,
  -- The item's text to the letter.
  raw_data text check (json_valid(raw_data)),
  -- One short hash a mergeable column, of the value that the last import brought: a column whose value no longer
  -- has that hash was edited since and is left alone by imports.
  import_hashes text,
  version integer not null default 1,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  is_deleted integer not null default 0 check (is_deleted in (0, 1)),
  deleted_at text,
  deleted_by text,
  constraint ck_sales_leads_key_text check (provider_name not like '% ' and external_id not like '% '),
  constraint ck_sales_leads_source check (source in ('apify', 'manual', 'import', 'api')),
  constraint ck_sales_leads_enrichment_status check (enrichment_status in ('pending', 'enriched', 'failed')),
  constraint ck_sales_leads_lead_status check (lead_status in ('new', 'contacted', 'qualified', 'converted')),
  constraint ck_sales_leads_lead_score check (lead_score between 0 and 100),
  constraint fk_sales_leads_company_id foreign key (company_id) references companies (id)
) strict;
create unique index idx_provider_external on sales_leads (provider_name, external_id);
create index ix_sales_leads_email on sales_leads (email);
create index ix_sales_leads_phone on sales_leads (phone);
create index ix_sales_leads_company_domain on sales_leads (company_domain);
create index ix_sales_leads_country on sales_leads (country);
create index ix_sales_leads_source on sales_leads (source);
create index ix_sales_leads_external_id on sales_leads (external_id);
create index ix_sales_leads_actor_id on sales_leads (actor_id);
create index ix_sales_leads_run_id on sales_leads (run_id);
create index idx_lead_source_actor on sales_leads (source, actor_id);
create index idx_lead_location on sales_leads (country, city);
create index idx_lead_status on sales_leads (lead_status, enrichment_status);
create index idx_lead_company on sales_leads (company_id, lead_status);
create index ix_sales_leads_is_deleted on sales_leads (is_deleted, deleted_at) where is_deleted = 1;

create table lead_sources (
  id integer primary key,
  lead_id integer not null,
  source_type text not null,
  source_name text,
  provider_name text,
  provider_id text,
  actor_id text,
  actor_name text,
  run_id text,
  dataset_id text,
  external_id text,
  external_url text,
  scraped_at text,
  import_batch_id text,
  scrape_params text check (json_valid(scrape_params)),
  data_quality_score integer,
  confidence_score integer,
  metadata text check (json_valid(metadata)),
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  is_deleted integer not null default 0 check (is_deleted in (0, 1)),
  deleted_at text,
  deleted_by text,
  constraint ck_lead_sources_source_type check (source_type in ('apify', 'manual', 'import', 'api')),
  constraint ck_lead_sources_data_quality_score check (data_quality_score between 0 and 100),
  constraint ck_lead_sources_confidence_score check (confidence_score between 0 and 100),
  constraint fk_lead_sources_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict;
create unique index uq_lead_sources_lead_id on lead_sources (lead_id);
create index ix_lead_sources_source_type on lead_sources (source_type);
create index idx_source_provider on lead_sources (provider_name, external_id);
create index idx_source_actor_run on lead_sources (actor_id, run_id);
create index ix_lead_sources_run_id on lead_sources (run_id);
create index idx_source_batch on lead_sources (import_batch_id);
create index ix_lead_sources_is_deleted on lead_sources (is_deleted, deleted_at) where is_deleted = 1;

create table lead_events (
  id integer primary key,
  lead_id integer not null,
  event_type text not null,
  event_name text,
  event_description text,
  event_data text check (json_valid(event_data)),
  event_source text,
  event_timestamp text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  actor text,
  old_status text,
  new_status text,
  changed_fields text check (json_valid(changed_fields)),
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint fk_lead_events_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict;
create index ix_lead_events_lead_id on lead_events (lead_id);
create index ix_lead_events_event_type on lead_events (event_type);
create index ix_lead_events_event_timestamp on lead_events (event_timestamp);
create index idx_event_lead_type on lead_events (lead_id, event_type);
create index idx_event_type_time on lead_events (event_type, event_timestamp);

create table apify_sync_states (
  id integer primary key,
  actor_id text,
  actor_name text,
  run_id text not null,
  dataset_id text,
  sync_status text not null default 'pending',
  last_sync_at text,
  next_sync_at text,
  run_status text,
  started_at text,
  finished_at text,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  failed_records integer not null default 0,
  duplicate_records integer not null default 0,
  -- The checkpoint: number of imported items, over all of the run's datasets; advanced by compare-and-set.
  next_offset integer not null default 0,
  -- {dataset_id: offset to read next}; with one dataset its offset is next_offset.
  dataset_offsets text check (json_valid(dataset_offsets)),
  input_params text check (json_valid(input_params)),
  error_message text,
  error_details text check (json_valid(error_details)),
  retry_count integer not null default 0,
  compute_units real,
  cost_usd real,
  metadata text check (json_valid(metadata)),
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  is_deleted integer not null default 0 check (is_deleted in (0, 1)),
  deleted_at text,
  deleted_by text,
  constraint ck_apify_sync_states_key_text check (run_id not like '% '),
  constraint ck_apify_sync_states_sync_status check (sync_status in ('pending', 'syncing', 'completed', 'failed')),
  constraint ck_apify_sync_states_run_status check (run_status in
    ('READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMING-OUT', 'TIMED-OUT', 'ABORTING', 'ABORTED'))
) strict;
-- run_id is UNIQUE by this index; a second one on the same column would be kept twice.
create unique index idx_sync_run on apify_sync_states (run_id);
create index ix_apify_sync_states_actor_id on apify_sync_states (actor_id);
create index idx_sync_actor_status on apify_sync_states (actor_id, sync_status);
create index idx_sync_status_time on apify_sync_states (sync_status, last_sync_at);
create index ix_apify_sync_states_next_sync_at on apify_sync_states (next_sync_at);
create index ix_apify_sync_states_is_deleted on apify_sync_states (is_deleted, deleted_at) where is_deleted = 1;

-- Items that became no lead: refused by the mapping or by the database, kept whole for replay.
create table sync_rejections (
  id integer primary key,
  run_id text not null,
  dataset_id text not null,
  item_offset integer not null,
  actor_id text,
  reason text not null,
  raw_data text check (json_valid(raw_data)),
  resolved_at text,
  resolved_lead_id integer,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_sync_rejections_key_text check (run_id not like '% ' and dataset_id not like '% '),
  constraint fk_sync_rejections_resolved_lead_id foreign key (resolved_lead_id)
    references sales_leads (id) on delete set null
) strict;
create unique index uq_sync_rejections_item on sync_rejections (run_id, dataset_id, item_offset);
create index ix_sync_rejections_actor_id on sync_rejections (actor_id);
create index ix_sync_rejections_resolved_lead_id on sync_rejections (resolved_lead_id);
create index ix_sync_rejections_created_at on sync_rejections (created_at);

-- A key is shown once; only its SHA-256 is kept.
create table api_keys (
  id integer primary key,
  name text not null,
  key_prefix text not null,
  key_hash text not null,
  scopes text not null check (json_valid(scopes)),
  expires_at text,
  revoked_at text,
  last_used_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text
) strict;
create unique index uq_api_keys_key_hash on api_keys (key_hash);
create index ix_api_keys_name on api_keys (name);
