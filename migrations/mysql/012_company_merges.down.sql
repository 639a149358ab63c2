-- Merges and decisions are kept with the states of tasks, and restored by the next up. Texts of JSON are kept as texts:
-- MariaDB has no type for JSON.
set session group_concat_max_len = 1073741824;
insert into task_states (name, task_state, updated_at)
select 'kept_by_012', json_object(
  'companies', json_extract((
    select json_arrayagg(json_object('id', c.id, 'merged_into_id', c.merged_into_id))
    from companies as c where c.merged_into_id is not null
  ), '$'),
  'decisions', json_extract((
    select json_arrayagg(json_object(
      'company_a', d.company_a, 'company_b', d.company_b, 'certainty', d.certainty, 'is_certain', d.is_certain,
      'reasons', cast(d.reasons as char), 'duplicate_status', d.duplicate_status,
      'checked_at', cast(d.checked_at as char), 'decided_at', cast(d.decided_at as char), 'decided_by', d.decided_by
    ))
    from company_duplicates as d where d.duplicate_status <> 'open'
  ), '$'),
  'merges', json_extract((
    select json_arrayagg(json_object(
      'id', m.id, 'keeper_id', m.keeper_id, 'merged_id', m.merged_id,
      'changed_fields', cast(m.changed_fields as char), 'moved_lead_ids', cast(m.moved_lead_ids as char),
      'merged_at', cast(m.merged_at as char), 'merged_by', m.merged_by,
      'undone_at', cast(m.undone_at as char), 'undone_by', m.undone_by
    ))
    from company_merges as m
  ), '$')
), now(3);

drop table company_merges;
drop table company_duplicates;
drop table company_match_keys;
alter table companies
  drop foreign key fk_companies_merged_into_id,
  drop index ix_companies_merged_into_id,
  drop index ix_companies_updated_at,
  drop column merged_into_id;
