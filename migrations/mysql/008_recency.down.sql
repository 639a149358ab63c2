-- The times are kept with the source of each lead, and restored by the next up. Texts of JSON are kept as texts: MariaDB
-- has no type for JSON.
update lead_sources as s
set s.metadata = json_set(coalesce(s.metadata, '{}'), '$.kept_by_008', json_merge_patch('{}', json_object(
  'sources', json_extract((
    select json_arrayagg(json_object('source_key', t.source_key, 'observations', cast(t.observations as char)))
    from lead_source_states as t where t.lead_id = s.lead_id and t.observations is not null
  ), '$'),
  'sightings', json_extract((
    select json_arrayagg(json_object('source_id', g.source_id, 'observed_at', cast(g.observed_at as char)))
    from lead_sightings as g where g.lead_id = s.lead_id and g.observed_at is not null
  ), '$')
)))
where exists (select 1 from lead_source_states as t where t.lead_id = s.lead_id and t.observations is not null)
  or exists (select 1 from lead_sightings as g where g.lead_id = s.lead_id and g.observed_at is not null);

alter table lead_sightings drop column observed_at;
alter table lead_source_states drop column observations;
