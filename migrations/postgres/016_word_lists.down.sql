alter index ix_companies_words reset (gin_pending_list_limit);
alter index ix_sales_leads_words reset (gin_pending_list_limit);
