-- Imports of files: how far each has come, what it refused, and what is needed to take it back.

create table import_batches (
  id integer primary key,
  import_batch_id text not null,
  batch_status text not null default 'importing',
  file_name text,
  -- Of the bytes of the file: the same file with the same options is the same import, and resumes where it stopped.
  file_hash text not null,
  import_options text not null check (json_valid(import_options)),
  options_hash text not null,
  -- Which column of the file is read as what.
  column_matches text check (json_valid(column_matches)),
  -- The checkpoint: records read and committed.
  next_record integer not null default 0,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  duplicate_records integer not null default 0,
  failed_records integer not null default 0,
  -- Leads among the duplicates that the import changed, once for each record that did.
  updated_records integer not null default 0,
  completed_at text,
  undone_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_import_batches_key_text check (import_batch_id not like '% '),
  constraint ck_import_batches_batch_status check (batch_status in ('importing', 'completed', 'undoing', 'undone'))
) strict;
create unique index uq_import_batches_import_batch_id on import_batches (import_batch_id);
create index ix_import_batches_file_hash on import_batches (file_hash, options_hash);
create index ix_import_batches_created_at on import_batches (created_at, id);

-- A record that became no lead.
create table import_rejections (
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
create unique index uq_import_rejections_record on import_rejections (import_batch_id, record_number);

-- A lead as it was before a file changed it (its columns are in the events); after undo also the leads that were kept
-- because others depend on them.
create table import_changes (
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
create index ix_import_changes_lead_id on import_changes (lead_id);

-- A company that a file created (filled_columns is null) or of which it filled empty columns.
create table import_companies (
  import_batch_id text not null,
  company_key text not null,
  filled_columns text check (json_valid(filled_columns)),
  constraint pk_import_companies primary key (import_batch_id, company_key),
  constraint fk_import_companies_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade
) strict;
