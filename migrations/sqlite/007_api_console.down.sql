-- The quality stays in lead_sources, from where the next up reads it. Views and jobs have no other place: they go.
drop table bulk_jobs;
drop table saved_views;
alter table api_keys drop column rotated_at;
drop index ix_sync_rejections_open;
drop index ix_sync_rejections_actor_id;
create index ix_sync_rejections_actor_id on sync_rejections (actor_id);
drop index ix_apify_sync_states_finished_at;
alter table apify_sync_states drop column dataset_item_count;
drop trigger tr_companies_words_delete;
drop trigger tr_companies_words_update;
drop trigger tr_companies_words_insert;
drop table company_words;
drop index ix_sales_leads_created_by;
drop index ix_sales_leads_industry;
drop index ix_sales_leads_state;
drop index ix_sales_leads_company_name;
drop index ix_sales_leads_data_quality_score;
alter table sales_leads drop column data_quality_score;
