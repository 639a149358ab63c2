-- What cannot be found again is kept with the source of each lead, and restored by the next up. Tombstones have no lead:
-- they go.
update lead_sources as s
set metadata = json_set(coalesce(s.metadata, '{}'), '$.kept_by_006', json_patch('{}', json_object(
  'street', l.street,
  'merged_into_id', l.merged_into_id,
  'observed_at', l.observed_at,
  'identities', (
    select json(nullif(json_group_array(json_object('identity', i.identity, 'is_shared', i.is_shared, 'seen_at', i.seen_at)), '[]'))
    from lead_identities as i where i.lead_id = l.id
  ),
  'decisions', (
    select json(nullif(json_group_array(json_object(
      'lead_b', d.lead_b, 'certainty', d.certainty, 'is_certain', d.is_certain, 'reasons', d.reasons,
      'duplicate_status', d.duplicate_status, 'checked_at', d.checked_at, 'decided_at', d.decided_at,
      'decided_by', d.decided_by
    )), '[]'))
    from lead_duplicates as d where d.lead_a = l.id and d.duplicate_status <> 'open'
  ),
  'merges', (
    select json(nullif(json_group_array(json_object(
      'id', m.id, 'merged_id', m.merged_id, 'certainty', m.certainty, 'reasons', m.reasons,
      'moved_identities', m.moved_identities, 'copied_sources', m.copied_sources, 'changed_fields', m.changed_fields,
      'keeper_hashes', m.keeper_hashes, 'merged_at', m.merged_at, 'merged_by', m.merged_by,
      'undone_at', m.undone_at, 'undone_by', m.undone_by
    )), '[]'))
    from lead_merges as m where m.keeper_id = l.id
  ),
  'sources', (
    select json(nullif(json_group_array(json_object(
      'source_key', t.source_key, 'import_hashes', t.import_hashes, 'observed_at', t.observed_at
    )), '[]'))
    from lead_source_states as t where t.lead_id = l.id
  )
)))
from sales_leads as l
where l.id = s.lead_id and (
  l.street is not null or l.merged_into_id is not null or l.observed_at is not null
  or exists (select 1 from lead_identities as i where i.lead_id = l.id)
  or exists (select 1 from lead_duplicates as d where d.lead_a = l.id and d.duplicate_status <> 'open')
  or exists (select 1 from lead_merges as m where m.keeper_id = l.id)
  or exists (select 1 from lead_source_states as t where t.lead_id = l.id)
);

drop index ix_sales_leads_merged_into_id;
alter table sales_leads drop column observed_at;
alter table sales_leads drop column merged_into_id;
alter table sales_leads drop column street;
drop table task_states;
drop table database_secrets;
drop table identity_tombstones;
drop table lead_source_states;
drop table lead_merges;
drop table lead_duplicates;
drop table lead_match_keys;
drop table lead_identities;
