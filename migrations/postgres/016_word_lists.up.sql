-- A search also reads the entries that wait to be added to the index of words. At most 1 MB of them wait instead of 4:
-- see docs/decisions/021-tables-that-grow.md.
alter index ix_sales_leads_words set (gin_pending_list_limit = 1024);
alter index ix_companies_words set (gin_pending_list_limit = 1024);
