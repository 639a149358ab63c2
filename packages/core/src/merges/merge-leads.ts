import type { Db } from '../database/engine.ts'
import { leadPairs } from '../duplicates/pair-kinds.ts'
import type { PairReasons } from '../duplicates/score-pair.ts'
import { insertChangeEvents } from '../events/append-event.ts'
import { storeHistory } from '../ingest/source-states.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Json } from '../model/fields.ts'
import type { Lead } from '../model/lead.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { type ChoosableLeadField, combineLeads, expandChoice } from './combine-leads.ts'
import { decidePair, toPairIds } from './dismiss-duplicate.ts'
import { inTransaction } from './in-transaction.ts'
import { assertMergeable, lockLeads } from './lock-leads.ts'
import { takeHashes } from './merged-hashes.ts'
import { scoreLeads } from './show-duplicate.ts'

export interface MergeResult {
  keeper_id: number
  merged_id: number
  changed_fields: ChangedFields
  moved_identities: string[]
}

/**
 * Merges one lead into another, in one transaction. The keeper's values stay and its empty fields are filled; the other
 * row stays as it is, deleted, with `merged_into_id`; its identities move, so that later imports of either find the
 * keeper. Chosen fields have the value of the merged lead and count as edited.
 * @throws Problem not_found, gone, merged, validation_failed
 */
export async function mergeLeads(
  db: Db,
  keeper_id: number,
  merged_id: number,
  by: ChangeAuthor,
  fields_from_merged: readonly ChoosableLeadField[] = [],
): Promise<MergeResult> {
  const chosen = expandChoice(fields_from_merged)
  const [lead_a, lead_b] = toPairIds(leadPairs, keeper_id, merged_id)
  return inTransaction(db, async (trx) => {
    const [keeper, merged] = await lockLeads(trx, [keeper_id, merged_id])
    assertMergeable(keeper)
    assertMergeable(merged)
    const score = await scoreLeads(trx, lead_a, lead_b)
    const changed_fields = combineLeads(keeper, merged, chosen)
    const moved_identities = await moveIdentities(trx, merged_id, keeper_id)
    for (const lead of [keeper, merged]) await storeHistory(trx, lead)
    const copied_sources = await copySourceStates(trx, merged_id, keeper_id)
    const import_hashes = await takeHashes(trx, keeper, merged, changed_fields, chosen)
    await writeKeeper(trx, keeper, changed_fields, import_hashes, by)
    await writeMerged(trx, merged, keeper_id, by)
    await trx.kysely
      .insertInto('lead_merges')
      .values({
        keeper_id,
        merged_id,
        certainty: score === null ? null : Math.floor(score.certainty * 1000),
        reasons: score?.reasons ?? null,
        moved_identities: JSON.stringify(moved_identities) as never,
        copied_sources: JSON.stringify(copied_sources) as never,
        changed_fields,
        keeper_hashes: keeper.import_hashes,
        merged_at: by.at,
        merged_by: by.actor,
      })
      .execute()
    await deleteOpenPairs(trx, merged_id)
    await decidePair(trx, leadPairs, lead_a, lead_b, 'merged', by, score)
    await writeMergeEvents(trx, keeper, merged, changed_fields, score?.reasons ?? null, by)
    return { keeper_id, merged_id, changed_fields, moved_identities }
  })
}

async function moveIdentities(trx: Db, from: number, to: number): Promise<string[]> {
  const rows = await trx.kysely
    .selectFrom('lead_identities')
    .select('identity')
    .where('lead_id', '=', from)
    .orderBy('identity')
    .execute()
  if (rows.length > 0) {
    await trx.kysely.updateTable('lead_identities').set({ lead_id: to }).where('lead_id', '=', from).execute()
  }
  return rows.map(({ identity }) => identity)
}

/** What sources said last of the merged lead, where the keeper has nothing of them. */
async function copySourceStates(trx: Db, from: number, to: number): Promise<string[]> {
  const states = await trx.kysely
    .selectFrom('lead_source_states')
    .selectAll()
    .where('lead_id', 'in', [from, to])
    .orderBy('source_key')
    .execute()
  const own = new Set(states.filter(({ lead_id }) => lead_id === to).map(({ source_key }) => source_key))
  const missing = states.filter(({ lead_id, source_key }) => lead_id === from && !own.has(source_key))
  for (const { source_key, import_hashes, observed_at, observations } of missing) {
    await trx.kysely
      .insertInto('lead_source_states')
      .values({ lead_id: to, source_key, import_hashes, observed_at: new Date(observed_at), observations })
      .execute()
  }
  return missing.map(({ source_key }) => source_key)
}

async function writeKeeper(
  trx: Db,
  keeper: Lead,
  changed_fields: ChangedFields,
  import_hashes: string | null,
  by: ChangeAuthor,
): Promise<void> {
  const values = Object.fromEntries(Object.entries(changed_fields).map(([field, change]) => [field, change.new]))
  await trx.kysely
    .updateTable('sales_leads')
    .set({ ...values, import_hashes, version: keeper.version + 1, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', keeper.id)
    .execute()
}

async function writeMerged(trx: Db, merged: Lead, keeper_id: number, by: ChangeAuthor): Promise<void> {
  const deletion = { is_deleted: true, deleted_at: by.at, deleted_by: by.actor }
  await trx.kysely
    .updateTable('sales_leads')
    .set({
      ...deletion,
      merged_into_id: keeper_id,
      version: merged.version + 1,
      updated_at: by.at,
      updated_by: by.actor,
    })
    .where('id', '=', merged.id)
    .execute()
  await trx.kysely.updateTable('lead_sources').set(deletion).where('lead_id', '=', merged.id).execute()
  // What was merged into this lead now stands behind the new keeper.
  await trx.kysely
    .updateTable('sales_leads')
    .set({ merged_into_id: keeper_id })
    .where('merged_into_id', '=', merged.id)
    .execute()
}

/** Pairs with a lead that is gone are no candidates any more. */
async function deleteOpenPairs(trx: Db, lead_id: number): Promise<void> {
  for (const column of ['lead_a', 'lead_b'] as const) {
    await trx.kysely
      .deleteFrom('lead_duplicates')
      .where(column, '=', lead_id)
      .where('duplicate_status', '=', 'open')
      .execute()
  }
}

async function writeMergeEvents(
  trx: Db,
  keeper: Lead,
  merged: Lead,
  changed_fields: ChangedFields,
  reasons: PairReasons | null,
  by: ChangeAuthor,
): Promise<void> {
  const event_data: Record<string, Json> = { keeper_id: keeper.id, merged_id: merged.id, reasons }
  const event = { event_type: 'merged', event_data } as const
  await insertChangeEvents(
    trx,
    keeper.id,
    [{ ...event, event_name: `Lead ${merged.id} merged into this one`, changed_fields }],
    by,
  )
  await insertChangeEvents(trx, merged.id, [{ ...event, event_name: `Merged into lead ${keeper.id}` }], by)
}
