-- Counts of 8, 64 and 512 days, so that long periods are sums of few: see docs/decisions/020-lead-counts.md. Whatever adds
-- to the counts of days adds to these too, also code from before this migration. The number of such a period is that of
-- its days without their last 3, 6 or 9 bits.
create function add_to_longer_counts() returns trigger language plpgsql as $$
begin
  -- It is also called for what it adds itself.
  if not exists (select from added where grain_s = 86400) then
    return null;
  end if;
  if tg_op = 'INSERT' then
    insert into lead_counts (grain_s, dimension, period, value, leads_count)
    select longer.grain_s, dimension, period >> bits, value, sum(leads_count)
    from added cross join (values (691200, 3), (5529600, 6), (44236800, 9)) as longer (grain_s, bits)
    where added.grain_s = 86400
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (grain_s, dimension, period, value)
    do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  else
    insert into lead_counts (grain_s, dimension, period, value, leads_count)
    select longer.grain_s, dimension, period >> bits, value, sum(leads_count)
    from (
      select grain_s, dimension, period, value, leads_count from added
      union all
      select grain_s, dimension, period, value, -leads_count from removed
    ) as days cross join (values (691200, 3), (5529600, 6), (44236800, 9)) as longer (grain_s, bits)
    where days.grain_s = 86400
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (grain_s, dimension, period, value)
    do update set leads_count = lead_counts.leads_count + excluded.leads_count;
  end if;
  return null;
end
$$;

-- These triggers keep whoever adds counts out until the end of this transaction. Statistics can be read.
create trigger tr_lead_counts_insert after insert on lead_counts
  referencing new table as added for each statement execute function add_to_longer_counts();
create trigger tr_lead_counts_update after update on lead_counts
  referencing old table as removed new table as added for each statement execute function add_to_longer_counts();

insert into lead_counts (grain_s, dimension, period, value, leads_count)
select longer.grain_s, dimension, period >> bits, value, sum(leads_count)
from lead_counts cross join (values (691200, 3), (5529600, 6), (44236800, 9)) as longer (grain_s, bits)
where lead_counts.grain_s = 86400
group by 1, 2, 3, 4;
