import { CompiledQuery } from 'kysely'
import type { IngestStatements } from '../ingest.ts'

const KEY = '"sightings":['

/** Sightings in a text where only the list of the source itself is called so, and has room for one more. */
const hasRoom = `case when json_typeof(s.metadata -> 'sightings') = 'array'
  then json_array_length(s.metadata -> 'sightings') between 1 and $6::integer - 1 else false end
  and length(s.metadata::text) - length(replace(s.metadata::text, '${KEY}', '')) = ${KEY.length}`

/**
 * Puts a sighting at the head of the list in the metadata's text, in one statement for all leads: reading, changing and
 * writing them took twice as long. What is not as imports write it is left to the slower way: a list that is full, or
 * that names this run or file already. $1 ids, $2 the sighting, $3 time, $4 actor, $5 what tells it from others.
 */
export const noteSightingsSql = `
update lead_sources as s set
  metadata = case
    when s.metadata is null or s.metadata::text = '{}' then '{${KEY}' || $2 || ']}'
    when s.metadata::text like '%"sightings"%' then replace(s.metadata::text, '${KEY}', '${KEY}' || $2 || ',')
    else left(s.metadata::text, -1) || ',${KEY}' || $2 || ']}'
  end::json,
  updated_at = $3::timestamptz,
  updated_by = $4
from unnest(string_to_array($1::text, ',')::integer[]) as i(id)
where s.lead_id = i.id and (
  s.metadata is null
  or ((s.metadata::text = '{}' or s.metadata::text like '{"%}') and strpos(s.metadata::text, $5) = 0 and case
    when s.metadata::text like '%"sightings"%' then ${hasRoom}
    else true
  end))
returning s.lead_id`

export const noteSightings: NonNullable<IngestStatements['noteSightings']> = async (trx, ids, note, origin) => {
  const { sighting, list_max, mark } = note
  const sorted = ids.toSorted((a, b) => a - b)
  const query = CompiledQuery.raw(noteSightingsSql, [
    ...[sorted.join(','), JSON.stringify(sighting), origin.at, origin.actor, mark, list_max],
  ])
  const { rows } = await trx.kysely.executeQuery<{ lead_id: number }>(query)
  return new Set(rows.map(({ lead_id }) => lead_id))
}
