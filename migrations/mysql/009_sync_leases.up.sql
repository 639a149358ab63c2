-- The reasons are in the migration for PostgreSQL.
alter table apify_sync_states
  add column lease_id varchar(36),
  add column lease_expires_at datetime(3);
