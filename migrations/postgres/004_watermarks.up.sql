-- How far back a scheduled task has to look: kept here, so that an outage of any length is caught up with.
create table watermarks (
  name varchar(100) not null primary key,
  reached_at timestamptz(3) not null
);
