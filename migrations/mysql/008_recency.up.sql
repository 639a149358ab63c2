-- When each value was observed, so that an older message does not bring older values back. The reasons are in the
-- migration for PostgreSQL.
alter table lead_source_states add column observations json;
alter table lead_sightings add column observed_at datetime(3);

-- What the revert of this migration kept.
update lead_source_states as t
join lead_sources as s on s.lead_id = t.lead_id
join json_table(s.metadata, '$.kept_by_008.sources[*]' columns (
  source_key varchar(100) path '$.source_key',
  observations longtext path '$.observations'
)) as i on i.source_key = t.source_key
set t.observations = i.observations
where json_contains_path(s.metadata, 'one', '$.kept_by_008');

update lead_sightings as g
join lead_sources as s on s.lead_id = g.lead_id
join json_table(s.metadata, '$.kept_by_008.sightings[*]' columns (
  source_id varchar(100) path '$.source_id',
  observed_at varchar(30) path '$.observed_at'
)) as i on i.source_id = g.source_id
set g.observed_at = i.observed_at
where json_contains_path(s.metadata, 'one', '$.kept_by_008');

update lead_sources set metadata = nullif(json_remove(metadata, '$.kept_by_008'), '{}')
where json_contains_path(metadata, 'one', '$.kept_by_008');
