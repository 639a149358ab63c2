-- How far back a scheduled task has to look: kept here, so that an outage of any length is caught up with.
create table watermarks (
  name varchar(100) not null primary key,
  reached_at datetime(3) not null
) engine = innodb default character set utf8mb4 collate utf8mb4_bin;
