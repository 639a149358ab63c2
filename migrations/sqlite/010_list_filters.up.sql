-- The reasons are in the migration for PostgreSQL.
create index ix_apify_sync_states_run_status on apify_sync_states (run_status, created_at, id);
create index ix_sync_rejections_dataset_id on sync_rejections (dataset_id, id);
create index ix_sync_rejections_reason on sync_rejections (reason, id);
create index ix_import_batches_batch_status on import_batches (batch_status, id);
create index ix_import_batches_file_name on import_batches (file_name, id);
create index ix_import_batches_created_by on import_batches (created_by, id);
