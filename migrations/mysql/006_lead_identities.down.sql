-- What cannot be found again is kept with the source of each lead, and restored by the next up. Tombstones have no lead:
-- they go. Texts of JSON are kept as texts: MariaDB has no type for JSON.
update lead_sources as s join sales_leads as l on l.id = s.lead_id
set s.metadata = json_set(coalesce(s.metadata, '{}'), '$.kept_by_006', json_merge_patch('{}', json_object(
  'street', l.street,
  'merged_into_id', l.merged_into_id,
  'observed_at', cast(l.observed_at as char),
  'identities', json_extract((
    select json_arrayagg(json_object(
      'identity', i.identity, 'is_shared', i.is_shared, 'seen_at', cast(i.seen_at as char)
    ))
    from lead_identities as i where i.lead_id = l.id
  ), '$'),
  'decisions', json_extract((
    select json_arrayagg(json_object(
      'lead_b', d.lead_b, 'certainty', d.certainty, 'is_certain', d.is_certain, 'reasons', cast(d.reasons as char),
      'duplicate_status', d.duplicate_status, 'checked_at', cast(d.checked_at as char),
      'decided_at', cast(d.decided_at as char), 'decided_by', d.decided_by
    ))
    from lead_duplicates as d where d.lead_a = l.id and d.duplicate_status <> 'open'
  ), '$'),
  'merges', json_extract((
    select json_arrayagg(json_object(
      'id', m.id, 'merged_id', m.merged_id, 'certainty', m.certainty, 'reasons', cast(m.reasons as char),
      'moved_identities', cast(m.moved_identities as char), 'copied_sources', cast(m.copied_sources as char),
      'changed_fields', cast(m.changed_fields as char), 'keeper_hashes', m.keeper_hashes,
      'merged_at', cast(m.merged_at as char), 'merged_by', m.merged_by,
      'undone_at', cast(m.undone_at as char), 'undone_by', m.undone_by
    ))
    from lead_merges as m where m.keeper_id = l.id
  ), '$'),
  'sources', json_extract((
    select json_arrayagg(json_object(
      'source_key', t.source_key, 'import_hashes', t.import_hashes, 'observed_at', cast(t.observed_at as char)
    ))
    from lead_source_states as t where t.lead_id = l.id
  ), '$')
)))
where l.street is not null or l.merged_into_id is not null or l.observed_at is not null
  or exists (select 1 from lead_identities as i where i.lead_id = l.id)
  or exists (select 1 from lead_duplicates as d where d.lead_a = l.id and d.duplicate_status <> 'open')
  or exists (select 1 from lead_merges as m where m.keeper_id = l.id)
  or exists (select 1 from lead_source_states as t where t.lead_id = l.id);

alter table sales_leads
  drop foreign key fk_sales_leads_merged_into_id,
  drop index ix_sales_leads_merged_into_id,
  drop column observed_at,
  drop column merged_into_id,
  drop column street;
drop table task_states;
drop table database_secrets;
drop table identity_tombstones;
drop table lead_source_states;
drop table lead_merges;
drop table lead_duplicates;
drop table lead_match_keys;
drop table lead_identities;
