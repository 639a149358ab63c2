-- The quality stays in lead_sources, from where the next up reads it. Views and jobs have no other place: they go.
drop table bulk_jobs;
drop table saved_views;
alter table api_keys drop column rotated_at;
alter table sync_rejections
  drop index ix_sync_rejections_open,
  drop index ix_sync_rejections_actor_id,
  add index ix_sync_rejections_actor_id (actor_id);
alter table apify_sync_states
  drop index ix_apify_sync_states_finished_at,
  drop column dataset_item_count;
alter table companies
  drop index ix_companies_words,
  drop column search_text;
alter table sales_leads
  drop index ix_sales_leads_created_by,
  drop index ix_sales_leads_industry,
  drop index ix_sales_leads_state,
  drop index ix_sales_leads_company_name,
  drop index ix_sales_leads_data_quality_score,
  drop constraint ck_sales_leads_data_quality_score,
  drop column data_quality_score;
