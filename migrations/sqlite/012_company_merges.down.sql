-- Merges and decisions are kept with the states of tasks, and restored by the next up.
insert into task_states (name, task_state, updated_at)
select 'kept_by_012', json_object(
  'companies', (
    select json_group_array(json_object('id', c.id, 'merged_into_id', c.merged_into_id))
    from companies as c where c.merged_into_id is not null
  ),
  'decisions', (
    select json_group_array(json_object(
      'company_a', d.company_a, 'company_b', d.company_b, 'certainty', d.certainty, 'is_certain', d.is_certain,
      'reasons', d.reasons, 'duplicate_status', d.duplicate_status, 'checked_at', d.checked_at,
      'decided_at', d.decided_at, 'decided_by', d.decided_by
    ))
    from company_duplicates as d where d.duplicate_status <> 'open'
  ),
  'merges', (
    select json_group_array(json_object(
      'id', m.id, 'keeper_id', m.keeper_id, 'merged_id', m.merged_id, 'changed_fields', m.changed_fields,
      'moved_lead_ids', m.moved_lead_ids, 'merged_at', m.merged_at, 'merged_by', m.merged_by,
      'undone_at', m.undone_at, 'undone_by', m.undone_by
    ))
    from company_merges as m
  )
), strftime('%Y-%m-%dT%H:%M:%fZ', 'now');

drop table company_merges;
drop table company_duplicates;
drop table company_match_keys;
drop index ix_companies_updated_at;
drop index ix_companies_merged_into_id;
alter table companies drop column merged_into_id;
