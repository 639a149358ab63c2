-- The reasons are in the migration for PostgreSQL.
alter table apify_sync_states add column lease_id text;
alter table apify_sync_states add column lease_expires_at text;
