-- How far back a scheduled task has to look: kept here, so that an outage of any length is caught up with.
create table watermarks (
  name text not null primary key,
  reached_at text not null
) strict;
