import { CompiledQuery } from 'kysely'
import type { IngestStatements } from '../types.ts'
import { joinValues, selectSplit } from './delimited-columns.ts'

/** $1-$3: event_source, the time, the actor; then one text a column. JSON text has no unescaped control character. */
const insertEventsSql = `
insert into lead_events (lead_id, event_type, event_name, event_data, changed_fields, event_source, event_timestamp,
  actor, created_at, updated_at, created_by, updated_by)
select lead_id::integer, event_type, event_name, event_data::json, changed_fields::json, $1, $2::timestamptz,
  $3, $2::timestamptz, $2::timestamptz, $3, $3
from (${selectSplit(4, ['lead_id', 'event_type', 'event_name', 'event_data', 'changed_fields'])}) as e`

export const insertEvents: IngestStatements['insertEvents'] = async (trx, events, origin) => {
  if (events.length === 0) return
  const texts = [
    joinValues(events, ({ lead_id }) => lead_id),
    joinValues(events, ({ event_type }) => event_type),
    joinValues(events, ({ event_name }) => event_name),
    joinValues(events, ({ event_data }) => event_data),
    joinValues(events, ({ changed_fields }) => changed_fields),
  ]
  const values = [origin.source, origin.at, origin.actor, ...texts]
  await trx.kysely.executeQuery(CompiledQuery.raw(insertEventsSql, values))
}
