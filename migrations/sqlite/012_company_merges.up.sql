-- Companies that may be one, and merges of companies. The reasons are in the migration for PostgreSQL.

alter table companies add column merged_into_id integer
  constraint fk_companies_merged_into_id references companies (id) on delete cascade;
create index ix_companies_merged_into_id on companies (merged_into_id) where merged_into_id is not null;
create index ix_companies_updated_at on companies (updated_at, id);

create table company_match_keys (
  match_key integer not null,
  company_id integer not null,
  primary key (match_key, company_id)
) strict, without rowid;
create index ix_company_match_keys_company_id on company_match_keys (company_id);

-- Pairs of companies that may be one, the lower id first.
create table company_duplicates (
  company_a integer not null,
  company_b integer not null,
  -- Thousandths.
  certainty integer not null,
  is_certain integer not null,
  -- Field to level of agreement.
  reasons text not null,
  duplicate_status text not null default 'open',
  checked_at text not null,
  decided_at text,
  decided_by text,
  primary key (company_a, company_b),
  constraint ck_company_duplicates_order check (company_a < company_b),
  constraint ck_company_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_company_duplicates_company_a foreign key (company_a) references companies (id) on delete cascade,
  constraint fk_company_duplicates_company_b foreign key (company_b) references companies (id) on delete cascade
) strict, without rowid;
create index ix_company_duplicates_company_b on company_duplicates (company_b);
create index ix_company_duplicates_certainty
  on company_duplicates (duplicate_status, certainty desc, company_a, company_b);

-- What a merge did, so that it can be undone.
create table company_merges (
  id integer primary key,
  keeper_id integer not null,
  merged_id integer not null,
  changed_fields text not null,
  moved_lead_ids text not null,
  merged_at text not null,
  merged_by text not null,
  undone_at text,
  undone_by text,
  constraint fk_company_merges_keeper_id foreign key (keeper_id) references companies (id) on delete cascade,
  constraint fk_company_merges_merged_id foreign key (merged_id) references companies (id) on delete cascade
) strict;
create index ix_company_merges_keeper_id on company_merges (keeper_id, id);
create index ix_company_merges_merged_id on company_merges (merged_id, id);

-- What the revert of this migration kept.
update companies set merged_into_id = json_extract(i.value, '$.merged_into_id')
from task_states as s, json_each(s.task_state, '$.companies') as i
where s.name = 'kept_by_012' and companies.id = json_extract(i.value, '$.id');

insert into company_duplicates (company_a, company_b, certainty, is_certain, reasons, duplicate_status, checked_at, decided_at, decided_by)
select json_extract(i.value, '$.company_a'), json_extract(i.value, '$.company_b'), json_extract(i.value, '$.certainty'),
  json_extract(i.value, '$.is_certain'), json_extract(i.value, '$.reasons'), json_extract(i.value, '$.duplicate_status'),
  json_extract(i.value, '$.checked_at'), json_extract(i.value, '$.decided_at'), json_extract(i.value, '$.decided_by')
from task_states as s, json_each(s.task_state, '$.decisions') as i
where s.name = 'kept_by_012'
  and json_extract(i.value, '$.company_a') in (select id from companies)
  and json_extract(i.value, '$.company_b') in (select id from companies);

insert into company_merges (keeper_id, merged_id, changed_fields, moved_lead_ids, merged_at, merged_by, undone_at, undone_by)
select json_extract(i.value, '$.keeper_id'), json_extract(i.value, '$.merged_id'), json_extract(i.value, '$.changed_fields'),
  json_extract(i.value, '$.moved_lead_ids'), json_extract(i.value, '$.merged_at'), json_extract(i.value, '$.merged_by'),
  json_extract(i.value, '$.undone_at'), json_extract(i.value, '$.undone_by')
from task_states as s, json_each(s.task_state, '$.merges') as i
where s.name = 'kept_by_012'
  and json_extract(i.value, '$.keeper_id') in (select id from companies)
  and json_extract(i.value, '$.merged_id') in (select id from companies)
order by json_extract(i.value, '$.id');

delete from task_states where name = 'kept_by_012';
