alter table apify_sync_states drop column lease_expires_at, drop column lease_id;
