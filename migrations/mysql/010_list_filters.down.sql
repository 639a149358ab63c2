alter table import_batches
  drop index ix_import_batches_created_by,
  drop index ix_import_batches_file_name,
  drop index ix_import_batches_batch_status;
alter table sync_rejections
  drop index ix_sync_rejections_reason,
  drop index ix_sync_rejections_dataset_id;
alter table apify_sync_states drop index ix_apify_sync_states_run_status;
