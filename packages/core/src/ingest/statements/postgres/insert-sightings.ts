import { CompiledQuery } from 'kysely'
import type { IngestStatements } from '../types.ts'
import { joinValues } from './delimited-columns.ts'

/** $1-$5: ids joined, source_type, source_id, seen_at, times joined. In the order of ids, as all who write to known leads. */
const insertSightingsSql = `
insert into lead_sightings (lead_id, source_type, source_id, seen_at, observed_at)
select id::integer, $2, $3, $4::timestamptz, observed_at::timestamptz
from unnest(string_to_array($1::text, E'\\x1f'), string_to_array($5::text, E'\\x1f', '')) as seen(id, observed_at)
on conflict do nothing`

export const insertSightings: IngestStatements['insertSightings'] = async (
  trx,
  leads,
  { source_type, source_id, seen_at },
) => {
  if (leads.length === 0) return
  const ids = joinValues(leads, ({ lead_id }) => lead_id)
  const times = joinValues(leads, ({ observed_at }) => observed_at)
  await trx.kysely.executeQuery(CompiledQuery.raw(insertSightingsSql, [ids, source_type, source_id, seen_at, times]))
}
