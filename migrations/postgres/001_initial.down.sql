drop table api_keys;
drop table sync_rejections;
drop table apify_sync_states;
drop table lead_events;
drop table lead_sources;
drop table sales_leads;
drop table companies;
