-- The times are kept with the source of each lead, and restored by the next up.
update lead_sources as s
set metadata = (coalesce(s.metadata::jsonb, '{}') || jsonb_build_object('kept_by_008', k.kept))::json
from (
  select l.id, jsonb_strip_nulls(jsonb_build_object(
    'sources', (
      select jsonb_object_agg(t.source_key, t.observations) from lead_source_states as t
      where t.lead_id = l.id and t.observations is not null
    ),
    'sightings', (
      select jsonb_object_agg(g.source_id, g.observed_at) from lead_sightings as g
      where g.lead_id = l.id and g.observed_at is not null
    )
  )) as kept
  from sales_leads as l
) as k
where k.id = s.lead_id and k.kept <> '{}';

alter table lead_sightings drop column observed_at;
alter table lead_source_states drop column observations;
