-- The sightings go back to where they were before: metadata.sightings of the source, newest first.
update lead_sources as s
set metadata = (coalesce(s.metadata::jsonb, '{}') || jsonb_build_object('sightings', i.sightings))::json
from (
  select lead_id, jsonb_agg(
    jsonb_build_object(
      'run_id', case when source_type = 'apify' then source_id end,
      'import_batch_id', case when source_type = 'import' then source_id end,
      'seen_at', to_char(seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) order by seen_at desc, source_id desc
  ) as sightings
  from lead_sightings
  group by lead_id
) as i
where s.lead_id = i.lead_id;

drop table lead_sightings;
