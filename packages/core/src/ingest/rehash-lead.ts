import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { leadColumnSpecs, leadColumns, type MergedColumn, mergedColumns } from '../model/lead-columns.ts'
import type { LeadSourceState, SourceObservations } from '../model/lead-identity.ts'
import { EMPTY_HASH, type FieldValue, hashOf, hashPositions, joinHashes, splitHashes } from './field-hashes.ts'

/** Columns of which a value can have another spelling. */
export const spelledColumns = mergedColumns.filter(
  (column): column is Exclude<MergedColumn, 'company_key'> =>
    column in leadColumns && ['text', 'text_list'].includes(leadColumnSpecs[column as 'full_name'].kind),
)

/** Values in their new spelling, by column and hash of the former one. */
export type Respelled = Map<MergedColumn, Map<string, FieldValue>>

export function addRespelled(respelled: Respelled, column: MergedColumn, before: FieldValue, after: FieldValue): void {
  if (hashOf(before) === hashOf(after)) return
  const values = respelled.get(column) ?? new Map<string, FieldValue>()
  respelled.set(column, values.set(hashOf(before), after))
}

/** Returns the hashes with those of the new spellings, so that a value that was not edited still counts as unedited. */
export function rehash(stored: string, respelled: Respelled): string {
  const hashes = splitHashes(stored)
  for (const [column, values] of respelled) {
    const value = values.get(hashes[hashPositions[column]] ?? EMPTY_HASH)
    if (value !== undefined) hashes[hashPositions[column]] = hashOf(value)
  }
  return joinHashes(hashes)
}

type StoredState = Pick<LeadSourceState, 'lead_id' | 'source_key' | 'import_hashes' | 'observations'>

/** What sources said of these leads. */
export async function readStates(db: Db, lead_ids: readonly number[]): Promise<Map<number, StoredState[]>> {
  const states: StoredState[] = []
  for (const chunk of chunkRows(db, lead_ids, 1)) {
    const rows = await db.kysely
      .selectFrom('lead_source_states')
      .select(['lead_id', 'source_key', 'import_hashes', 'observations'])
      .where('lead_id', 'in', chunk)
      .execute()
    states.push(...rows)
  }
  return Map.groupBy(states, ({ lead_id }) => lead_id)
}

/** Values that sources state and the lead does not have. */
export function* otherValues(states: readonly StoredState[]): Generator<[MergedColumn, FieldValue]> {
  for (const { observations } of states)
    for (const [column, values] of Object.entries(observations?.values ?? {}))
      for (const value of Object.values(values)) yield [column as MergedColumn, value]
}

/** Stores what sources said in the new spellings. */
export async function rewriteStates(trx: Db, states: readonly StoredState[], respelled: Respelled): Promise<void> {
  for (const { lead_id, source_key, import_hashes, observations } of states) {
    await trx.kysely
      .updateTable('lead_source_states')
      .set({
        import_hashes: rehash(import_hashes, respelled),
        observations: observations && rewriteObservations(observations, respelled),
      })
      .where('lead_id', '=', lead_id)
      .where('source_key', '=', source_key)
      .execute()
  }
}

function rewriteObservations({ seen, values }: SourceObservations, respelled: Respelled): SourceObservations {
  const rewritten: SourceObservations['values'] = {}
  for (const [column, byHash] of Object.entries(values)) {
    const after = Object.entries(byHash).map(
      ([hash, value]) => respelled.get(column as MergedColumn)?.get(hash) ?? value,
    )
    rewritten[column] = Object.fromEntries(after.map((value) => [hashOf(value), value]))
  }
  return { seen: seen.map(([at, hashes, batch]) => [at, rehash(hashes, respelled), batch]), values: rewritten }
}
