-- Leads are counted in batches that may end anywhere, also within a quarter of an hour or between leads of the same time:
-- see docs/decisions/020-lead-counts.md. A change therefore tells which leads it is of: those of one time whose ids have
-- these bits but for the last 16. Null in changes from before this migration.
-- No writer waits within a trigger that it began before: then all later changes have their block.
lock table sales_leads in share row exclusive mode;
alter table lead_count_changes add column id_block integer;

create or replace function count_new_leads() returns trigger language plpgsql security definer as $$
begin
  insert into lead_count_changes
    (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
  select created_at, id >> 16, lead_status, enrichment_status, source, actor_id, country, count(*)
  from new_leads where not is_deleted
  group by created_at, id >> 16, lead_status, enrichment_status, source, actor_id, country;
  return null;
end
$$;

create or replace function count_changed_lead() returns trigger language plpgsql security definer as $$
begin
  if not old.is_deleted then
    insert into lead_count_changes
      (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (old.created_at, old.id >> 16, old.lead_status, old.enrichment_status, old.source, old.actor_id,
      old.country, -1);
  end if;
  if tg_op = 'UPDATE' and not new.is_deleted then
    insert into lead_count_changes
      (created_at, id_block, lead_status, enrichment_status, source, actor_id, country, leads_count)
    values (new.created_at, new.id >> 16, new.lead_status, new.enrichment_status, new.source, new.actor_id,
      new.country, 1);
  end if;
  return null;
end
$$;

-- Replacing a function drops its settings.
do $$
begin
  execute format('alter function count_new_leads() set search_path = %I, pg_temp', current_schema());
  execute format('alter function count_changed_lead() set search_path = %I, pg_temp', current_schema());
end
$$;

-- What is counted of an unfinished quarter is in the rows with grain_s = -900: its leads up to the position of the count,
-- without their changes. A change leaves its table when it is added to the counts; then it belongs there as well if it is
-- of those leads. Whoever adds changes has locked the position.
create function keep_unfinished_quarter() returns trigger language plpgsql as $$
declare
  reached_at timestamptz(3);
  reached_block integer;
begin
  select (task_state -> 'position' ->> 'created_at')::timestamptz, (task_state -> 'position' ->> 'id_block')::integer
  into reached_at, reached_block
  from task_states where name = 'lead-counts';
  if reached_at is null then
    return null;
  end if;
  insert into lead_counts (grain_s, dimension, period, value, leads_count)
  select -900, dimension, floor(extract(epoch from reached_at) / 900)::integer, value, sum(leads_count)
  from removed cross join lateral (values
    ('lead_status', '=' || lead_status), ('enrichment_status', '=' || enrichment_status), ('source', '=' || source),
    ('actor_id', coalesce('=' || actor_id, '')), ('country', coalesce('=' || country, ''))
  ) as dimensions (dimension, value)
  where (created_at, coalesce(id_block, 0)) < (reached_at, reached_block)
    and floor(extract(epoch from created_at) / 900) = floor(extract(epoch from reached_at) / 900)
  group by dimension, value order by dimension, value
  on conflict (grain_s, dimension, period, value)
  do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  return null;
end
$$;

create trigger tr_lead_count_changes_delete after delete on lead_count_changes
  referencing old table as removed for each statement execute function keep_unfinished_quarter();

-- For a transaction that reads slices of a table by an index whatever the planner knows of it: without statistics, or with
-- those of an earlier time, a slice may look like most of the table. Costs that it adds to other scans would start
-- compilation. In a function: see migration 011.
create function read_by_index() returns text
  language sql volatile
  return set_config('enable_seqscan', 'off', true) || set_config('jit', 'off', true);
