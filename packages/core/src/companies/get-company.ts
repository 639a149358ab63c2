import type { Db } from '../database/engine.ts'
import { Company } from '../model/company.ts'
import { Problem } from '../problem.ts'

export const companyColumns = Object.keys(Company.shape) as (keyof Company)[]

/** @throws Problem not_found; gone if it was deleted and `include_deleted` is not set */
export async function getCompany(db: Db, id: number, options: { include_deleted?: boolean } = {}): Promise<Company> {
  const company = await db.kysely.selectFrom('companies').select(companyColumns).where('id', '=', id).executeTakeFirst()
  if (!company) throw new Problem('not_found', `Company ${id} does not exist.`)
  if (company.is_deleted && !options.include_deleted) throw new Problem('gone', `Company ${id} was deleted.`)
  return company
}
