-- Merges and decisions are kept with the states of tasks, and restored by the next up.
insert into task_states (name, task_state, updated_at)
select 'kept_by_012', json_build_object(
  'companies', (
    select json_agg(json_build_object('id', c.id, 'merged_into_id', c.merged_into_id))
    from companies as c where c.merged_into_id is not null
  ),
  'decisions', (select json_agg(row_to_json(d)) from company_duplicates as d where d.duplicate_status <> 'open'),
  'merges', (select json_agg(row_to_json(m)) from company_merges as m)
), now();

drop table company_merges;
drop table company_duplicates;
drop table company_match_keys;
drop index ix_companies_updated_at;
drop index ix_companies_merged_into_id;
alter table companies drop column merged_into_id;
