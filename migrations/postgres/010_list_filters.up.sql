-- Filters of the lists of syncs, rejections and imports: without an index a rare value is searched for in the whole table.
create index ix_apify_sync_states_run_status on apify_sync_states (run_status, created_at, id);
create index ix_sync_rejections_dataset_id on sync_rejections (dataset_id, id);
-- A reason may be longer than an index entry, a filter has at most 255 characters.
create index ix_sync_rejections_reason on sync_rejections (substr(reason, 1, 255), id);
create index ix_import_batches_batch_status on import_batches (batch_status, id);
create index ix_import_batches_file_name on import_batches (file_name, id);
create index ix_import_batches_created_by on import_batches (created_by, id);
