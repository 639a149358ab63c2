import { toMergedCompanyProblem } from '../companies/get-company.ts'
import type { Db } from '../database/engine.ts'
import { companyPairs } from '../duplicates/pair-kinds.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { CompanyMerge } from '../model/company-duplicate.ts'
import { Problem } from '../problem.ts'
import { decidePair } from './dismiss-duplicate.ts'
import { inTransaction } from './in-transaction.ts'
import { lockCompanies, moveLeads, toValues, writeCompany } from './merge-companies.ts'
import { closeMerge, compareWithMerge, findMerge, returnMerged } from './merge-records.ts'

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
    const { keeper_id } = await findMerge<CompanyMerge>(trx, companyPairs, merged_id)
    const [keeper, merged] = await lockCompanies(trx, [keeper_id, merged_id])
    // Read again under the locks: another caller may have undone it.
    const merge = await findMerge<CompanyMerge>(trx, companyPairs, merged_id)
    if (merge.keeper_id !== keeper_id)
      throw new Problem('conflict', `Company ${merged_id} was merged again in the meantime: retry.`)
    if (keeper.merged_into_id !== null) throw toMergedCompanyProblem(keeper.id, keeper.merged_into_id)
    const { restored, kept_fields } = compareWithMerge(keeper, merge.changed_fields)
    await writeCompany(trx, keeper, toValues(restored, 'old'), by)
    const restoration = { is_deleted: false, deleted_at: null, deleted_by: null, merged_into_id: null }
    await writeCompany(trx, merged, restoration, by)
    await returnMerged(trx, companyPairs, merged_id)
    await moveLeads(trx, merge.moved_lead_ids, keeper_id, merged_id, by)
    await closeMerge(trx, companyPairs, merge.id, by)
    await decidePair(trx, companyPairs, keeper_id, merged_id, 'dismissed', by)
    return { keeper_id, merged_id, restored_fields: Object.keys(restored), kept_fields }
  })
}
