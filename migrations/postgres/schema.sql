CREATE OR REPLACE FUNCTION public.add_to_longer_counts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- It is also called for what it adds itself.
  if not exists (select from added where grain_s = 86400) then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into lead_counts (grain_s, dimension, period, value, leads_count)
    select longer.grain_s, dimension, period >> bits, value, sum(leads_count)
    from added cross join (values (691200, 3), (5529600, 6), (44236800, 9)) as longer (grain_s, bits)
    where added.grain_s = 86400
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (grain_s, dimension, period, value)
    do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  else
    insert into lead_counts (grain_s, dimension, period, value, leads_count)
    select longer.grain_s, dimension, period >> bits, value, sum(leads_count)
    from (
      select grain_s, dimension, period, value, leads_count from added
      union all
      select grain_s, dimension, period, value, -leads_count from removed
    ) as days cross join (values (691200, 3), (5529600, 6), (44236800, 9)) as longer (grain_s, bits)
    where days.grain_s = 86400
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (grain_s, dimension, period, value)
    do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.clear_lead_counts()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  delete from lead_count_changes;
  delete from lead_counts;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.count_changed_lead()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  if not old.is_deleted then
    insert into lead_count_changes
      (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (old.created_at, old.id >> 16, old.lead_status, old.enrichment_status, old.source, old.actor_id,
      old.country, -1);
  end if;
  if tg_op = 'UPDATE' and not new.is_deleted then
    insert into lead_count_changes
      (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (new.created_at, new.id >> 16, new.lead_status, new.enrichment_status, new.source, new.actor_id,
      new.country, 1);
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.count_new_leads()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
begin
  insert into lead_count_changes
    (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
  select created_at, id >> 16, lead_status, enrichment_status, source, actor_id, country, count(*)
  from new_leads where not is_deleted
  group by created_at, id >> 16, lead_status, enrichment_status, source, actor_id, country;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.keep_unfinished_quarter()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  reached_at timestamptz(3);
  reached_block integer;
begin
  select (task_state -> 'position' ->> 'created_at')::timestamptz, (task_state -> 'position' ->> 'id_block')::integer
  into reached_at, reached_block
  from task_states where name = 'lead-counts';
  if reached_at is null then
    return null;
  end if;
  insert into lead_counts (grain_s, dimension, period, value, leads_count)
  select -900, dimension, floor(extract(epoch from reached_at) / 900)::integer, value, sum(leads_count)
  from removed cross join lateral (values
    ('lead_status', '=' || lead_status), ('enrichment_status', '=' || enrichment_status), ('source', '=' || source),
    ('actor_id', coalesce('=' || actor_id, '')), ('country', coalesce('=' || country, ''))
  ) as dimensions (dimension, value)
  where (created_at, coalesce(id_block, 0)) < (reached_at, reached_block)
    and floor(extract(epoch from created_at) / 900) = floor(extract(epoch from reached_at) / 900)
  group by dimension, value order by dimension, value
  on conflict (grain_s, dimension, period, value)
  do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION public.lead_words(full_name text, email text, company_name text, title text, tags jsonb)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN to_tsvector('simple'::regconfig, translate(((((((((COALESCE(full_name, ''::text) || ' '::text) || COALESCE(email, ''::text)) || ' '::text) || COALESCE(company_name, ''::text)) || ' '::text) || COALESCE(title, ''::text)) || ' '::text) || COALESCE((tags)::text, ''::text)), '@.-_/\:&+?=#%~'::text, '              '::text));

CREATE OR REPLACE FUNCTION public.limit_statements(limit_ms integer)
 RETURNS text
 LANGUAGE sql
RETURN set_config('statement_timeout'::text, (limit_ms)::text, true);

CREATE OR REPLACE FUNCTION public.next_lead_id()
 RETURNS integer
 LANGUAGE sql
RETURN (nextval('sales_leads_id_seq'::regclass))::integer;

CREATE OR REPLACE FUNCTION public.read_by_index()
 RETURNS text
 LANGUAGE sql
RETURN (set_config('enable_seqscan'::text, 'off'::text, true) || set_config('jit'::text, 'off'::text, true));

create table api_keys (
  id integer not null generated by default as identity,
  name character varying(255) not null,
  key_prefix character varying(20) not null,
  key_hash character varying(64) not null,
  scopes json not null,
  expires_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  rotated_at timestamp(3) with time zone,
  constraint api_keys_pkey PRIMARY KEY (id)
);
CREATE INDEX ix_api_keys_name ON api_keys (name);
CREATE UNIQUE INDEX uq_api_keys_key_hash ON api_keys (key_hash);

create table apify_sync_ranges (
  id integer not null generated by default as identity,
  run_id character varying(100) not null,
  dataset_id character varying(100) not null,
  range_start integer not null,
  range_end integer not null,
  sync_status character varying(20) not null default 'pending'::character varying,
  last_sync_at timestamp(3) with time zone,
  next_sync_at timestamp(3) with time zone,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  failed_records integer not null default 0,
  duplicate_records integer not null default 0,
  next_offset integer not null default 0,
  dataset_offsets json not null,
  retry_count integer not null default 0,
  metadata json,
  lease_id character varying(36),
  lease_expires_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  constraint apify_sync_ranges_pkey PRIMARY KEY (id),
  constraint apify_sync_ranges_run_id_fkey FOREIGN KEY (run_id) REFERENCES apify_sync_states(run_id) ON DELETE CASCADE,
  constraint ck_apify_sync_ranges_bounds CHECK (range_start >= 0 AND range_end > range_start),
  constraint ck_apify_sync_ranges_checkpoint CHECK (next_offset >= 0 AND next_offset <= (range_end - range_start))
);
CREATE UNIQUE INDEX uq_apify_sync_ranges ON apify_sync_ranges (run_id, dataset_id, range_start);

create table apify_sync_states (
  id integer not null generated by default as identity,
  actor_id character varying(100),
  actor_name character varying(255),
  run_id character varying(100) not null,
  dataset_id character varying(100),
  sync_status character varying(20) not null default 'pending'::character varying,
  last_sync_at timestamp(3) with time zone,
  next_sync_at timestamp(3) with time zone,
  run_status character varying(20),
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  failed_records integer not null default 0,
  duplicate_records integer not null default 0,
  next_offset integer not null default 0,
  dataset_offsets json,
  input_params json,
  error_message text,
  error_details json,
  retry_count integer not null default 0,
  compute_units numeric(16,6),
  cost_usd numeric(16,6),
  metadata json,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  is_deleted boolean not null default false,
  deleted_at timestamp(3) with time zone,
  deleted_by character varying(255),
  dataset_item_count integer,
  lease_id character varying(36),
  lease_expires_at timestamp(3) with time zone,
  is_split boolean not null default false,
  constraint apify_sync_states_pkey PRIMARY KEY (id),
  constraint ck_apify_sync_states_key_text CHECK (run_id::text !~~ '% '::text),
  constraint ck_apify_sync_states_run_status CHECK (run_status::text = ANY (ARRAY['READY'::character varying, 'RUNNING'::character varying, 'SUCCEEDED'::character varying, 'FAILED'::character varying, 'TIMING-OUT'::character varying, 'TIMED-OUT'::character varying, 'ABORTING'::character varying, 'ABORTED'::character varying]::text[])),
  constraint ck_apify_sync_states_sync_status CHECK (sync_status::text = ANY (ARRAY['pending'::character varying, 'syncing'::character varying, 'completed'::character varying, 'failed'::character varying]::text[]))
);
CREATE INDEX idx_sync_actor_status ON apify_sync_states (actor_id, sync_status);
CREATE UNIQUE INDEX idx_sync_run ON apify_sync_states (run_id);
CREATE INDEX idx_sync_status_time ON apify_sync_states (sync_status, last_sync_at);
CREATE INDEX ix_apify_sync_states_actor_id ON apify_sync_states (actor_id);
CREATE INDEX ix_apify_sync_states_created_at ON apify_sync_states (created_at, id);
CREATE INDEX ix_apify_sync_states_finished_at ON apify_sync_states (finished_at, id) WHERE (finished_at IS NOT NULL);
CREATE INDEX ix_apify_sync_states_is_deleted ON apify_sync_states (is_deleted, deleted_at) WHERE is_deleted;
CREATE INDEX ix_apify_sync_states_next_sync_at ON apify_sync_states (next_sync_at);
CREATE INDEX ix_apify_sync_states_run_status ON apify_sync_states (run_status, created_at, id);

create table bulk_jobs (
  id integer not null generated by default as identity,
  job_type character varying(20) not null,
  job_status character varying(20) not null default 'running'::character varying,
  query text not null,
  patch json,
  last_id integer not null default 0,
  end_id integer not null,
  changed_count integer not null default 0,
  unchanged_count integer not null default 0,
  failed_count integer not null default 0,
  failures json,
  finished_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  constraint bulk_jobs_pkey PRIMARY KEY (id),
  constraint ck_bulk_jobs_status CHECK (job_status::text = ANY (ARRAY['running'::character varying, 'completed'::character varying, 'canceled'::character varying]::text[])),
  constraint ck_bulk_jobs_type CHECK (job_type::text = ANY (ARRAY['update'::character varying, 'delete'::character varying, 'restore'::character varying]::text[]))
);
CREATE INDEX ix_bulk_jobs_created_at ON bulk_jobs (created_at, id);

create table companies (
  id integer not null generated by default as identity,
  company_key character varying(255) not null,
  name character varying(255) not null,
  domain character varying(255),
  company_type character varying(50),
  country character varying(100),
  city character varying(100),
  industry character varying(100),
  employee_count integer,
  employee_size_min integer,
  employee_size_max integer,
  description text,
  website character varying(2048),
  linkedin_url character varying(2048),
  tags jsonb,
  version integer not null default 1,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  is_deleted boolean not null default false,
  deleted_at timestamp(3) with time zone,
  deleted_by character varying(255),
  merged_into_id integer,
  constraint companies_pkey PRIMARY KEY (id),
  constraint ck_companies_key_text CHECK (company_key::text !~~ '% '::text),
  constraint fk_companies_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES companies(id) ON DELETE CASCADE
);
CREATE INDEX idx_company_industry_country ON companies (industry, country);
CREATE INDEX idx_company_location ON companies (country, city);
CREATE INDEX ix_companies_country ON companies (country);
CREATE INDEX ix_companies_created_at ON companies (created_at, id);
CREATE INDEX ix_companies_domain ON companies (domain varchar_pattern_ops);
CREATE INDEX ix_companies_industry ON companies (industry);
CREATE INDEX ix_companies_is_deleted ON companies (is_deleted, deleted_at) WHERE is_deleted;
CREATE INDEX ix_companies_merged_into_id ON companies (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX ix_companies_name ON companies (name, id);
CREATE INDEX ix_companies_name_prefix ON companies (name varchar_pattern_ops);
CREATE INDEX ix_companies_updated_at ON companies (updated_at, id);
CREATE INDEX ix_companies_words ON companies USING gin (lead_words((name)::text, (domain)::text, (city)::text, (industry)::text, tags)) WITH (gin_pending_list_limit='1024');
CREATE UNIQUE INDEX uq_companies_company_key ON companies (company_key);

create table company_duplicates (
  company_a integer not null,
  company_b integer not null,
  certainty smallint not null,
  is_certain boolean not null,
  reasons json not null,
  duplicate_status character varying(20) not null default 'open'::character varying,
  checked_at timestamp(3) with time zone not null,
  decided_at timestamp(3) with time zone,
  decided_by character varying(255),
  constraint company_duplicates_pkey PRIMARY KEY (company_a, company_b),
  constraint ck_company_duplicates_order CHECK (company_a < company_b),
  constraint ck_company_duplicates_status CHECK (duplicate_status::text = ANY (ARRAY['open'::character varying, 'merged'::character varying, 'dismissed'::character varying]::text[])),
  constraint fk_company_duplicates_company_a FOREIGN KEY (company_a) REFERENCES companies(id) ON DELETE CASCADE,
  constraint fk_company_duplicates_company_b FOREIGN KEY (company_b) REFERENCES companies(id) ON DELETE CASCADE
);
CREATE INDEX ix_company_duplicates_certainty ON company_duplicates (duplicate_status, certainty DESC, company_a, company_b);
CREATE INDEX ix_company_duplicates_company_b ON company_duplicates (company_b);

create table company_match_keys (
  match_key bigint not null,
  company_id integer not null,
  constraint company_match_keys_pkey PRIMARY KEY (match_key, company_id)
);
CREATE INDEX ix_company_match_keys_company_id ON company_match_keys (company_id);

create table company_merges (
  id integer not null generated by default as identity,
  keeper_id integer not null,
  merged_id integer not null,
  changed_fields json not null,
  moved_lead_ids json not null,
  merged_at timestamp(3) with time zone not null,
  merged_by character varying(255) not null,
  undone_at timestamp(3) with time zone,
  undone_by character varying(255),
  constraint company_merges_pkey PRIMARY KEY (id),
  constraint fk_company_merges_keeper_id FOREIGN KEY (keeper_id) REFERENCES companies(id) ON DELETE CASCADE,
  constraint fk_company_merges_merged_id FOREIGN KEY (merged_id) REFERENCES companies(id) ON DELETE CASCADE
);
CREATE INDEX ix_company_merges_keeper_id ON company_merges (keeper_id, id);
CREATE INDEX ix_company_merges_merged_id ON company_merges (merged_id, id);

create table database_secrets (
  name character varying(100) not null,
  secret character varying(255) not null,
  created_at timestamp(3) with time zone not null,
  constraint database_secrets_pkey PRIMARY KEY (name)
);

create table idempotency_keys (
  id integer not null generated by default as identity,
  api_key_id integer not null,
  idempotency_key character varying(255) not null,
  request_hash character varying(64) not null,
  claim character varying(36) not null,
  locked_at timestamp(3) with time zone not null,
  response_status smallint,
  response_headers json,
  response_body text,
  created_at timestamp(3) with time zone not null default now(),
  constraint idempotency_keys_pkey PRIMARY KEY (id),
  constraint fk_idempotency_keys_api_key_id FOREIGN KEY (api_key_id) REFERENCES api_keys(id) ON DELETE CASCADE
);
CREATE INDEX ix_idempotency_keys_created_at ON idempotency_keys (created_at);
CREATE UNIQUE INDEX uq_idempotency_keys_key ON idempotency_keys (api_key_id, idempotency_key);

create table identity_tombstones (
  identity_hash character varying(64) not null,
  lead_id integer not null,
  buried_at timestamp(3) with time zone not null,
  constraint identity_tombstones_pkey PRIMARY KEY (identity_hash)
);
CREATE INDEX ix_identity_tombstones_lead_id ON identity_tombstones (lead_id);

create table import_batches (
  id integer not null generated by default as identity,
  import_batch_id character varying(100) not null,
  batch_status character varying(20) not null default 'importing'::character varying,
  file_name character varying(255),
  file_hash character varying(64) not null,
  import_options jsonb not null,
  options_hash character varying(64) not null,
  column_matches jsonb,
  next_record integer not null default 0,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  duplicate_records integer not null default 0,
  failed_records integer not null default 0,
  updated_records integer not null default 0,
  completed_at timestamp(3) with time zone,
  undone_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  match_counts json,
  constraint import_batches_pkey PRIMARY KEY (id),
  constraint ck_import_batches_batch_status CHECK (batch_status::text = ANY (ARRAY['importing'::character varying, 'completed'::character varying, 'undoing'::character varying, 'undone'::character varying]::text[])),
  constraint ck_import_batches_key_text CHECK (import_batch_id::text !~~ '% '::text)
);
CREATE INDEX ix_import_batches_batch_status ON import_batches (batch_status, id);
CREATE INDEX ix_import_batches_created_at ON import_batches (created_at, id);
CREATE INDEX ix_import_batches_created_by ON import_batches (created_by, id);
CREATE INDEX ix_import_batches_file_hash ON import_batches (file_hash, options_hash);
CREATE INDEX ix_import_batches_file_name ON import_batches (file_name, id);
CREATE UNIQUE INDEX uq_import_batches_import_batch_id ON import_batches (import_batch_id);

create table import_changes (
  import_batch_id character varying(100) not null,
  lead_id integer not null,
  company_id integer,
  import_hashes character varying(255),
  raw_data json,
  undone_at timestamp(3) with time zone,
  kept_fields jsonb,
  kept_reason character varying(255),
  constraint pk_import_changes PRIMARY KEY (import_batch_id, lead_id),
  constraint fk_import_changes_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches(import_batch_id) ON DELETE CASCADE,
  constraint fk_import_changes_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX ix_import_changes_lead_id ON import_changes (lead_id);

create table import_companies (
  import_batch_id character varying(100) not null,
  company_key character varying(255) not null,
  filled_columns jsonb,
  constraint pk_import_companies PRIMARY KEY (import_batch_id, company_key),
  constraint fk_import_companies_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches(import_batch_id) ON DELETE CASCADE
);

create table import_rejections (
  id integer not null generated by default as identity,
  import_batch_id character varying(100) not null,
  record_number integer not null,
  line_number integer,
  reason text not null,
  raw_data json,
  created_at timestamp(3) with time zone not null default now(),
  constraint import_rejections_pkey PRIMARY KEY (id),
  constraint fk_import_rejections_import_batch_id FOREIGN KEY (import_batch_id) REFERENCES import_batches(import_batch_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_import_rejections_record ON import_rejections (import_batch_id, record_number);

create table lead_count_changes (
  id bigint not null generated by default as identity,
  created_at timestamp(3) with time zone not null,
  lead_status character varying(20) not null,
  enrichment_status character varying(20) not null,
  source character varying(50) not null,
  actor_id character varying(100),
  country character varying(100),
  leads_count integer not null,
  id_block integer,
  constraint lead_count_changes_pkey PRIMARY KEY (id)
);
CREATE TRIGGER tr_lead_count_changes_delete AFTER DELETE ON lead_count_changes REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION keep_unfinished_quarter();

create table lead_counts (
  grain_s integer not null,
  dimension character varying(20) not null,
  period integer not null,
  value character varying(101) not null,
  leads_count bigint not null,
  constraint lead_counts_pkey PRIMARY KEY (grain_s, dimension, period, value)
);
CREATE TRIGGER tr_lead_counts_insert AFTER INSERT ON lead_counts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_to_longer_counts();
CREATE TRIGGER tr_lead_counts_update AFTER UPDATE ON lead_counts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION add_to_longer_counts();

create table lead_duplicates (
  lead_a integer not null,
  lead_b integer not null,
  certainty smallint not null,
  is_certain boolean not null,
  reasons json not null,
  duplicate_status character varying(20) not null default 'open'::character varying,
  checked_at timestamp(3) with time zone not null,
  decided_at timestamp(3) with time zone,
  decided_by character varying(255),
  constraint lead_duplicates_pkey PRIMARY KEY (lead_a, lead_b),
  constraint ck_lead_duplicates_order CHECK (lead_a < lead_b),
  constraint ck_lead_duplicates_status CHECK (duplicate_status::text = ANY (ARRAY['open'::character varying, 'merged'::character varying, 'dismissed'::character varying]::text[])),
  constraint fk_lead_duplicates_lead_a FOREIGN KEY (lead_a) REFERENCES sales_leads(id) ON DELETE CASCADE,
  constraint fk_lead_duplicates_lead_b FOREIGN KEY (lead_b) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX ix_lead_duplicates_certainty ON lead_duplicates (duplicate_status, certainty DESC, lead_a, lead_b);
CREATE INDEX ix_lead_duplicates_lead_b ON lead_duplicates (lead_b);

create table lead_events (
  id bigint not null generated by default as identity,
  lead_id integer not null,
  event_type character varying(50) not null,
  event_name character varying(255),
  event_description text,
  event_data json,
  event_source character varying(100),
  event_timestamp timestamp(3) with time zone not null default now(),
  actor character varying(255),
  old_status character varying(50),
  new_status character varying(50),
  changed_fields json,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  constraint lead_events_pkey PRIMARY KEY (id),
  constraint fk_lead_events_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX idx_event_lead_type ON lead_events (lead_id, event_type);
CREATE INDEX idx_event_type_time ON lead_events (event_type, event_timestamp);
CREATE INDEX ix_lead_events_event_timestamp ON lead_events (event_timestamp);
CREATE INDEX ix_lead_events_event_type ON lead_events (event_type);
CREATE INDEX ix_lead_events_lead_id ON lead_events (lead_id);

create table lead_identities (
  identity character varying(255) not null,
  lead_id integer not null,
  is_shared boolean not null default false,
  seen_at timestamp(3) with time zone not null,
  constraint lead_identities_pkey PRIMARY KEY (identity),
  constraint ck_lead_identities_key_text CHECK (identity::text !~~ '% '::text),
  constraint fk_lead_identities_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX ix_lead_identities_lead_id ON lead_identities (lead_id);

create table lead_match_keys (
  match_key bigint not null,
  lead_id integer not null,
  constraint lead_match_keys_pkey PRIMARY KEY (match_key, lead_id)
);
CREATE INDEX ix_lead_match_keys_lead_id ON lead_match_keys (lead_id);

create table lead_merges (
  id integer not null generated by default as identity,
  keeper_id integer not null,
  merged_id integer not null,
  certainty smallint,
  reasons json,
  moved_identities json not null,
  copied_sources json not null,
  changed_fields json not null,
  keeper_hashes character varying(255),
  merged_at timestamp(3) with time zone not null,
  merged_by character varying(255) not null,
  undone_at timestamp(3) with time zone,
  undone_by character varying(255),
  constraint lead_merges_pkey PRIMARY KEY (id),
  constraint fk_lead_merges_keeper_id FOREIGN KEY (keeper_id) REFERENCES sales_leads(id) ON DELETE CASCADE,
  constraint fk_lead_merges_merged_id FOREIGN KEY (merged_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX ix_lead_merges_keeper_id ON lead_merges (keeper_id, id);
CREATE INDEX ix_lead_merges_merged_id ON lead_merges (merged_id, id);

create table lead_sightings (
  lead_id integer not null,
  source_type character varying(20) not null,
  source_id character varying(100) not null,
  seen_at timestamp(3) with time zone not null,
  observed_at timestamp(3) with time zone,
  constraint lead_sightings_pkey PRIMARY KEY (lead_id, source_id),
  constraint ck_lead_sightings_source_type CHECK (source_type::text = ANY (ARRAY['apify'::character varying, 'import'::character varying]::text[])),
  constraint fk_lead_sightings_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);

create table lead_source_states (
  lead_id integer not null,
  source_key character varying(100) not null,
  import_hashes character varying(255) not null,
  observed_at timestamp(3) with time zone not null,
  observations json,
  constraint lead_source_states_pkey PRIMARY KEY (lead_id, source_key),
  constraint fk_lead_source_states_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);

create table lead_sources (
  id integer not null generated by default as identity,
  lead_id integer not null,
  source_type character varying(50) not null,
  source_name character varying(255),
  provider_name character varying(100),
  provider_id character varying(255),
  actor_id character varying(100),
  actor_name character varying(255),
  run_id character varying(100),
  dataset_id character varying(100),
  external_id character varying(255),
  external_url character varying(2048),
  scraped_at timestamp(3) with time zone,
  import_batch_id character varying(100),
  scrape_params json,
  data_quality_score smallint,
  confidence_score smallint,
  metadata json,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  is_deleted boolean not null default false,
  deleted_at timestamp(3) with time zone,
  deleted_by character varying(255),
  constraint lead_sources_pkey PRIMARY KEY (id),
  constraint ck_lead_sources_confidence_score CHECK (confidence_score >= 0 AND confidence_score <= 100),
  constraint ck_lead_sources_data_quality_score CHECK (data_quality_score >= 0 AND data_quality_score <= 100),
  constraint ck_lead_sources_source_type CHECK (source_type::text = ANY (ARRAY['apify'::character varying, 'manual'::character varying, 'import'::character varying, 'api'::character varying]::text[])),
  constraint fk_lead_sources_lead_id FOREIGN KEY (lead_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX idx_source_actor_run ON lead_sources (actor_id, run_id);
CREATE INDEX idx_source_batch ON lead_sources (import_batch_id);
CREATE INDEX idx_source_provider ON lead_sources (provider_name, external_id);
CREATE INDEX ix_lead_sources_is_deleted ON lead_sources (is_deleted, deleted_at) WHERE is_deleted;
CREATE INDEX ix_lead_sources_run_id ON lead_sources (run_id);
CREATE INDEX ix_lead_sources_source_type ON lead_sources (source_type);
CREATE UNIQUE INDEX uq_lead_sources_lead_id ON lead_sources (lead_id);

create table sales_leads (
  id integer not null generated by default as identity,
  full_name character varying(255),
  first_name character varying(255),
  last_name character varying(255),
  title character varying(255),
  email character varying(255),
  email_verified boolean not null default false,
  phone character varying(50),
  phone_verified boolean not null default false,
  additional_emails jsonb,
  additional_phones jsonb,
  company_id integer,
  company_name character varying(255),
  company_domain character varying(255),
  country character varying(100),
  city character varying(100),
  state character varying(100),
  postal_code character varying(20),
  industry character varying(100),
  tags jsonb,
  source character varying(50) not null,
  provider_name character varying(100),
  external_id character varying(255),
  actor_id character varying(100),
  run_id character varying(100),
  dataset_id character varying(100),
  enrichment_status character varying(20) not null default 'pending'::character varying,
  enrichment_data jsonb,
  lead_score smallint,
  lead_status character varying(20) not null default 'new'::character varying,
  notes text,
  raw_data json,
  import_hashes character varying(255),
  version integer not null default 1,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  is_deleted boolean not null default false,
  deleted_at timestamp(3) with time zone,
  deleted_by character varying(255),
  street character varying(255),
  merged_into_id integer,
  observed_at timestamp(3) with time zone,
  data_quality_score smallint,
  constraint sales_leads_pkey PRIMARY KEY (id),
  constraint ck_sales_leads_data_quality_score CHECK (data_quality_score >= 0 AND data_quality_score <= 100),
  constraint ck_sales_leads_enrichment_status CHECK (enrichment_status::text = ANY (ARRAY['pending'::character varying, 'enriched'::character varying, 'failed'::character varying]::text[])),
  constraint ck_sales_leads_key_text CHECK (provider_name::text !~~ '% '::text AND external_id::text !~~ '% '::text),
  constraint ck_sales_leads_lead_score CHECK (lead_score >= 0 AND lead_score <= 100),
  constraint ck_sales_leads_lead_status CHECK (lead_status::text = ANY (ARRAY['new'::character varying, 'contacted'::character varying, 'qualified'::character varying, 'converted'::character varying]::text[])),
  constraint ck_sales_leads_source CHECK (source::text = ANY (ARRAY['apify'::character varying, 'manual'::character varying, 'import'::character varying, 'api'::character varying]::text[])),
  constraint fk_sales_leads_company_id FOREIGN KEY (company_id) REFERENCES companies(id),
  constraint fk_sales_leads_merged_into_id FOREIGN KEY (merged_into_id) REFERENCES sales_leads(id) ON DELETE CASCADE
);
CREATE INDEX idx_lead_company ON sales_leads (company_id, lead_status);
CREATE INDEX idx_lead_country_status_created ON sales_leads (country, lead_status, created_at DESC, id DESC) WHERE (NOT is_deleted);
CREATE INDEX idx_lead_location ON sales_leads (country, city);
CREATE INDEX idx_lead_source_actor ON sales_leads (source, actor_id);
CREATE INDEX idx_lead_status ON sales_leads (lead_status, enrichment_status);
CREATE UNIQUE INDEX idx_provider_external ON sales_leads (provider_name, external_id);
CREATE INDEX ix_sales_leads_actor_id ON sales_leads (actor_id, created_at, id);
CREATE INDEX ix_sales_leads_city ON sales_leads (city varchar_pattern_ops, created_at, id);
CREATE INDEX ix_sales_leads_company_domain ON sales_leads (company_domain varchar_pattern_ops);
CREATE INDEX ix_sales_leads_company_name ON sales_leads (company_name varchar_pattern_ops, created_at, id);
CREATE INDEX ix_sales_leads_country ON sales_leads (country);
CREATE INDEX ix_sales_leads_created_at ON sales_leads ((created_at AT TIME ZONE 'UTC'::text), id);
CREATE INDEX ix_sales_leads_created_by ON sales_leads (created_by, created_at, id) WHERE ((created_by)::text <> 'apify-sync'::text);
CREATE INDEX ix_sales_leads_data_quality_score ON sales_leads (data_quality_score, id) WHERE (data_quality_score IS NOT NULL);
CREATE INDEX ix_sales_leads_email ON sales_leads (email varchar_pattern_ops);
CREATE INDEX ix_sales_leads_enriched ON sales_leads (enrichment_status, created_at, id) WHERE ((enrichment_status)::text <> 'pending'::text);
CREATE INDEX ix_sales_leads_external_id ON sales_leads (external_id);
CREATE INDEX ix_sales_leads_industry ON sales_leads (industry varchar_pattern_ops, created_at, id);
CREATE INDEX ix_sales_leads_is_deleted ON sales_leads (is_deleted, deleted_at) WHERE is_deleted;
CREATE INDEX ix_sales_leads_lead_score ON sales_leads (lead_score, id) WHERE (lead_score IS NOT NULL);
CREATE INDEX ix_sales_leads_merged_into_id ON sales_leads (merged_into_id) WHERE (merged_into_id IS NOT NULL);
CREATE INDEX ix_sales_leads_not_scraped ON sales_leads (source, created_at, id) WHERE ((source)::text <> 'apify'::text);
CREATE INDEX ix_sales_leads_phone ON sales_leads (phone);
CREATE INDEX ix_sales_leads_run_id ON sales_leads (run_id, created_at, id);
CREATE INDEX ix_sales_leads_source ON sales_leads (source);
CREATE INDEX ix_sales_leads_state ON sales_leads (state varchar_pattern_ops, created_at, id);
CREATE INDEX ix_sales_leads_updated_at ON sales_leads (updated_at, id);
CREATE INDEX ix_sales_leads_words ON sales_leads USING gin (lead_words((full_name)::text, (email)::text, (company_name)::text, (title)::text, tags)) WITH (gin_pending_list_limit='1024');
CREATE INDEX ix_sales_leads_worked ON sales_leads (lead_status, created_at, id) WHERE ((lead_status)::text <> 'new'::text);
CREATE TRIGGER tr_sales_leads_count_delete AFTER DELETE ON sales_leads FOR EACH ROW WHEN (NOT old.is_deleted) EXECUTE FUNCTION count_changed_lead();
CREATE TRIGGER tr_sales_leads_count_insert AFTER INSERT ON sales_leads REFERENCING NEW TABLE AS new_leads FOR EACH STATEMENT EXECUTE FUNCTION count_new_leads();
CREATE TRIGGER tr_sales_leads_count_truncate AFTER TRUNCATE ON sales_leads FOR EACH STATEMENT EXECUTE FUNCTION clear_lead_counts();
CREATE TRIGGER tr_sales_leads_count_update AFTER UPDATE ON sales_leads FOR EACH ROW WHEN (old.created_at IS DISTINCT FROM new.created_at OR old.is_deleted IS DISTINCT FROM new.is_deleted OR old.lead_status::text IS DISTINCT FROM new.lead_status::text OR old.enrichment_status::text IS DISTINCT FROM new.enrichment_status::text OR old.source::text IS DISTINCT FROM new.source::text OR old.actor_id::text IS DISTINCT FROM new.actor_id::text OR old.country::text IS DISTINCT FROM new.country::text) EXECUTE FUNCTION count_changed_lead();

create table saved_views (
  id integer not null generated by default as identity,
  list character varying(20) not null,
  name character varying(100) not null,
  query text not null,
  columns json,
  is_shared boolean not null default false,
  position integer not null default 0,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  constraint saved_views_pkey PRIMARY KEY (id),
  constraint ck_saved_views_list CHECK (list::text = ANY (ARRAY['leads'::character varying, 'companies'::character varying, 'syncs'::character varying, 'imports'::character varying, 'rejections'::character varying]::text[]))
);
CREATE INDEX ix_saved_views_shared ON saved_views (id) WHERE is_shared;
CREATE UNIQUE INDEX uq_saved_views_name ON saved_views (created_by, list, name);

create table sync_rejections (
  id integer not null generated by default as identity,
  run_id character varying(100) not null,
  dataset_id character varying(100) not null,
  item_offset integer not null,
  actor_id character varying(100),
  reason text not null,
  raw_data json,
  resolved_at timestamp(3) with time zone,
  resolved_lead_id integer,
  created_at timestamp(3) with time zone not null default now(),
  updated_at timestamp(3) with time zone not null default now(),
  created_by character varying(255),
  updated_by character varying(255),
  constraint sync_rejections_pkey PRIMARY KEY (id),
  constraint ck_sync_rejections_key_text CHECK (run_id::text !~~ '% '::text AND dataset_id::text !~~ '% '::text),
  constraint fk_sync_rejections_resolved_lead_id FOREIGN KEY (resolved_lead_id) REFERENCES sales_leads(id) ON DELETE SET NULL
);
CREATE INDEX ix_sync_rejections_actor_id ON sync_rejections (actor_id, id);
CREATE INDEX ix_sync_rejections_created_at ON sync_rejections (created_at);
CREATE INDEX ix_sync_rejections_dataset_id ON sync_rejections (dataset_id, id);
CREATE INDEX ix_sync_rejections_open ON sync_rejections (id) WHERE (resolved_at IS NULL);
CREATE INDEX ix_sync_rejections_reason ON sync_rejections (substr(reason, 1, 255), id);
CREATE INDEX ix_sync_rejections_resolved_lead_id ON sync_rejections (resolved_lead_id);
CREATE UNIQUE INDEX uq_sync_rejections_item ON sync_rejections (run_id, dataset_id, item_offset);

create table task_states (
  name character varying(100) not null,
  task_state json not null,
  updated_at timestamp(3) with time zone not null,
  constraint task_states_pkey PRIMARY KEY (name)
);

create table watermarks (
  name character varying(100) not null,
  reached_at timestamp(3) with time zone not null,
  constraint watermarks_pkey PRIMARY KEY (name)
);
