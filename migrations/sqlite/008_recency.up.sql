-- When each value was observed, so that an older message does not bring older values back. The reasons are in the
-- migration for PostgreSQL.
alter table lead_source_states add column observations text;
alter table lead_sightings add column observed_at text;

-- What the revert of this migration kept.
update lead_source_states set observations = (
  select i.value ->> 'observations' from lead_sources as s, json_each(s.metadata, '$.kept_by_008.sources') as i
  where s.lead_id = lead_source_states.lead_id and i.value ->> 'source_key' = lead_source_states.source_key
)
where lead_id in (select lead_id from lead_sources where metadata -> '$.kept_by_008.sources' is not null);

update lead_sightings set observed_at = (
  select i.value ->> 'observed_at' from lead_sources as s, json_each(s.metadata, '$.kept_by_008.sightings') as i
  where s.lead_id = lead_sightings.lead_id and i.value ->> 'source_id' = lead_sightings.source_id
)
where lead_id in (select lead_id from lead_sources where metadata -> '$.kept_by_008.sightings' is not null);

update lead_sources set metadata = nullif(json_remove(metadata, '$.kept_by_008'), '{}')
where metadata -> '$.kept_by_008' is not null;
