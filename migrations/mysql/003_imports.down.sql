drop table import_companies;
drop table import_changes;
drop table import_rejections;
drop table import_batches;
