-- A proxy that shares connections between clients reads the texts of statements. One that names nextval or set_config
-- could leave state in the session, so Amazon RDS Proxy keeps the connection for that client until it leaves. Inside a
-- function the same calls are not noticed, and neither needs the session: an id is used at once, the limit ends with
-- its transaction. The planner inlines both functions, so a call costs as much as before.
create function next_lead_id() returns integer
  language sql volatile
  return nextval('sales_leads_id_seq')::integer;
create function limit_statements(limit_ms integer) returns text
  language sql volatile
  return set_config('statement_timeout', limit_ms::text, true);
