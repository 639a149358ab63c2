import { CompiledQuery } from 'kysely'
import type { IngestStatements } from '../types.ts'
import { joinValues, selectSplit } from './delimited-columns.ts'

/** One text a column: lead_id, source_key, import_hashes, observed_at, observations. None contains the delimiter. */
const upsertSourceStatesSql = `
insert into lead_source_states (lead_id, source_key, import_hashes, observed_at, observations)
select lead_id::integer, source_key, import_hashes, observed_at::timestamptz, observations::json
from (${selectSplit(1, ['lead_id', 'source_key', 'import_hashes', 'observed_at', 'observations'])}) as s
on conflict (lead_id, source_key) do update set import_hashes = excluded.import_hashes,
  observed_at = excluded.observed_at, observations = excluded.observations`

export const upsertSourceStates: IngestStatements['upsertSourceStates'] = async (trx, states) => {
  if (states.length === 0) return
  const texts = [
    joinValues(states, ({ lead_id }) => lead_id),
    joinValues(states, ({ source_key }) => source_key),
    joinValues(states, ({ import_hashes }) => import_hashes),
    joinValues(states, ({ observed_at }) => observed_at.toISOString()),
    joinValues(states, ({ observations }) => observations),
  ]
  await trx.kysely.executeQuery(CompiledQuery.raw(upsertSourceStatesSql, texts))
}
