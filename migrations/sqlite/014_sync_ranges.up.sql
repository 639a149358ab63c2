-- The reasons are in the migration for PostgreSQL.
create table apify_sync_ranges (
  id integer primary key,
  run_id text not null references apify_sync_states (run_id) on delete cascade,
  dataset_id text not null,
  -- The first item of the dataset, and the one after the last.
  range_start integer not null,
  range_end integer not null,
  sync_status text not null default 'pending',
  last_sync_at text,
  next_sync_at text,
  total_records integer not null default 0,
  synced_records integer not null default 0,
  failed_records integer not null default 0,
  duplicate_records integer not null default 0,
  -- The checkpoint: imported items of this range; advanced by compare-and-set.
  next_offset integer not null default 0,
  -- {dataset_id: offset to read next}
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
create unique index uq_apify_sync_ranges on apify_sync_ranges (run_id, dataset_id, range_start);

-- Set while the run has ranges. Then no page is written by the checkpoint of the run itself.
alter table apify_sync_states add column is_split integer not null default 0 check (is_split in (0, 1));
