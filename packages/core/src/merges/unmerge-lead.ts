import type { Db } from '../database/engine.ts'
import { leadPairs } from '../duplicates/pair-kinds.ts'
import { insertChangeEvents } from '../events/append-event.ts'
import { toMergedProblem } from '../leads/update-lead.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Json } from '../model/fields.ts'
import type { Lead } from '../model/lead.ts'
import type { LeadMerge } from '../model/lead-duplicate.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { Problem } from '../problem.ts'
import { decidePair } from './dismiss-duplicate.ts'
import { inTransaction } from './in-transaction.ts'
import { lockLeads } from './lock-leads.ts'
import { closeMerge, compareWithMerge, findMerge, returnMerged } from './merge-records.ts'
import { restoreHashes } from './merged-hashes.ts'

export interface UnmergeResult {
  keeper_id: number
  merged_id: number
  /** Fields of the keeper that have their value from before the merge again. */
  restored_fields: string[]
  /** Fields that were changed since: they stay. */
  kept_fields: string[]
  moved_identities: string[]
}

/**
 * Undoes a merge: the merged row comes back as it was, with the identities that it brought, as far as the keeper still
 * has them. The pair counts as dismissed, so nothing merges it again automatically.
 * @throws Problem not_found, conflict for a lead that was not merged, merged where the keeper was merged in turn
 */
export async function unmergeLead(db: Db, merged_id: number, by: ChangeAuthor): Promise<UnmergeResult> {
  return inTransaction(db, async (trx) => {
    const merge = await findMerge<LeadMerge>(trx, leadPairs, merged_id)
    const [keeper, merged] = await lockLeads(trx, [merge.keeper_id, merged_id])
    // Read again under the locks: another caller may have undone it.
    const current = await findMerge<LeadMerge>(trx, leadPairs, merged_id)
    if (current.id !== merge.id)
      throw new Problem('conflict', `Lead ${merged_id} was merged again in the meantime: retry.`)
    if (keeper.merged_into_id !== null) throw toMergedProblem(keeper.id, keeper.merged_into_id)
    const { restored, kept_fields } = compareWithMerge(keeper, merge.changed_fields)
    const import_hashes = await restoreHashes(trx, keeper.import_hashes, merge.keeper_hashes, restored)
    await restoreKeeper(trx, keeper, restored, import_hashes, by)
    await restoreMerged(trx, merged, by)
    const moved_identities = await moveIdentitiesBack(trx, merge)
    await removeCopiedSources(trx, merge)
    await closeMerge(trx, leadPairs, merge.id, by)
    await decidePair(trx, leadPairs, keeper.id, merged_id, 'dismissed', by)
    await writeUnmergeEvents(trx, keeper, merged, restored, kept_fields, by)
    return {
      keeper_id: keeper.id,
      merged_id,
      restored_fields: Object.keys(restored),
      kept_fields,
      moved_identities,
    }
  })
}

async function restoreKeeper(
  trx: Db,
  keeper: Lead,
  restored: ChangedFields,
  import_hashes: string | null,
  by: ChangeAuthor,
): Promise<void> {
  const values = Object.fromEntries(Object.entries(restored).map(([field, change]) => [field, change.old]))
  await trx.kysely
    .updateTable('sales_leads')
    .set({ ...values, import_hashes, version: keeper.version + 1, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', keeper.id)
    .execute()
}

async function restoreMerged(trx: Db, merged: Lead, by: ChangeAuthor): Promise<void> {
  const restoration = { is_deleted: false, deleted_at: null, deleted_by: null }
  await trx.kysely
    .updateTable('sales_leads')
    .set({
      ...restoration,
      merged_into_id: null,
      version: merged.version + 1,
      updated_at: by.at,
      updated_by: by.actor,
    })
    .where('id', '=', merged.id)
    .execute()
  await trx.kysely.updateTable('lead_sources').set(restoration).where('lead_id', '=', merged.id).execute()
  await returnMerged(trx, leadPairs, merged.id)
}

async function moveIdentitiesBack(trx: Db, { keeper_id, merged_id, moved_identities }: LeadMerge): Promise<string[]> {
  if (moved_identities.length === 0) return []
  const rows = await trx.kysely
    .selectFrom('lead_identities')
    .select('identity')
    .where('lead_id', '=', keeper_id)
    .where('identity', 'in', moved_identities)
    .orderBy('identity')
    .execute()
  const identities = rows.map(({ identity }) => identity)
  if (identities.length > 0) {
    await trx.kysely
      .updateTable('lead_identities')
      .set({ lead_id: merged_id })
      .where('identity', 'in', identities)
      .where('lead_id', '=', keeper_id)
      .execute()
  }
  return identities
}

async function removeCopiedSources(trx: Db, { keeper_id, copied_sources }: LeadMerge): Promise<void> {
  if (copied_sources.length === 0) return
  await trx.kysely
    .deleteFrom('lead_source_states')
    .where('lead_id', '=', keeper_id)
    .where('source_key', 'in', copied_sources)
    .execute()
}

async function writeUnmergeEvents(
  trx: Db,
  keeper: Lead,
  merged: Lead,
  restored: ChangedFields,
  kept_fields: string[],
  by: ChangeAuthor,
): Promise<void> {
  const changed_fields: ChangedFields = Object.fromEntries(
    Object.entries(restored).map(([field, change]) => [field, { old: change.new, new: change.old }]),
  )
  const event_data: Record<string, Json> = { keeper_id: keeper.id, merged_id: merged.id, kept_fields }
  const event = { event_type: 'unmerged', event_data } as const
  await insertChangeEvents(
    trx,
    keeper.id,
    [{ ...event, event_name: `Merge of lead ${merged.id} undone`, changed_fields }],
    by,
  )
  await insertChangeEvents(trx, merged.id, [{ ...event, event_name: `Merge into lead ${keeper.id} undone` }], by)
}
