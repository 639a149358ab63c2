drop table watermarks;
