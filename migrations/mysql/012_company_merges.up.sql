-- Companies that may be one, and merges of companies. The reasons are in the migration for PostgreSQL.

alter table companies
  add column merged_into_id int,
  add index ix_companies_merged_into_id (merged_into_id),
  add index ix_companies_updated_at (updated_at, id),
  add constraint fk_companies_merged_into_id foreign key (merged_into_id) references companies (id) on delete cascade;

create table company_match_keys (
  match_key bigint not null,
  company_id int not null,
  primary key (match_key, company_id),
  index ix_company_match_keys_company_id (company_id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Pairs of companies that may be one, the lower id first.
create table company_duplicates (
  company_a int not null,
  company_b int not null,
  -- Thousandths.
  certainty smallint not null,
  is_certain tinyint(1) not null,
  -- Field to level of agreement.
  reasons json not null,
  duplicate_status varchar(20) not null default 'open',
  checked_at datetime(3) not null,
  decided_at datetime(3),
  decided_by varchar(255),
  primary key (company_a, company_b),
  index ix_company_duplicates_company_b (company_b),
  index ix_company_duplicates_certainty (duplicate_status, certainty desc, company_a, company_b),
  constraint ck_company_duplicates_order check (company_a < company_b),
  constraint ck_company_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_company_duplicates_company_a foreign key (company_a) references companies (id) on delete cascade,
  constraint fk_company_duplicates_company_b foreign key (company_b) references companies (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- What a merge did, so that it can be undone.
create table company_merges (
  id int not null auto_increment primary key,
  keeper_id int not null,
  merged_id int not null,
  changed_fields json not null,
  moved_lead_ids json not null,
  merged_at datetime(3) not null,
  merged_by varchar(255) not null,
  undone_at datetime(3),
  undone_by varchar(255),
  index ix_company_merges_keeper_id (keeper_id, id),
  index ix_company_merges_merged_id (merged_id, id),
  constraint fk_company_merges_keeper_id foreign key (keeper_id) references companies (id) on delete cascade,
  constraint fk_company_merges_merged_id foreign key (merged_id) references companies (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- What the revert of this migration kept.
update companies as c join (
  select i.id, i.merged_into_id
  from task_states as s, json_table(s.task_state, '$.companies[*]' columns (
    id int path '$.id',
    merged_into_id int path '$.merged_into_id'
  )) as i
  where s.name = 'kept_by_012'
) as k on k.id = c.id
set c.merged_into_id = k.merged_into_id, c.updated_at = c.updated_at;

insert into company_duplicates (company_a, company_b, certainty, is_certain, reasons, duplicate_status, checked_at, decided_at, decided_by)
select i.company_a, i.company_b, i.certainty, i.is_certain, i.reasons, i.duplicate_status, i.checked_at, i.decided_at, i.decided_by
from task_states as s, json_table(s.task_state, '$.decisions[*]' columns (
  company_a int path '$.company_a',
  company_b int path '$.company_b',
  certainty int path '$.certainty',
  is_certain int path '$.is_certain',
  reasons longtext path '$.reasons',
  duplicate_status varchar(20) path '$.duplicate_status',
  checked_at varchar(30) path '$.checked_at',
  decided_at varchar(30) path '$.decided_at' null on empty,
  decided_by varchar(255) path '$.decided_by' null on empty
)) as i
where s.name = 'kept_by_012'
  and i.company_a in (select id from companies) and i.company_b in (select id from companies);

insert into company_merges (keeper_id, merged_id, changed_fields, moved_lead_ids, merged_at, merged_by, undone_at, undone_by)
select i.keeper_id, i.merged_id, i.changed_fields, i.moved_lead_ids, i.merged_at, i.merged_by, i.undone_at, i.undone_by
from task_states as s, json_table(s.task_state, '$.merges[*]' columns (
  id int path '$.id',
  keeper_id int path '$.keeper_id',
  merged_id int path '$.merged_id',
  changed_fields longtext path '$.changed_fields',
  moved_lead_ids longtext path '$.moved_lead_ids',
  merged_at varchar(30) path '$.merged_at',
  merged_by varchar(255) path '$.merged_by',
  undone_at varchar(30) path '$.undone_at' null on empty,
  undone_by varchar(255) path '$.undone_by' null on empty
)) as i
where s.name = 'kept_by_012'
  and i.keeper_id in (select id from companies) and i.merged_id in (select id from companies)
order by i.id;

delete from task_states where name = 'kept_by_012';
