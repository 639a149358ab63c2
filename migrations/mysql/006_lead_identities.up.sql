-- One person, one lead: all identities of a lead, pairs of leads that may be one, merges, and what is left of deleted
-- people. The tables of identities and match keys are filled by the backfill, in batches, after this migration.

-- Each identity belongs to one lead, regardless of the file, Actor or caller that stated it.
create table lead_identities (
  identity varchar(255) not null,
  lead_id int not null,
  -- Several people use it: it matches no lead any more.
  is_shared tinyint(1) not null default 0,
  seen_at datetime(3) not null,
  primary key (identity),
  constraint ck_lead_identities_key_text check (identity not like '% '),
  index ix_lead_identities_lead_id (lead_id),
  constraint fk_lead_identities_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Leads that share a key are compared. A key is 52 bits of a hash, so that it is exact as a number in JavaScript.
-- No foreign key: it would cost half as much as the row, and the key of a lead that is gone is harmless.
create table lead_match_keys (
  match_key bigint not null,
  lead_id int not null,
  primary key (match_key, lead_id),
  index ix_lead_match_keys_lead_id (lead_id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Pairs of leads that may be one, the lower id first.
create table lead_duplicates (
  lead_a int not null,
  lead_b int not null,
  -- Thousandths.
  certainty smallint not null,
  is_certain tinyint(1) not null,
  -- Field to level of agreement.
  reasons json not null,
  duplicate_status varchar(20) not null default 'open',
  checked_at datetime(3) not null,
  decided_at datetime(3),
  decided_by varchar(255),
  primary key (lead_a, lead_b),
  index ix_lead_duplicates_lead_b (lead_b),
  index ix_lead_duplicates_certainty (duplicate_status, certainty desc, lead_a, lead_b),
  constraint ck_lead_duplicates_order check (lead_a < lead_b),
  constraint ck_lead_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_lead_duplicates_lead_a foreign key (lead_a) references sales_leads (id) on delete cascade,
  constraint fk_lead_duplicates_lead_b foreign key (lead_b) references sales_leads (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- What a merge did, so that it can be undone.
create table lead_merges (
  id int not null auto_increment primary key,
  keeper_id int not null,
  merged_id int not null,
  certainty smallint,
  reasons json,
  moved_identities json not null,
  copied_sources json not null,
  changed_fields json not null,
  keeper_hashes varchar(255),
  merged_at datetime(3) not null,
  merged_by varchar(255) not null,
  undone_at datetime(3),
  undone_by varchar(255),
  index ix_lead_merges_keeper_id (keeper_id, id),
  index ix_lead_merges_merged_id (merged_id, id),
  constraint fk_lead_merges_keeper_id foreign key (keeper_id) references sales_leads (id) on delete cascade,
  constraint fk_lead_merges_merged_id foreign key (merged_id) references sales_leads (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- What each source said last of a lead that more than one source has: Actor id or file:<source>.
create table lead_source_states (
  lead_id int not null,
  source_key varchar(100) not null,
  import_hashes varchar(255) not null,
  observed_at datetime(3) not null,
  primary key (lead_id, source_key),
  constraint fk_lead_source_states_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Keyed hashes of the identities of people who were deleted permanently: imports do not bring them back. lead_id is the
-- number that the lead had.
create table identity_tombstones (
  identity_hash varchar(64) not null primary key,
  lead_id int not null,
  buried_at datetime(3) not null,
  index ix_identity_tombstones_lead_id (lead_id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Random keys of this database.
create table database_secrets (
  name varchar(100) not null primary key,
  secret varchar(255) not null,
  created_at datetime(3) not null
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

-- Where a task that works in batches continues after a stop.
create table task_states (
  name varchar(100) not null primary key,
  task_state json not null,
  updated_at datetime(3) not null
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

alter table sales_leads
  add column street varchar(255),
  add column merged_into_id int,
  add column observed_at datetime(3),
  add index ix_sales_leads_merged_into_id (merged_into_id),
  add constraint fk_sales_leads_merged_into_id foreign key (merged_into_id) references sales_leads (id) on delete cascade;

-- What the revert of this migration kept.
update sales_leads as l join lead_sources as s on s.lead_id = l.id set
  l.street = json_unquote(json_extract(s.metadata, '$.kept_by_006.street')),
  l.merged_into_id = json_unquote(json_extract(s.metadata, '$.kept_by_006.merged_into_id')),
  l.observed_at = json_unquote(json_extract(s.metadata, '$.kept_by_006.observed_at'))
where json_contains_path(s.metadata, 'one', '$.kept_by_006');

insert into lead_identities (identity, lead_id, is_shared, seen_at)
select i.identity, s.lead_id, i.is_shared, i.seen_at
from lead_sources as s, json_table(s.metadata, '$.kept_by_006.identities[*]' columns (
  identity varchar(255) path '$.identity',
  is_shared int path '$.is_shared',
  seen_at varchar(30) path '$.seen_at'
)) as i;

insert into lead_duplicates (lead_a, lead_b, certainty, is_certain, reasons, duplicate_status, checked_at, decided_at, decided_by)
select s.lead_id, i.lead_b, i.certainty, i.is_certain, i.reasons, i.duplicate_status, i.checked_at, i.decided_at, i.decided_by
from lead_sources as s, json_table(s.metadata, '$.kept_by_006.decisions[*]' columns (
  lead_b int path '$.lead_b',
  certainty int path '$.certainty',
  is_certain int path '$.is_certain',
  reasons longtext path '$.reasons',
  duplicate_status varchar(20) path '$.duplicate_status',
  checked_at varchar(30) path '$.checked_at',
  decided_at varchar(30) path '$.decided_at' null on empty,
  decided_by varchar(255) path '$.decided_by' null on empty
)) as i;

insert into lead_merges (keeper_id, merged_id, certainty, reasons, moved_identities, copied_sources, changed_fields,
  keeper_hashes, merged_at, merged_by, undone_at, undone_by)
select s.lead_id, i.merged_id, i.certainty, i.reasons, i.moved_identities, i.copied_sources, i.changed_fields,
  i.keeper_hashes, i.merged_at, i.merged_by, i.undone_at, i.undone_by
from lead_sources as s, json_table(s.metadata, '$.kept_by_006.merges[*]' columns (
  id int path '$.id',
  merged_id int path '$.merged_id',
  certainty int path '$.certainty' null on empty,
  reasons longtext path '$.reasons' null on empty,
  moved_identities longtext path '$.moved_identities',
  copied_sources longtext path '$.copied_sources',
  changed_fields longtext path '$.changed_fields',
  keeper_hashes varchar(255) path '$.keeper_hashes' null on empty,
  merged_at varchar(30) path '$.merged_at',
  merged_by varchar(255) path '$.merged_by',
  undone_at varchar(30) path '$.undone_at' null on empty,
  undone_by varchar(255) path '$.undone_by' null on empty
)) as i
order by i.id;

insert into lead_source_states (lead_id, source_key, import_hashes, observed_at)
select s.lead_id, i.source_key, i.import_hashes, i.observed_at
from lead_sources as s, json_table(s.metadata, '$.kept_by_006.sources[*]' columns (
  source_key varchar(100) path '$.source_key',
  import_hashes varchar(255) path '$.import_hashes',
  observed_at varchar(30) path '$.observed_at'
)) as i;

update lead_sources set metadata = nullif(json_remove(metadata, '$.kept_by_006'), '{}')
where json_contains_path(metadata, 'one', '$.kept_by_006');
