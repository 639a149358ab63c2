-- What the HTTP API needs: indexes that serve its lists and its search, and the store of idempotent requests.
-- The migration for PostgreSQL gives the reasons of the indexes.

create index idx_lead_country_status_created on sales_leads (country, lead_status, created_at desc, id desc)
  where not is_deleted;
create index ix_sales_leads_created_at on sales_leads (created_at, id);
create index ix_sales_leads_updated_at on sales_leads (updated_at, id);
create index ix_sales_leads_lead_score on sales_leads (lead_score, id) where lead_score is not null;
create index ix_sales_leads_city on sales_leads (city, created_at, id);
drop index ix_sales_leads_run_id;
create index ix_sales_leads_run_id on sales_leads (run_id, created_at, id);
drop index ix_sales_leads_actor_id;
create index ix_sales_leads_actor_id on sales_leads (actor_id, created_at, id);
create index ix_sales_leads_worked on sales_leads (lead_status, created_at, id) where lead_status <> 'new';
create index ix_sales_leads_enriched on sales_leads (enrichment_status, created_at, id)
  where enrichment_status <> 'pending';
create index ix_sales_leads_not_scraped on sales_leads (source, created_at, id) where source <> 'apify';

-- One document a lead for `q` and `tags=has:`. It keeps words only (contentless, no positions): the row itself has the
-- text. Diacritics stay, so that a word means the same on all engines.
create virtual table lead_words using fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0'
);
insert into lead_words (rowid, words)
select id, coalesce(full_name, '') || ' ' || coalesce(email, '') || ' ' || coalesce(company_name, '') || ' ' ||
  coalesce(title, '') || ' ' || coalesce(tags, '')
from sales_leads;
create trigger tr_sales_leads_words_insert after insert on sales_leads begin
  insert into lead_words (rowid, words) values (new.id,
    coalesce(new.full_name, '') || ' ' || coalesce(new.email, '') || ' ' || coalesce(new.company_name, '') || ' ' ||
    coalesce(new.title, '') || ' ' || coalesce(new.tags, ''));
end;
create trigger tr_sales_leads_words_update after update of full_name, email, company_name, title, tags on sales_leads
when old.full_name is not new.full_name or old.email is not new.email or old.company_name is not new.company_name
  or old.title is not new.title or old.tags is not new.tags
begin
  update lead_words set words =
    coalesce(new.full_name, '') || ' ' || coalesce(new.email, '') || ' ' || coalesce(new.company_name, '') || ' ' ||
    coalesce(new.title, '') || ' ' || coalesce(new.tags, '')
  where rowid = new.id;
end;
create trigger tr_sales_leads_words_delete after delete on sales_leads begin
  delete from lead_words where rowid = old.id;
end;

create index ix_companies_created_at on companies (created_at, id);
create index ix_companies_name on companies (name, id);
create index ix_apify_sync_states_created_at on apify_sync_states (created_at, id);

-- The stored answer of a POST that carried an Idempotency-Key. While the request is in progress the status is null, and
-- `claim` names who is at it.
create table idempotency_keys (
  id integer primary key,
  api_key_id integer not null,
  idempotency_key text not null,
  request_hash text not null,
  claim text not null,
  locked_at text not null,
  response_status integer,
  response_headers text check (json_valid(response_headers)),
  response_body text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  constraint fk_idempotency_keys_api_key_id foreign key (api_key_id) references api_keys (id) on delete cascade
) strict;
create unique index uq_idempotency_keys_key on idempotency_keys (api_key_id, idempotency_key);
create index ix_idempotency_keys_created_at on idempotency_keys (created_at);
