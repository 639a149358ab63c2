-- The sightings go back to where they were before: metadata.sightings of the source.
update lead_sources as s
join (
  select lead_id, json_arrayagg(json_object(
    'run_id', case when source_type = 'apify' then source_id end,
    'import_batch_id', case when source_type = 'import' then source_id end,
    'seen_at', date_format(seen_at, '%Y-%m-%dT%H:%i:%s.000Z')
  )) as sightings
  from lead_sightings
  group by lead_id
) as i on i.lead_id = s.lead_id
set s.metadata = json_merge_patch(coalesce(s.metadata, '{}'), json_object('sightings', json_extract(i.sightings, '$')));

drop table lead_sightings;
