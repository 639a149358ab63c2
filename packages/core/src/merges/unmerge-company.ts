import { toMergedCompanyProblem } from '../companies/get-company.ts'
import type { Db } from '../database/engine.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Company } from '../model/company.ts'
import type { CompanyMerge } from '../model/company-duplicate.ts'
import type { ChangedFields } from '../model/lead-event.ts'
import { Problem } from '../problem.ts'
import { decideCompanyPair } from './company-duplicates.ts'
import { inTransaction } from './in-transaction.ts'
import { lockCompanies, moveLeads, toValues, writeCompany } from './merge-companies.ts'

export interface CompanyUnmergeResult {
  keeper_id: number
  merged_id: number
  /** Fields of the keeper that have their value from before the merge again. */
  restored_fields: string[]
  /** Fields that were changed since: they stay. */
  kept_fields: string[]
}

/**
 * Undoes a merge: the merged company comes back as it was, with the leads that it had, as far as they still belong to the
 * keeper. The pair counts as dismissed.
 * @throws Problem not_found, conflict for a company that was not merged, merged where the keeper was merged in turn
 */
export async function unmergeCompany(db: Db, merged_id: number, by: ChangeAuthor): Promise<CompanyUnmergeResult> {
  return inTransaction(db, async (trx) => {
    const { keeper_id } = await findMerge(trx, merged_id)
    const [keeper, merged] = await lockCompanies(trx, [keeper_id, merged_id])
    // Read again under the locks: another caller may have undone it.
    const merge = await findMerge(trx, merged_id)
    if (merge.keeper_id !== keeper_id)
      throw new Problem('conflict', `Company ${merged_id} was merged again in the meantime: retry.`)
    if (keeper.merged_into_id !== null) throw toMergedCompanyProblem(keeper.id, keeper.merged_into_id)
    const { restored, kept_fields } = compareWithMerge(keeper, merge.changed_fields)
    await writeCompany(trx, keeper, toValues(restored, 'old'), by)
    const restoration = { is_deleted: false, deleted_at: null, deleted_by: null, merged_into_id: null }
    await writeCompany(trx, merged, restoration, by)
    await takeBackMerged(trx, merged_id)
    await moveLeads(trx, merge.moved_lead_ids, keeper_id, merged_id, by)
    await trx.kysely
      .updateTable('company_merges')
      .set({ undone_at: by.at, undone_by: by.actor })
      .where('id', '=', merge.id)
      .execute()
    await decideCompanyPair(trx, keeper_id, merged_id, 'dismissed', by)
    return { keeper_id, merged_id, restored_fields: Object.keys(restored), kept_fields }
  })
}

async function findMerge(trx: Db, merged_id: number): Promise<CompanyMerge> {
  const merge = await trx.kysely
    .selectFrom('company_merges')
    .selectAll()
    .where('merged_id', '=', merged_id)
    .where('undone_at', 'is', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (merge) return merge
  const company = await trx.kysely.selectFrom('companies').select('id').where('id', '=', merged_id).executeTakeFirst()
  if (!company) throw new Problem('not_found', `Company ${merged_id} does not exist.`)
  throw new Problem('conflict', `Company ${merged_id} is not merged into another one.`)
}

/** A field that still has the value of the merge gets its old value; one that was changed later stays. */
function compareWithMerge(
  keeper: Company,
  changed_fields: ChangedFields,
): { restored: ChangedFields; kept_fields: string[] } {
  const restored: ChangedFields = {}
  const kept_fields: string[] = []
  for (const [field, change] of Object.entries(changed_fields)) {
    const isUnchanged = JSON.stringify(keeper[field as keyof Company]) === JSON.stringify(change.new)
    if (isUnchanged) restored[field] = change
    else kept_fields.push(field)
  }
  return { restored, kept_fields }
}

/** Companies that had been merged into this one before stand behind it again. */
async function takeBackMerged(trx: Db, merged_id: number): Promise<void> {
  const children = await trx.kysely
    .selectFrom('company_merges')
    .select('merged_id')
    .where('keeper_id', '=', merged_id)
    .where('undone_at', 'is', null)
    .execute()
  if (children.length === 0) return
  await trx.kysely
    .updateTable('companies')
    .set({ merged_into_id: merged_id })
    .where(
      'id',
      'in',
      children.map(({ merged_id: id }) => id),
    )
    .execute()
}
