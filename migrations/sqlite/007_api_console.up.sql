-- What a console and the even API need. The reasons are in the migration for PostgreSQL.

alter table sales_leads add column data_quality_score integer check (data_quality_score between 0 and 100);
update sales_leads set data_quality_score = s.data_quality_score
from lead_sources as s where s.lead_id = sales_leads.id and s.data_quality_score is not null;
create index ix_sales_leads_data_quality_score on sales_leads (data_quality_score, id)
  where data_quality_score is not null;
create index ix_sales_leads_company_name on sales_leads (company_name, created_at, id);
create index ix_sales_leads_state on sales_leads (state, created_at, id);
create index ix_sales_leads_industry on sales_leads (industry, created_at, id);
create index ix_sales_leads_created_by on sales_leads (created_by, created_at, id) where created_by <> 'apify-sync';

-- Words of companies: see lead_words in migration 002.
create virtual table company_words using fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'unicode61 remove_diacritics 0'
);
insert into company_words (rowid, words)
select id, name || ' ' || coalesce(domain, '') || ' ' || coalesce(city, '') || ' ' || coalesce(industry, '') || ' ' ||
  coalesce(tags, '')
from companies;
create trigger tr_companies_words_insert after insert on companies begin
  insert into company_words (rowid, words) values (new.id,
    new.name || ' ' || coalesce(new.domain, '') || ' ' || coalesce(new.city, '') || ' ' ||
    coalesce(new.industry, '') || ' ' || coalesce(new.tags, ''));
end;
create trigger tr_companies_words_update after update of name, domain, city, industry, tags on companies
when old.name is not new.name or old.domain is not new.domain or old.city is not new.city
  or old.industry is not new.industry or old.tags is not new.tags
begin
  update company_words set words =
    new.name || ' ' || coalesce(new.domain, '') || ' ' || coalesce(new.city, '') || ' ' ||
    coalesce(new.industry, '') || ' ' || coalesce(new.tags, '')
  where rowid = new.id;
end;
create trigger tr_companies_words_delete after delete on companies begin
  delete from company_words where rowid = old.id;
end;

alter table apify_sync_states add column dataset_item_count integer;
create index ix_apify_sync_states_finished_at on apify_sync_states (finished_at, id) where finished_at is not null;

drop index ix_sync_rejections_actor_id;
create index ix_sync_rejections_actor_id on sync_rejections (actor_id, id);
create index ix_sync_rejections_open on sync_rejections (id) where resolved_at is null;

alter table api_keys add column rotated_at text;

create table saved_views (
  id integer primary key,
  list text not null,
  name text not null,
  query text not null,
  columns text check (json_valid(columns)),
  is_shared integer not null default 0 check (is_shared in (0, 1)),
  position integer not null default 0,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_saved_views_list check (list in ('leads', 'companies', 'syncs', 'imports', 'rejections'))
) strict;
create unique index uq_saved_views_name on saved_views (created_by, list, name);
create index ix_saved_views_shared on saved_views (id) where is_shared = 1;

create table bulk_jobs (
  id integer primary key,
  job_type text not null,
  job_status text not null default 'running',
  query text not null,
  patch text check (json_valid(patch)),
  last_id integer not null default 0,
  end_id integer not null,
  changed_count integer not null default 0,
  unchanged_count integer not null default 0,
  failed_count integer not null default 0,
  failures text check (json_valid(failures)),
  finished_at text,
  created_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at text not null default (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  created_by text,
  updated_by text,
  constraint ck_bulk_jobs_type check (job_type in ('update', 'delete', 'restore')),
  constraint ck_bulk_jobs_status check (job_status in ('running', 'completed', 'canceled'))
) strict;
create index ix_bulk_jobs_created_at on bulk_jobs (created_at, id);
