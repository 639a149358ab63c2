-- When each value was observed, so that an older message does not bring older values back.

-- What the source said at which time, and values that the lead does not have now. Null: only import_hashes, at observed_at.
alter table lead_source_states add column observations json;
-- Of the item. Null where it is not known, or where the item said something else than the lead has.
alter table lead_sightings add column observed_at timestamptz(3);

-- What the revert of this migration kept.
update lead_source_states as t set observations = s.metadata -> 'kept_by_008' -> 'sources' -> t.source_key
from lead_sources as s
where s.lead_id = t.lead_id and s.metadata -> 'kept_by_008' -> 'sources' -> t.source_key is not null;

update lead_sightings as g set observed_at = (s.metadata -> 'kept_by_008' -> 'sightings' ->> g.source_id)::timestamptz
from lead_sources as s
where s.lead_id = g.lead_id and s.metadata -> 'kept_by_008' -> 'sightings' ->> g.source_id is not null;

update lead_sources set metadata = nullif((metadata::jsonb - 'kept_by_008')::text, '{}')::json
where metadata -> 'kept_by_008' is not null;
