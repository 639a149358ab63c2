CREATE TABLE api_keys (
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
, rotated_at text) strict;
CREATE INDEX ix_api_keys_name on api_keys (name);
CREATE UNIQUE INDEX uq_api_keys_key_hash on api_keys (key_hash);

CREATE TABLE apify_sync_ranges (
  id integer primary key,
  run_id text not null references apify_sync_states (run_id) on delete cascade,
  dataset_id text not null,
  range_start integer not null,
  range_end integer not null,
  sync_status text not null default 'pending',
  last_sync_at text,
  next_sync_at text,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  failed_records integer not null default 0,
  duplicate_records integer not null default 0,
  next_offset integer not null default 0,
  dataset_offsets text not null check (json_valid(dataset_offsets)),
  retry_count integer not null default 0,
  metadata text check (json_valid(metadata)),
  lease_id text,
  lease_expires_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_apify_sync_ranges_bounds check (range_start >= 0 and range_end > range_start),
  constraint ck_apify_sync_ranges_checkpoint check (next_offset between 0 and range_end - range_start)
) strict;
CREATE UNIQUE INDEX uq_apify_sync_ranges on apify_sync_ranges (run_id, dataset_id, range_start);

CREATE TABLE apify_sync_states (
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
  next_offset integer not null default 0,
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
  deleted_by text, dataset_item_count integer, lease_id text, lease_expires_at text, is_split integer not null default 0 check (is_split in (0, 1)),
  constraint ck_apify_sync_states_key_text check (run_id not like '% '),
  constraint ck_apify_sync_states_sync_status check (sync_status in ('pending', 'syncing', 'completed', 'failed')),
  constraint ck_apify_sync_states_run_status check (run_status in
    ('READY', 'RUNNING', 'SUCCEEDED', 'FAILED', 'TIMING-OUT', 'TIMED-OUT', 'ABORTING', 'ABORTED'))
) strict;
CREATE INDEX idx_sync_actor_status on apify_sync_states (actor_id, sync_status);
CREATE UNIQUE INDEX idx_sync_run on apify_sync_states (run_id);
CREATE INDEX idx_sync_status_time on apify_sync_states (sync_status, last_sync_at);
CREATE INDEX ix_apify_sync_states_actor_id on apify_sync_states (actor_id);
CREATE INDEX ix_apify_sync_states_created_at on apify_sync_states (created_at, id);
CREATE INDEX ix_apify_sync_states_finished_at on apify_sync_states (finished_at, id) where finished_at is not null;
CREATE INDEX ix_apify_sync_states_is_deleted on apify_sync_states (is_deleted, deleted_at) where is_deleted = 1;
CREATE INDEX ix_apify_sync_states_next_sync_at on apify_sync_states (next_sync_at);
CREATE INDEX ix_apify_sync_states_run_status on apify_sync_states (run_status, created_at, id);

CREATE TABLE bulk_jobs (
  id integer primary key,
  job_type text not null,
  job_status text not null default 'running',
  query text not null,
  patch text check (json_valid(patch)),
  last_id integer not null default 0,
  end_id integer not null,
  changed_count integer not null default 0,
  unchanged_count integer not null default 0,
  failed_count integer not null default 0,
  failures text check (json_valid(failures)),
  finished_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_bulk_jobs_type check (job_type in ('update', 'delete', 'restore')),
  constraint ck_bulk_jobs_status check (job_status in ('running', 'completed', 'canceled'))
) strict;
CREATE INDEX ix_bulk_jobs_created_at on bulk_jobs (created_at, id);

CREATE TABLE companies (
  id integer primary key,
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
  deleted_by text, merged_into_id integer
  constraint fk_companies_merged_into_id references companies (id) on delete cascade,
  constraint ck_companies_key_text check (company_key not like '% ')
) strict;
CREATE INDEX idx_company_industry_country on companies (industry, country);
CREATE INDEX idx_company_location on companies (country, city);
CREATE INDEX ix_companies_country on companies (country);
CREATE INDEX ix_companies_created_at on companies (created_at, id);
CREATE INDEX ix_companies_domain on companies (domain);
CREATE INDEX ix_companies_industry on companies (industry);
CREATE INDEX ix_companies_is_deleted on companies (is_deleted, deleted_at) where is_deleted = 1;
CREATE INDEX ix_companies_merged_into_id on companies (merged_into_id) where merged_into_id is not null;
CREATE INDEX ix_companies_name on companies (name, id);
CREATE INDEX ix_companies_updated_at on companies (updated_at, id);
CREATE UNIQUE INDEX uq_companies_company_key on companies (company_key);
CREATE TRIGGER tr_companies_words_delete after delete on companies begin
  delete from company_words where rowid = old.id;
end;
CREATE TRIGGER tr_companies_words_insert after insert on companies begin
  insert into company_words (rowid, words) values (new.id,
    new.name || ' ' || coalesce(new.domain, '') || ' ' || coalesce(new.city, '') || ' ' ||
    coalesce(new.industry, '') || ' ' || coalesce(new.tags, ''));
end;
CREATE TRIGGER tr_companies_words_update after update of name, domain, city, industry, tags on companies
when old.name is not new.name or old.domain is not new.domain or old.city is not new.city
  or old.industry is not new.industry or old.tags is not new.tags
begin
  update company_words set words =
    new.name || ' ' || coalesce(new.domain, '') || ' ' || coalesce(new.city, '') || ' ' ||
    coalesce(new.industry, '') || ' ' || coalesce(new.tags, '')
  where rowid = new.id;
end;

CREATE TABLE company_duplicates (
  company_a integer not null,
  company_b integer not null,
  certainty integer not null,
  is_certain integer not null,
  reasons text not null,
  duplicate_status text not null default 'open',
  checked_at text not null,
  decided_at text,
  decided_by text,
  primary key (company_a, company_b),
  constraint ck_company_duplicates_order check (company_a < company_b),
  constraint ck_company_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_company_duplicates_company_a foreign key (company_a) references companies (id) on delete cascade,
  constraint fk_company_duplicates_company_b foreign key (company_b) references companies (id) on delete cascade
) strict, without rowid;
CREATE INDEX ix_company_duplicates_certainty
  on company_duplicates (duplicate_status, certainty desc, company_a, company_b);
CREATE INDEX ix_company_duplicates_company_b on company_duplicates (company_b);

CREATE TABLE company_match_keys (
  match_key integer not null,
  company_id integer not null,
  primary key (match_key, company_id)
) strict, without rowid;
CREATE INDEX ix_company_match_keys_company_id on company_match_keys (company_id);

CREATE TABLE company_merges (
  id integer primary key,
  keeper_id integer not null,
  merged_id integer not null,
  changed_fields text not null,
  moved_lead_ids text not null,
  merged_at text not null,
  merged_by text not null,
  undone_at text,
  undone_by text,
  constraint fk_company_merges_keeper_id foreign key (keeper_id) references companies (id) on delete cascade,
  constraint fk_company_merges_merged_id foreign key (merged_id) references companies (id) on delete cascade
) strict;
CREATE INDEX ix_company_merges_keeper_id on company_merges (keeper_id, id);
CREATE INDEX ix_company_merges_merged_id on company_merges (merged_id, id);

CREATE VIRTUAL TABLE company_words using fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE 'company_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'company_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'company_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'company_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE database_secrets (
  name text not null primary key,
  secret text not null,
  created_at text not null
) strict;

CREATE TABLE idempotency_keys (
  id integer primary key,
  api_key_id integer not null,
  idempotency_key text not null,
  request_hash text not null,
  claim text not null,
  locked_at text not null,
  response_status integer,
  response_headers text check (json_valid(response_headers)),
  response_body text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  constraint fk_idempotency_keys_api_key_id foreign key (api_key_id) references api_keys (id) on delete cascade
) strict;
CREATE INDEX ix_idempotency_keys_created_at on idempotency_keys (created_at);
CREATE UNIQUE INDEX uq_idempotency_keys_key on idempotency_keys (api_key_id, idempotency_key);

CREATE TABLE identity_tombstones (
  identity_hash text not null primary key,
  lead_id integer not null,
  buried_at text not null
) strict, without rowid;
CREATE INDEX ix_identity_tombstones_lead_id on identity_tombstones (lead_id);

CREATE TABLE import_batches (
  id integer primary key,
  import_batch_id text not null,
  batch_status text not null default 'importing',
  file_name text,
  file_hash text not null,
  import_options text not null check (json_valid(import_options)),
  options_hash text not null,
  column_matches text check (json_valid(column_matches)),
  next_record integer not null default 0,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  duplicate_records integer not null default 0,
  failed_records integer not null default 0,
  updated_records integer not null default 0,
  completed_at text,
  undone_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text, match_counts text check (json_valid(match_counts)),
  constraint ck_import_batches_key_text check (import_batch_id not like '% '),
  constraint ck_import_batches_batch_status check (batch_status in ('importing', 'completed', 'undoing', 'undone'))
) strict;
CREATE INDEX ix_import_batches_batch_status on import_batches (batch_status, id);
CREATE INDEX ix_import_batches_created_at on import_batches (created_at, id);
CREATE INDEX ix_import_batches_created_by on import_batches (created_by, id);
CREATE INDEX ix_import_batches_file_hash on import_batches (file_hash, options_hash);
CREATE INDEX ix_import_batches_file_name on import_batches (file_name, id);
CREATE UNIQUE INDEX uq_import_batches_import_batch_id on import_batches (import_batch_id);

CREATE TABLE import_changes (
  import_batch_id text not null,
  lead_id integer not null,
  company_id integer,
  import_hashes text,
  raw_data text check (json_valid(raw_data)),
  undone_at text,
  kept_fields text check (json_valid(kept_fields)),
  kept_reason text,
  constraint pk_import_changes primary key (import_batch_id, lead_id),
  constraint fk_import_changes_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade,
  constraint fk_import_changes_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict;
CREATE INDEX ix_import_changes_lead_id on import_changes (lead_id);

CREATE TABLE import_companies (
  import_batch_id text not null,
  company_key text not null,
  filled_columns text check (json_valid(filled_columns)),
  constraint pk_import_companies primary key (import_batch_id, company_key),
  constraint fk_import_companies_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade
) strict;

CREATE TABLE import_rejections (
  id integer primary key,
  import_batch_id text not null,
  record_number integer not null,
  line_number integer,
  reason text not null,
  raw_data text check (json_valid(raw_data)),
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  constraint fk_import_rejections_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade
) strict;
CREATE UNIQUE INDEX uq_import_rejections_record on import_rejections (import_batch_id, record_number);

CREATE TABLE lead_duplicates (
  lead_a integer not null,
  lead_b integer not null,
  certainty integer not null,
  is_certain integer not null,
  reasons text not null,
  duplicate_status text not null default 'open',
  checked_at text not null,
  decided_at text,
  decided_by text,
  primary key (lead_a, lead_b),
  constraint ck_lead_duplicates_order check (lead_a < lead_b),
  constraint ck_lead_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_lead_duplicates_lead_a foreign key (lead_a) references sales_leads (id) on delete cascade,
  constraint fk_lead_duplicates_lead_b foreign key (lead_b) references sales_leads (id) on delete cascade
) strict, without rowid;
CREATE INDEX ix_lead_duplicates_certainty on lead_duplicates (duplicate_status, certainty desc, lead_a, lead_b);
CREATE INDEX ix_lead_duplicates_lead_b on lead_duplicates (lead_b);

CREATE TABLE lead_events (
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
CREATE INDEX idx_event_lead_type on lead_events (lead_id, event_type);
CREATE INDEX idx_event_type_time on lead_events (event_type, event_timestamp);
CREATE INDEX ix_lead_events_event_timestamp on lead_events (event_timestamp);
CREATE INDEX ix_lead_events_event_type on lead_events (event_type);
CREATE INDEX ix_lead_events_lead_id on lead_events (lead_id);

CREATE TABLE lead_identities (
  identity text not null,
  lead_id integer not null,
  is_shared integer not null default 0,
  seen_at text not null,
  primary key (identity),
  constraint ck_lead_identities_key_text check (identity not like '% '),
  constraint fk_lead_identities_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;
CREATE INDEX ix_lead_identities_lead_id on lead_identities (lead_id);

CREATE TABLE lead_match_keys (
  match_key integer not null,
  lead_id integer not null,
  primary key (match_key, lead_id)
) strict, without rowid;
CREATE INDEX ix_lead_match_keys_lead_id on lead_match_keys (lead_id);

CREATE TABLE lead_merges (
  id integer primary key,
  keeper_id integer not null,
  merged_id integer not null,
  certainty integer,
  reasons text,
  moved_identities text not null,
  copied_sources text not null,
  changed_fields text not null,
  keeper_hashes text,
  merged_at text not null,
  merged_by text not null,
  undone_at text,
  undone_by text,
  constraint fk_lead_merges_keeper_id foreign key (keeper_id) references sales_leads (id) on delete cascade,
  constraint fk_lead_merges_merged_id foreign key (merged_id) references sales_leads (id) on delete cascade
) strict;
CREATE INDEX ix_lead_merges_keeper_id on lead_merges (keeper_id, id);
CREATE INDEX ix_lead_merges_merged_id on lead_merges (merged_id, id);

CREATE TABLE lead_sightings (
  lead_id integer not null,
  source_type text not null,
  source_id text not null,
  seen_at text not null, observed_at text,
  primary key (lead_id, source_id),
  constraint ck_lead_sightings_source_type check (source_type in ('apify', 'import')),
  constraint fk_lead_sightings_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;

CREATE TABLE lead_source_states (
  lead_id integer not null,
  source_key text not null,
  import_hashes text not null,
  observed_at text not null, observations text,
  primary key (lead_id, source_key),
  constraint fk_lead_source_states_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;

CREATE TABLE lead_sources (
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
CREATE INDEX idx_source_actor_run on lead_sources (actor_id, run_id);
CREATE INDEX idx_source_batch on lead_sources (import_batch_id);
CREATE INDEX idx_source_provider on lead_sources (provider_name, external_id);
CREATE INDEX ix_lead_sources_is_deleted on lead_sources (is_deleted, deleted_at) where is_deleted = 1;
CREATE INDEX ix_lead_sources_run_id on lead_sources (run_id);
CREATE INDEX ix_lead_sources_source_type on lead_sources (source_type);
CREATE UNIQUE INDEX uq_lead_sources_lead_id on lead_sources (lead_id);

CREATE VIRTUAL TABLE lead_words using fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0'
);

CREATE TABLE 'lead_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'lead_words_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'lead_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);

CREATE TABLE 'lead_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE sales_leads (
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
  raw_data text check (json_valid(raw_data)),
  import_hashes text,
  version integer not null default 1,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  is_deleted integer not null default 0 check (is_deleted in (0, 1)),
  deleted_at text,
  deleted_by text, street text, merged_into_id integer
  constraint fk_sales_leads_merged_into_id references sales_leads (id) on delete cascade, observed_at text, data_quality_score integer check (data_quality_score between 0 and 100),
  constraint ck_sales_leads_key_text check (provider_name not like '% ' and external_id not like '% '),
  constraint ck_sales_leads_source check (source in ('apify', 'manual', 'import', 'api')),
  constraint ck_sales_leads_enrichment_status check (enrichment_status in ('pending', 'enriched', 'failed')),
  constraint ck_sales_leads_lead_status check (lead_status in ('new', 'contacted', 'qualified', 'converted')),
  constraint ck_sales_leads_lead_score check (lead_score between 0 and 100),
  constraint fk_sales_leads_company_id foreign key (company_id) references companies (id)
) strict;
CREATE INDEX idx_lead_company on sales_leads (company_id, lead_status);
CREATE INDEX idx_lead_country_status_created on sales_leads (country, lead_status, created_at desc, id desc)
  where not is_deleted;
CREATE INDEX idx_lead_location on sales_leads (country, city);
CREATE INDEX idx_lead_source_actor on sales_leads (source, actor_id);
CREATE INDEX idx_lead_status on sales_leads (lead_status, enrichment_status);
CREATE UNIQUE INDEX idx_provider_external on sales_leads (provider_name, external_id);
CREATE INDEX ix_sales_leads_actor_id on sales_leads (actor_id, created_at, id);
CREATE INDEX ix_sales_leads_city on sales_leads (city, created_at, id);
CREATE INDEX ix_sales_leads_company_domain on sales_leads (company_domain);
CREATE INDEX ix_sales_leads_company_name on sales_leads (company_name, created_at, id);
CREATE INDEX ix_sales_leads_country on sales_leads (country);
CREATE INDEX ix_sales_leads_created_at on sales_leads (created_at, id);
CREATE INDEX ix_sales_leads_created_by on sales_leads (created_by, created_at, id) where created_by <> 'apify-sync';
CREATE INDEX ix_sales_leads_data_quality_score on sales_leads (data_quality_score, id)
  where data_quality_score is not null;
CREATE INDEX ix_sales_leads_email on sales_leads (email);
CREATE INDEX ix_sales_leads_enriched on sales_leads (enrichment_status, created_at, id)
  where enrichment_status <> 'pending';
CREATE INDEX ix_sales_leads_external_id on sales_leads (external_id);
CREATE INDEX ix_sales_leads_industry on sales_leads (industry, created_at, id);
CREATE INDEX ix_sales_leads_is_deleted on sales_leads (is_deleted, deleted_at) where is_deleted = 1;
CREATE INDEX ix_sales_leads_lead_score on sales_leads (lead_score, id) where lead_score is not null;
CREATE INDEX ix_sales_leads_merged_into_id on sales_leads (merged_into_id) where merged_into_id is not null;
CREATE INDEX ix_sales_leads_not_scraped on sales_leads (source, created_at, id) where source <> 'apify';
CREATE INDEX ix_sales_leads_phone on sales_leads (phone);
CREATE INDEX ix_sales_leads_run_id on sales_leads (run_id, created_at, id);
CREATE INDEX ix_sales_leads_source on sales_leads (source);
CREATE INDEX ix_sales_leads_state on sales_leads (state, created_at, id);
CREATE INDEX ix_sales_leads_updated_at on sales_leads (updated_at, id);
CREATE INDEX ix_sales_leads_worked on sales_leads (lead_status, created_at, id) where lead_status <> 'new';
CREATE TRIGGER tr_sales_leads_words_delete after delete on sales_leads begin
  delete from lead_words where rowid = old.id;
end;
CREATE TRIGGER tr_sales_leads_words_insert after insert on sales_leads begin
  insert into lead_words (rowid, words) values (new.id,
    coalesce(new.full_name, '') || ' ' || coalesce(new.email, '') || ' ' || coalesce(new.company_name, '') || ' ' ||
    coalesce(new.title, '') || ' ' || coalesce(new.tags, ''));
end;
CREATE TRIGGER tr_sales_leads_words_update after update of full_name, email, company_name, title, tags on sales_leads
when old.full_name is not new.full_name or old.email is not new.email or old.company_name is not new.company_name
  or old.title is not new.title or old.tags is not new.tags
begin
  update lead_words set words =
    coalesce(new.full_name, '') || ' ' || coalesce(new.email, '') || ' ' || coalesce(new.company_name, '') || ' ' ||
    coalesce(new.title, '') || ' ' || coalesce(new.tags, '')
  where rowid = new.id;
end;

CREATE TABLE saved_views (
  id integer primary key,
  list text not null,
  name text not null,
  query text not null,
  columns text check (json_valid(columns)),
  is_shared integer not null default 0 check (is_shared in (0, 1)),
  position integer not null default 0,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_saved_views_list check (list in ('leads', 'companies', 'syncs', 'imports', 'rejections'))
) strict;
CREATE INDEX ix_saved_views_shared on saved_views (id) where is_shared = 1;
CREATE UNIQUE INDEX uq_saved_views_name on saved_views (created_by, list, name);

CREATE TABLE sync_rejections (
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
CREATE INDEX ix_sync_rejections_actor_id on sync_rejections (actor_id, id);
CREATE INDEX ix_sync_rejections_created_at on sync_rejections (created_at);
CREATE INDEX ix_sync_rejections_dataset_id on sync_rejections (dataset_id, id);
CREATE INDEX ix_sync_rejections_open on sync_rejections (id) where resolved_at is null;
CREATE INDEX ix_sync_rejections_reason on sync_rejections (reason, id);
CREATE INDEX ix_sync_rejections_resolved_lead_id on sync_rejections (resolved_lead_id);
CREATE UNIQUE INDEX uq_sync_rejections_item on sync_rejections (run_id, dataset_id, item_offset);

CREATE TABLE task_states (
  name text not null primary key,
  task_state text not null,
  updated_at text not null
) strict;

CREATE TABLE watermarks (
  name text not null primary key,
  reached_at text not null
) strict;
