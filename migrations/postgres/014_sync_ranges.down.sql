-- Nothing is lost: a run that is split continues at its own checkpoint, which is before the items of its ranges. The
-- items that were read already are counted as duplicates.
alter table apify_sync_states drop column is_split;
drop table apify_sync_ranges;
