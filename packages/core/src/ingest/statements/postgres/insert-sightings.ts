import { CompiledQuery } from 'kysely'
import type { IngestStatements } from '../types.ts'
import { joinValues } from './delimited-columns.ts'

/** $1-$4: ids joined, source_type, source_id, seen_at. In the order of ids, as all who write to known leads. */
const insertSightingsSql = `
insert into lead_sightings (lead_id, source_type, source_id, seen_at)
select id::integer, $2, $3, $4::timestamptz from unnest(string_to_array($1::text, E'\\x1f')) as id
on conflict do nothing`

export const insertSightings: IngestStatements['insertSightings'] = async (
  trx,
  lead_ids,
  { source_type, source_id, seen_at },
) => {
  if (lead_ids.length === 0) return
  const ids = joinValues(lead_ids, (id) => id)
  await trx.kysely.executeQuery(CompiledQuery.raw(insertSightingsSql, [ids, source_type, source_id, seen_at]))
}
