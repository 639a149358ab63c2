-- What a console and the even API need. The reasons are in the migration for PostgreSQL.

alter table sales_leads
  add column data_quality_score smallint,
  add constraint ck_sales_leads_data_quality_score check (data_quality_score between 0 and 100),
  add index ix_sales_leads_data_quality_score (data_quality_score, id),
  add index ix_sales_leads_company_name (company_name, created_at, id),
  add index ix_sales_leads_state (state, created_at, id),
  add index ix_sales_leads_industry (industry, created_at, id),
  add index ix_sales_leads_created_by (created_by, created_at, id);
update sales_leads as l join lead_sources as s on s.lead_id = l.id
set l.data_quality_score = s.data_quality_score, l.updated_at = l.updated_at
where s.data_quality_score is not null;

-- No word is too common to be found: see migration 002.
set session innodb_ft_enable_stopword = 0;
alter table companies
  add column search_text text generated always as
    (lower(replace(concat_ws(' ', name, domain, city, industry, json_unquote(tags)), '_', ' '))) stored,
  add fulltext index ix_companies_words (search_text);

alter table apify_sync_states
  add column dataset_item_count int,
  add index ix_apify_sync_states_finished_at (finished_at, id);

alter table sync_rejections
  drop index ix_sync_rejections_actor_id,
  add index ix_sync_rejections_actor_id (actor_id, id),
  add index ix_sync_rejections_open (resolved_at, id);

alter table api_keys add column rotated_at datetime(3);

create table saved_views (
  id int not null auto_increment primary key,
  list varchar(20) not null,
  name varchar(100) not null,
  query text not null,
  columns json,
  is_shared boolean not null default false,
  position int not null default 0,
  created_at datetime(3) not null default (utc_timestamp(3)),
  updated_at datetime(3) not null default (utc_timestamp(3)),
  created_by varchar(255),
  updated_by varchar(255),
  unique index uq_saved_views_name (created_by, list, name),
  index ix_saved_views_shared (is_shared, id),
  constraint ck_saved_views_list check (list in ('leads', 'companies', 'syncs', 'imports', 'rejections'))
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table bulk_jobs (
  id int not null auto_increment primary key,
  job_type varchar(20) not null,
  job_status varchar(20) not null default 'running',
  query text not null,
  patch json,
  last_id int not null default 0,
  end_id int not null,
  changed_count int not null default 0,
  unchanged_count int not null default 0,
  failed_count int not null default 0,
  failures json,
  finished_at datetime(3),
  created_at datetime(3) not null default (utc_timestamp(3)),
  updated_at datetime(3) not null default (utc_timestamp(3)),
  created_by varchar(255),
  updated_by varchar(255),
  index ix_bulk_jobs_created_at (created_at, id),
  constraint ck_bulk_jobs_type check (job_type in ('update', 'delete', 'restore')),
  constraint ck_bulk_jobs_status check (job_status in ('running', 'completed', 'canceled'))
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;
