-- When existing leads were seen again, and by which run or file: a narrow row each. In the metadata of lead_sources, where it
-- was kept before, a page of 1,000 cost 40-50 ms: rows that grow move to other pages and into seven indexes. Here it
-- costs 12 ms, of which the foreign key takes 6.
create table lead_sightings (
  lead_id integer not null,
  source_type varchar(20) not null,
  -- The run_id of an Apify run, or the import_batch_id of a file.
  source_id varchar(100) not null,
  seen_at timestamptz(3) not null,
  constraint lead_sightings_pkey primary key (lead_id, source_id),
  constraint ck_lead_sightings_source_type check (source_type in ('apify', 'import')),
  constraint fk_lead_sightings_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
);

insert into lead_sightings (lead_id, source_type, source_id, seen_at)
select s.lead_id, case when i.run_id is null then 'import' else 'apify' end, coalesce(i.run_id, i.import_batch_id), i.seen_at
from lead_sources as s
cross join lateral json_to_recordset(s.metadata -> 'sightings') as i(run_id text, import_batch_id text, seen_at timestamptz)
where json_typeof(s.metadata -> 'sightings') = 'array' and coalesce(i.run_id, i.import_batch_id) is not null
on conflict do nothing;

update lead_sources set metadata = nullif((metadata::jsonb - 'sightings')::text, '{}')::json
where metadata -> 'sightings' is not null;
