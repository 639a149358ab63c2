-- What cannot be found again is kept with the source of each lead, and restored by the next up. Tombstones have no lead:
-- they go.
update lead_sources as s
set metadata = (coalesce(s.metadata::jsonb, '{}') || jsonb_build_object('kept_by_006', k.kept))::json
from (
  select l.id, (select jsonb_object_agg(key, value) from jsonb_each(jsonb_build_object(
    'street', l.street,
    'merged_into_id', l.merged_into_id,
    'observed_at', l.observed_at,
    'identities', (
      select jsonb_agg(to_jsonb(i) - 'lead_id' order by i.identity) from lead_identities as i where i.lead_id = l.id
    ),
    'decisions', (
      select jsonb_agg(to_jsonb(d) - 'lead_a' order by d.lead_b) from lead_duplicates as d
      where d.lead_a = l.id and d.duplicate_status <> 'open'
    ),
    'merges', (
      select jsonb_agg(to_jsonb(m) - 'keeper_id' order by m.id) from lead_merges as m where m.keeper_id = l.id
    ),
    'sources', (
      select jsonb_agg(to_jsonb(t) - 'lead_id' order by t.source_key) from lead_source_states as t where t.lead_id = l.id
    )
  )) where value <> 'null') as kept
  from sales_leads as l
) as k
where k.id = s.lead_id and k.kept is not null;

drop index ix_sales_leads_merged_into_id;
alter table sales_leads drop column observed_at, drop column merged_into_id, drop column street;
drop table task_states;
drop table database_secrets;
drop table identity_tombstones;
drop table lead_source_states;
drop table lead_merges;
drop table lead_duplicates;
drop table lead_match_keys;
drop table lead_identities;
