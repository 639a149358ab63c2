-- The reasons are in the migration for PostgreSQL.
alter table apify_sync_states drop column is_split;
drop table apify_sync_ranges;
