-- The times are kept with the source of each lead, and restored by the next up.
update lead_sources
set metadata = json_set(coalesce(metadata, '{}'), '$.kept_by_008', json_patch('{}', json_object(
  'sources', (
    select json(nullif(json_group_array(json_object('source_key', t.source_key, 'observations', t.observations)), '[]'))
    from lead_source_states as t where t.lead_id = lead_sources.lead_id and t.observations is not null
  ),
  'sightings', (
    select json(nullif(json_group_array(json_object('source_id', g.source_id, 'observed_at', g.observed_at)), '[]'))
    from lead_sightings as g where g.lead_id = lead_sources.lead_id and g.observed_at is not null
  )
)))
where exists (select 1 from lead_source_states as t where t.lead_id = lead_sources.lead_id and t.observations is not null)
  or exists (select 1 from lead_sightings as g where g.lead_id = lead_sources.lead_id and g.observed_at is not null);

alter table lead_sightings drop column observed_at;
alter table lead_source_states drop column observations;
