drop function read_by_index();
drop trigger tr_lead_count_changes_delete on lead_count_changes;
drop function keep_unfinished_quarter();
delete from lead_counts where grain_s = -900;
-- The day of the position is counted again.
update task_states set task_state = (task_state::jsonb - 'position')::json where name = 'lead-counts';

lock table sales_leads in share row exclusive mode;
create or replace function count_new_leads() returns trigger language plpgsql security definer as $$
begin
  insert into lead_count_changes (created_at, lead_status, enrichment_status, source, actor_id, country, leads_count)
  select created_at, lead_status, enrichment_status, source, actor_id, country, count(*)
  from new_leads where not is_deleted
  group by created_at, lead_status, enrichment_status, source, actor_id, country;
  return null;
end
$$;

create or replace function count_changed_lead() returns trigger language plpgsql security definer as $$
begin
  if not old.is_deleted then
    insert into lead_count_changes (created_at, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (old.created_at, old.lead_status, old.enrichment_status, old.source, old.actor_id, old.country, -1);
  end if;
  if tg_op = 'UPDATE' and not new.is_deleted then
    insert into lead_count_changes (created_at, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (new.created_at, new.lead_status, new.enrichment_status, new.source, new.actor_id, new.country, 1);
  end if;
  return null;
end
$$;

do $$
begin
  execute format('alter function count_new_leads() set search_path = %I, pg_temp', current_schema());
  execute format('alter function count_changed_lead() set search_path = %I, pg_temp', current_schema());
end
$$;
alter table lead_count_changes drop column id_block;
