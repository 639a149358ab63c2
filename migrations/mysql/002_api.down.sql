drop table idempotency_keys;
alter table apify_sync_states drop index ix_apify_sync_states_created_at;
alter table companies drop index ix_companies_name, drop index ix_companies_created_at;
alter table sales_leads
  drop index ix_sales_leads_words,
  drop index ix_sales_leads_worked,
  drop index ix_sales_leads_actor_id,
  add index ix_sales_leads_actor_id (actor_id),
  drop index ix_sales_leads_run_id,
  add index ix_sales_leads_run_id (run_id),
  drop index ix_sales_leads_city,
  drop index ix_sales_leads_lead_score,
  drop index ix_sales_leads_updated_at,
  drop index ix_sales_leads_created_at,
  drop index idx_lead_country_status_created,
  drop column search_text;
