import { type Db, withTransaction } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Company } from '../model/company.ts'
import { Problem } from '../problem.ts'
import { type CompanyPatch, normalizeCompanyInput } from './company-inputs.ts'
import { companyColumns, getCompany } from './get-company.ts'

interface ChangeOptions {
  /** The version that the caller saw (If-Match). */
  version?: number | undefined
}

/**
 * Changes fields of a company. Its key stays: imports go on finding it by what it was made from.
 * @throws Problem not_found, gone, precondition_failed
 */
export function updateCompany(
  db: Db,
  id: number,
  patch: CompanyPatch,
  by: ChangeAuthor,
  options: ChangeOptions = {},
): Promise<Company> {
  return withTransaction(db, async (trx) => {
    const company = await lockCompany(trx, id, options.version)
    if (company.is_deleted)
      throw new Problem('gone', `Company ${id} was deleted; POST /companies/${id}/restore brings it back.`)
    const tidy = normalizeCompanyInput(patch)
    if (tidy.name === null)
      throw new Problem('validation_failed', 'A company needs a name.', {
        errors: [{ pointer: '/name', detail: 'A text that is more than spaces.' }],
      })
    const changed = Object.entries(tidy).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(company[field as keyof Company]),
    )
    return changed.length === 0 ? company : updateCompanyRow(trx, company, Object.fromEntries(changed), by)
  })
}

/** Deletes a company softly; its leads stay and go on naming it. @throws Problem not_found, gone, precondition_failed */
export async function removeCompany(db: Db, id: number, by: ChangeAuthor, options: ChangeOptions = {}): Promise<void> {
  await withTransaction(db, async (trx) => {
    const company = await lockCompany(trx, id, options.version)
    if (company.is_deleted) throw new Problem('gone', `Company ${id} was deleted before.`)
    await updateCompanyRow(trx, company, { is_deleted: true, deleted_at: by.at, deleted_by: by.actor }, by)
  })
}

/** Brings a deleted company back. @throws Problem not_found, precondition_failed */
export function restoreCompany(db: Db, id: number, by: ChangeAuthor, options: ChangeOptions = {}): Promise<Company> {
  return withTransaction(db, async (trx) => {
    const company = await lockCompany(trx, id, options.version)
    if (!company.is_deleted) return company
    return updateCompanyRow(trx, company, { is_deleted: false, deleted_at: null, deleted_by: null }, by)
  })
}

async function lockCompany(trx: Db, id: number, version?: number): Promise<Company> {
  const select = trx.kysely.selectFrom('companies').select(companyColumns).where('id', '=', id)
  const [company] = await selectForUpdate(trx, select)
  if (!company) throw new Problem('not_found', `There is no company ${id}.`)
  if (version !== undefined && company.version !== version)
    throw new Problem(
      'precondition_failed',
      `Company ${id} was changed meanwhile: get it again and repeat the change.`,
      {
        extensions: { current_etag: `"${company.version}"` },
      },
    )
  return company
}

async function updateCompanyRow(
  trx: Db,
  company: Company,
  values: Record<string, unknown>,
  by: ChangeAuthor,
): Promise<Company> {
  await trx.kysely
    .updateTable('companies')
    .set({ ...values, version: company.version + 1, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', company.id)
    .where('version', '=', company.version)
    .execute()
  return getCompany(trx, company.id, { include_deleted: true })
}
