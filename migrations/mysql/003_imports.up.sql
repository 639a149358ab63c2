-- Imports of files: how far each has come, what it refused, and what is needed to take it back.

create table import_batches (
  id int not null auto_increment primary key,
  import_batch_id varchar(100) not null,
  batch_status varchar(20) not null default 'importing',
  file_name varchar(255),
  -- Of the bytes of the file: the same file with the same options is the same import, and resumes where it stopped.
  file_hash varchar(64) not null,
  import_options json not null,
  options_hash varchar(64) not null,
  -- Which column of the file is read as what.
  column_matches json,
  -- The checkpoint: records read and committed.
  next_record int not null default 0,
  total_records int not null default 0,
  synced_records int not null default 0,
  duplicate_records int not null default 0,
  failed_records int not null default 0,
  -- Leads among the duplicates that the import changed, once for each record that did.
  updated_records int not null default 0,
  completed_at datetime(3),
  undone_at datetime(3),
  created_at datetime(3) not null default (utc_timestamp(3)),
  updated_at datetime(3) not null default (utc_timestamp(3)),
  created_by varchar(255),
  updated_by varchar(255),
  constraint ck_import_batches_key_text check (import_batch_id not like '% '),
  constraint ck_import_batches_batch_status check (batch_status in ('importing', 'completed', 'undoing', 'undone')),
  unique index uq_import_batches_import_batch_id (import_batch_id),
  index ix_import_batches_file_hash (file_hash, options_hash),
  index ix_import_batches_created_at (created_at, id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- A record that became no lead.
create table import_rejections (
  id int not null auto_increment primary key,
  import_batch_id varchar(100) not null,
  record_number int not null,
  line_number int,
  reason longtext not null,
  raw_data longtext,
  created_at datetime(3) not null default (utc_timestamp(3)),
  constraint fk_import_rejections_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade,
  unique index uq_import_rejections_record (import_batch_id, record_number)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- A lead as it was before a file changed it (its columns are in the events); after undo also the leads that were kept
-- because others depend on them.
create table import_changes (
  import_batch_id varchar(100) not null,
  lead_id int not null,
  company_id int,
  import_hashes varchar(255),
  raw_data longtext,
  undone_at datetime(3),
  kept_fields json,
  kept_reason varchar(255),
  primary key (import_batch_id, lead_id),
  constraint fk_import_changes_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade,
  constraint fk_import_changes_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade,
  index ix_import_changes_lead_id (lead_id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- A company that a file created (filled_columns is null) or of which it filled empty columns.
create table import_companies (
  import_batch_id varchar(100) not null,
  company_key varchar(255) not null,
  filled_columns json,
  primary key (import_batch_id, company_key),
  constraint fk_import_companies_import_batch_id foreign key (import_batch_id)
    references import_batches (import_batch_id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;
