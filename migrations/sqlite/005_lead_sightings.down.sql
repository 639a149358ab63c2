-- The sightings go back to where they were before: metadata.sightings of the source, newest first.
update lead_sources
set metadata = json_set(coalesce(metadata, '{}'), '$.sightings', json((
  select json_group_array(json(i.sighting)) from (
    select json_object(
      'run_id', case when source_type = 'apify' then source_id end,
      'import_batch_id', case when source_type = 'import' then source_id end,
      'seen_at', seen_at
    ) as sighting
    from lead_sightings
    where lead_sightings.lead_id = lead_sources.lead_id
    order by seen_at desc, source_id desc
  ) as i
)))
where lead_id in (select lead_id from lead_sightings);

drop table lead_sightings;
