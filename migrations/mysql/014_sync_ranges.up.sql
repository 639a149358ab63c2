-- The reasons are in the migration for PostgreSQL.
create table apify_sync_ranges (
  id int not null auto_increment primary key,
  run_id varchar(100) not null,
  dataset_id varchar(100) not null,
  -- The first item of the dataset, and the one after the last.
  range_start int not null,
  range_end int not null,
  sync_status varchar(20) not null default 'pending',
  last_sync_at datetime(3),
  next_sync_at datetime(3),
  total_records int not null default 0,
  synced_records int not null default 0,
  failed_records int not null default 0,
  duplicate_records int not null default 0,
  -- The checkpoint: imported items of this range; advanced by compare-and-set.
  next_offset int not null default 0,
  -- {dataset_id: offset to read next}
  dataset_offsets json not null,
  retry_count int not null default 0,
  metadata json,
  lease_id varchar(36),
  lease_expires_at datetime(3),
  created_at datetime(3) not null default (utc_timestamp(3)),
  updated_at datetime(3) not null default (utc_timestamp(3)),
  created_by varchar(255),
  updated_by varchar(255),
  unique index uq_apify_sync_ranges (run_id, dataset_id, range_start),
  constraint fk_apify_sync_ranges_run_id foreign key (run_id) references apify_sync_states (run_id) on delete cascade,
  constraint ck_apify_sync_ranges_bounds check (range_start >= 0 and range_end > range_start),
  constraint ck_apify_sync_ranges_checkpoint check (next_offset between 0 and range_end - range_start)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Set while the run has ranges. Then no page is written by the checkpoint of the run itself.
alter table apify_sync_states add column is_split boolean not null default false;
