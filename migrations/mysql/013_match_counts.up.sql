-- How the rows of a file met leads, and which of their values were not taken; null if there is nothing to tell.
alter table import_batches add column match_counts json;
