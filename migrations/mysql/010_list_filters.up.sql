-- The reasons are in the migration for PostgreSQL.
alter table apify_sync_states add index ix_apify_sync_states_run_status (run_status, created_at, id);
alter table sync_rejections
  add index ix_sync_rejections_dataset_id (dataset_id, id),
  add index ix_sync_rejections_reason (reason(255), id);
alter table import_batches
  add index ix_import_batches_batch_status (batch_status, id),
  add index ix_import_batches_file_name (file_name, id),
  add index ix_import_batches_created_by (created_by, id);
