-- What the HTTP API needs: indexes that serve its lists and its search, and the store of idempotent requests.
-- The migration for PostgreSQL gives the reasons of the indexes. One ALTER per table: each ALTER rebuilds it.

-- Stored with the full-text index when it is created: no word is too common to be found ('com', 'de', 'la' are on the list).
set session innodb_ft_enable_stopword = 0;
-- One document a lead for `q` and `tags=has:`, in lower case because this collation tells cases apart; an underscore
-- would join words. InnoDB indexes words of 3 letters and more.
alter table sales_leads
  add column search_text text generated always as
    (lower(replace(concat_ws(' ', full_name, email, company_name, title, json_unquote(tags)), '_', ' '))) stored,
  add index idx_lead_country_status_created (country, lead_status, created_at desc, id desc),
  add index ix_sales_leads_created_at (created_at, id),
  add index ix_sales_leads_updated_at (updated_at, id),
  add index ix_sales_leads_lead_score (lead_score, id),
  add index ix_sales_leads_city (city, created_at, id),
  drop index ix_sales_leads_run_id,
  add index ix_sales_leads_run_id (run_id, created_at, id),
  drop index ix_sales_leads_actor_id,
  add index ix_sales_leads_actor_id (actor_id, created_at, id),
  add index ix_sales_leads_worked (lead_status, created_at, id),
  add fulltext index ix_sales_leads_words (search_text);

alter table companies
  add index ix_companies_created_at (created_at, id),
  add index ix_companies_name (name, id);

alter table apify_sync_states add index ix_apify_sync_states_created_at (created_at, id);

-- The stored answer of a POST that carried an Idempotency-Key. While the request is in progress the status is null, and
-- `claim` names who is at it.
create table idempotency_keys (
  id int not null auto_increment primary key,
  api_key_id int not null,
  idempotency_key varchar(255) not null,
  request_hash varchar(64) not null,
  claim varchar(36) not null,
  locked_at datetime(3) not null,
  response_status smallint,
  response_headers json,
  response_body longtext,
  created_at datetime(3) not null default (utc_timestamp(3)),
  constraint fk_idempotency_keys_api_key_id foreign key (api_key_id) references api_keys (id) on delete cascade,
  unique index uq_idempotency_keys_key (api_key_id, idempotency_key),
  index ix_idempotency_keys_created_at (created_at)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;
