drop function limit_statements(integer);
drop function next_lead_id();
