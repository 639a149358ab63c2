import type { Db } from '../database/engine.ts'
import { insertReturning } from '../database/insert-returning.ts'
import { endTogether, withTransaction } from '../database/transaction.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import { buildCompanyKey } from '../mapping/company-key.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Company } from '../model/company.ts'
import { Problem } from '../problem.ts'
import { type NewCompanyInput, normalizeCompanyInput } from './company-inputs.ts'
import { companyColumns } from './get-company.ts'

/**
 * Creates a company with the key that an import would compute, so that later imports find it.
 * @throws Problem already_exists with `existing`; validation_failed for a name without letters or digits
 */
export async function createCompany(db: Db, input: NewCompanyInput, by: ChangeAuthor): Promise<Company> {
  const company = await normalizeCompanyInput(input)
  const { domain = null, linkedin_url = null, name, country = null, city = null } = company
  const company_key = name === null ? null : buildCompanyKey(domain, linkedin_url, name, country, city)
  if (company_key === null)
    throw new Problem('validation_failed', 'A company needs a name.', {
      errors: [{ pointer: '/name', detail: 'A text with letters or digits.' }],
    })
  return withTransaction(db, async (trx) => {
    await assertUniqueCompanyKey(trx, company_key)
    const row = {
      ...company,
      company_key,
      created_at: by.at,
      updated_at: by.at,
      created_by: by.actor,
      updated_by: by.actor,
    }
    const [stored] = await endTogether<[Company]>(trx, () => insertReturning(trx, 'companies', row, companyColumns))
    return omitLargeValues(stored)
  })
}

/** @throws Problem already_exists if another company than `own_id` has this key, or was merged with it */
export async function assertUniqueCompanyKey(trx: Db, company_key: string, own_id?: number): Promise<void> {
  const existing = await trx.kysely
    .selectFrom('companies')
    .select(['id', 'is_deleted', 'merged_into_id'])
    .where('company_key', '=', company_key)
    .executeTakeFirst()
  if (!existing) return
  const { merged_into_id } = existing
  const id = merged_into_id ?? existing.id
  if (id === own_id) return
  const is_deleted = existing.is_deleted && merged_into_id === null
  const detail = `Company ${id}${is_deleted ? ' (deleted)' : ''} has the same key: ${company_key}.`
  throw new Problem('already_exists', detail, {
    extensions: { existing: { id, href: `/companies/${id}`, is_deleted } },
  })
}
