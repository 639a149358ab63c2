import type { Db } from '../database/engine.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import type { Company } from '../model/company.ts'
import { companyColumns as allColumns } from '../model/company-columns.ts'
import { Problem } from '../problem.ts'

export const companyColumns = Object.keys(allColumns) as (keyof Company)[]

export const toMergedCompanyProblem = (id: number, merged_into_id: number): Problem =>
  new Problem('merged', `Company ${id} was merged into company ${merged_into_id}: use that one, or undo the merge.`, {
    extensions: { merged_into_id },
    headers: { location: `/companies/${merged_into_id}` },
  })

/** @throws Problem not_found, merged; gone if it was deleted and `include_deleted` is not set */
export async function getCompany(db: Db, id: number, options: { include_deleted?: boolean } = {}): Promise<Company> {
  const company = await db.kysely.selectFrom('companies').select(companyColumns).where('id', '=', id).executeTakeFirst()
  if (!company) throw new Problem('not_found', `Company ${id} does not exist.`)
  if (company.merged_into_id !== null && !options.include_deleted)
    throw toMergedCompanyProblem(id, company.merged_into_id)
  if (company.is_deleted && !options.include_deleted) throw new Problem('gone', `Company ${id} was deleted.`)
  return omitLargeValues(company)
}
