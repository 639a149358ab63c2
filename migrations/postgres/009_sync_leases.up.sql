-- Which consumer works on a run, and until when unless it writes another page. Changed with each page, so not indexed.
alter table apify_sync_states add column lease_id varchar(36);
alter table apify_sync_states add column lease_expires_at timestamptz(3);
