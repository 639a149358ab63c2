-- When existing leads were seen again, and by which run or file: a narrow row each, so that recording it costs little.
create table lead_sightings (
  lead_id integer not null,
  source_type varchar(20) not null,
  -- The run_id of an Apify run, or the import_batch_id of a file.
  source_id varchar(100) not null,
  seen_at datetime(3) not null,
  primary key (lead_id, source_id),
  constraint ck_lead_sightings_source_type check (source_type in ('apify', 'import')),
  constraint fk_lead_sightings_lead_id foreign key (lead_id) references sales_leads (id) on delete cascade
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;

insert ignore into lead_sightings (lead_id, source_type, source_id, seen_at)
select s.lead_id, if(i.run_id is null, 'import', 'apify'), coalesce(i.run_id, i.import_batch_id),
  str_to_date(i.seen_at, '%Y-%m-%dT%H:%i:%s.%fZ')
from lead_sources as s, json_table(s.metadata, '$.sightings[*]' columns (
  run_id varchar(100) path '$.run_id' null on error,
  import_batch_id varchar(100) path '$.import_batch_id' null on error,
  seen_at varchar(30) path '$.seen_at'
)) as i
where coalesce(i.run_id, i.import_batch_id) is not null;

update lead_sources set metadata = nullif(json_remove(metadata, '$.sightings'), '{}')
where json_contains_path(metadata, 'one', '$.sightings');
