-- When existing leads were seen again, and by which run or file: a narrow row each, so that recording it costs little.
create table lead_sightings (
  lead_id integer not null,
  source_type text not null,
  -- The run_id of an Apify run, or the import_batch_id of a file.
  source_id text not null,
  seen_at text not null,
  primary key (lead_id, source_id),
  constraint ck_lead_sightings_source_type check (source_type in ('apify', 'import')),
  constraint fk_lead_sightings_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) strict, without rowid;

insert or ignore into lead_sightings (lead_id, source_type, source_id, seen_at)
select s.lead_id, case when i.value ->> 'run_id' is null then 'import' else 'apify' end,
  coalesce(i.value ->> 'run_id', i.value ->> 'import_batch_id'), i.value ->> 'seen_at'
from lead_sources as s, json_each(s.metadata, '$.sightings') as i
where coalesce(i.value ->> 'run_id', i.value ->> 'import_batch_id') is not null;

update lead_sources set metadata = nullif(json_remove(metadata, '$.sightings'), '{}')
where json_extract(metadata, '$.sightings') is not null;
