-- One person, one lead: all identities of a lead, pairs of leads that may be one, merges, and what is left of deleted
-- people. The tables of identities and match keys are filled by the backfill, in batches, after this migration.

-- Each identity belongs to one lead, regardless of the file, Actor or caller that stated it.
create table lead_identities (
  identity text not null,
  lead_id integer not null,
  -- Several people use it: it matches no lead any more.
  is_shared integer not null default 0,
  seen_at text not null,
  primary key (identity),
  constraint ck_lead_identities_key_text check (identity not like '% '),
  constraint fk_lead_identities_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;
create index ix_lead_identities_lead_id on lead_identities (lead_id);

-- Leads that share a key are compared. A key is 52 bits of a hash, so that it is exact as a number in JavaScript.
-- No foreign key: it would cost half as much as the row, and the key of a lead that is gone is harmless.
create table lead_match_keys (
  match_key integer not null,
  lead_id integer not null,
  primary key (match_key, lead_id)
) strict, without rowid;
create index ix_lead_match_keys_lead_id on lead_match_keys (lead_id);

-- Pairs of leads that may be one, the lower id first.
create table lead_duplicates (
  lead_a integer not null,
  lead_b integer not null,
  -- Thousandths.
  certainty integer not null,
  is_certain integer not null,
  -- Field to level of agreement.
  reasons text not null,
  duplicate_status text not null default 'open',
  checked_at text not null,
  decided_at text,
  decided_by text,
  primary key (lead_a, lead_b),
  constraint ck_lead_duplicates_order check (lead_a < lead_b),
  constraint ck_lead_duplicates_status check (duplicate_status in ('open', 'merged', 'dismissed')),
  constraint fk_lead_duplicates_lead_a foreign key (lead_a) references sales_leads (id) on delete cascade,
  constraint fk_lead_duplicates_lead_b foreign key (lead_b) references sales_leads (id) on delete cascade
) strict, without rowid;
create index ix_lead_duplicates_lead_b on lead_duplicates (lead_b);
create index ix_lead_duplicates_certainty on lead_duplicates (duplicate_status, certainty desc, lead_a, lead_b);

-- What a merge did, so that it can be undone.
create table lead_merges (
  id integer primary key,
  keeper_id integer not null,
  merged_id integer not null,
  certainty integer,
  reasons text,
  moved_identities text not null,
  copied_sources text not null,
  changed_fields text not null,
  keeper_hashes text,
  merged_at text not null,
  merged_by text not null,
  undone_at text,
  undone_by text,
  constraint fk_lead_merges_keeper_id foreign key (keeper_id) references sales_leads (id) on delete cascade,
  constraint fk_lead_merges_merged_id foreign key (merged_id) references sales_leads (id) on delete cascade
) strict;
create index ix_lead_merges_keeper_id on lead_merges (keeper_id, id);
create index ix_lead_merges_merged_id on lead_merges (merged_id, id);

-- What each source said last of a lead that more than one source has: Actor id or file:<source>.
create table lead_source_states (
  lead_id integer not null,
  source_key text not null,
  import_hashes text not null,
  observed_at text not null,
  primary key (lead_id, source_key),
  constraint fk_lead_source_states_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;

-- Keyed hashes of the identities of people who were deleted permanently: imports do not bring them back. lead_id is the
-- number that the lead had.
create table identity_tombstones (
  identity_hash text not null primary key,
  lead_id integer not null,
  buried_at text not null
) strict, without rowid;
create index ix_identity_tombstones_lead_id on identity_tombstones (lead_id);

-- Random keys of this database.
create table database_secrets (
  name text not null primary key,
  secret text not null,
  created_at text not null
) strict;

-- Where a task that works in batches continues after a stop.
create table task_states (
  name text not null primary key,
  task_state text not null,
  updated_at text not null
) strict;

alter table sales_leads add column street text;
alter table sales_leads add column merged_into_id integer
  constraint fk_sales_leads_merged_into_id references sales_leads (id) on delete cascade;
alter table sales_leads add column observed_at text;
create index ix_sales_leads_merged_into_id on sales_leads (merged_into_id) where merged_into_id is not null;

-- What the revert of this migration kept.
update sales_leads as l set
  street = s.metadata ->> '$.kept_by_006.street',
  merged_into_id = s.metadata ->> '$.kept_by_006.merged_into_id',
  observed_at = s.metadata ->> '$.kept_by_006.observed_at'
from lead_sources as s
where s.lead_id = l.id and s.metadata -> '$.kept_by_006' is not null;

insert into lead_identities (identity, lead_id, is_shared, seen_at)
select i.value ->> 'identity', s.lead_id, i.value ->> 'is_shared', i.value ->> 'seen_at'
from lead_sources as s, json_each(s.metadata, '$.kept_by_006.identities') as i;

insert into lead_duplicates (lead_a, lead_b, certainty, is_certain, reasons, duplicate_status, checked_at, decided_at, decided_by)
select s.lead_id, i.value ->> 'lead_b', i.value ->> 'certainty', i.value ->> 'is_certain', i.value ->> 'reasons',
  i.value ->> 'duplicate_status', i.value ->> 'checked_at', i.value ->> 'decided_at', i.value ->> 'decided_by'
from lead_sources as s, json_each(s.metadata, '$.kept_by_006.decisions') as i;

insert into lead_merges (keeper_id, merged_id, certainty, reasons, moved_identities, copied_sources, changed_fields,
  keeper_hashes, merged_at, merged_by, undone_at, undone_by)
select s.lead_id, i.value ->> 'merged_id', i.value ->> 'certainty', i.value ->> 'reasons',
  i.value ->> 'moved_identities', i.value ->> 'copied_sources', i.value ->> 'changed_fields',
  i.value ->> 'keeper_hashes', i.value ->> 'merged_at', i.value ->> 'merged_by', i.value ->> 'undone_at',
  i.value ->> 'undone_by'
from lead_sources as s, json_each(s.metadata, '$.kept_by_006.merges') as i
order by i.value ->> 'id';

insert into lead_source_states (lead_id, source_key, import_hashes, observed_at)
select s.lead_id, i.value ->> 'source_key', i.value ->> 'import_hashes', i.value ->> 'observed_at'
from lead_sources as s, json_each(s.metadata, '$.kept_by_006.sources') as i;

update lead_sources set metadata = nullif(json_remove(metadata, '$.kept_by_006'), '{}')
where metadata -> '$.kept_by_006' is not null;
