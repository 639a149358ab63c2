alter table import_batches drop column match_counts;
