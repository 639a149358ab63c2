import type { Db } from '../database/engine.ts'
import { selectForUpdate } from '../database/lock.ts'
import { endTogether, withTransaction } from '../database/transaction.ts'
import { buildCompanyKey } from '../mapping/company-key.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Company } from '../model/company.ts'
import { Problem } from '../problem.ts'
import { type CompanyPatch, normalizeCompanyInput } from './company-inputs.ts'
import { assertUniqueCompanyKey } from './create-company.ts'
import { companyColumns, getCompany, toMergedCompanyProblem } from './get-company.ts'

interface ChangeOptions {
  /** The expected version (If-Match). */
  version?: number | undefined
}

/**
 * Changes fields of a company. Its key stays, so that imports keep finding it.
 * @throws Problem not_found, gone, precondition_failed, already_exists
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
      throw new Problem('gone', `Company ${id} was deleted. POST /companies/${id}/restore restores it.`)
    const normalized = await normalizeCompanyInput(patch)
    if (normalized.name === null)
      throw new Problem('validation_failed', 'A company needs a name.', {
        errors: [{ pointer: '/name', detail: 'A text with letters or digits.' }],
      })
    const changed = Object.entries(normalized).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(company[field as keyof Company]),
    )
    if (changed.length === 0) return company
    const values = Object.fromEntries(changed)
    await assertUniqueAddress(trx, { ...company, ...values }, Object.keys(values))
    return updateCompanyRow(trx, company, values, by)
  })
}

/** A website or page of another company is refused as at its creation. @throws Problem already_exists */
async function assertUniqueAddress(trx: Db, company: Company, changed: readonly string[]): Promise<void> {
  if (!changed.includes('domain') && !changed.includes('linkedin_url')) return
  const { id, domain, linkedin_url, name, country, city } = company
  const company_key = buildCompanyKey(domain, linkedin_url, name, country, city)
  if (company_key !== null) await assertUniqueCompanyKey(trx, company_key, id)
}

/** Soft-deletes a company. Its leads keep referring to it. @throws Problem not_found, gone, precondition_failed */
export async function removeCompany(db: Db, id: number, by: ChangeAuthor, options: ChangeOptions = {}): Promise<void> {
  await withTransaction(db, async (trx) => {
    const company = await lockCompany(trx, id, options.version)
    if (company.is_deleted) throw new Problem('gone', `Company ${id} is already deleted.`)
    await updateCompanyRow(trx, company, { is_deleted: true, deleted_at: by.at, deleted_by: by.actor }, by)
  })
}

/** Restores a deleted company. @throws Problem not_found, precondition_failed */
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
  if (!company) throw new Problem('not_found', `Company ${id} does not exist.`)
  if (company.merged_into_id !== null) throw toMergedCompanyProblem(id, company.merged_into_id)
  if (version !== undefined && company.version !== version)
    throw new Problem('precondition_failed', `Company ${id} has changed. Read it again and repeat the change.`, {
      extensions: { current_etag: `"${company.version}"` },
    })
  return company
}

async function updateCompanyRow(
  trx: Db,
  company: Company,
  values: Record<string, unknown>,
  by: ChangeAuthor,
): Promise<Company> {
  const write = trx.kysely
    .updateTable('companies')
    .set({ ...values, version: company.version + 1, updated_at: by.at, updated_by: by.actor })
    .where('id', '=', company.id)
    .where('version', '=', company.version)
  const [, updated] = await endTogether(
    trx,
    () => write.execute(),
    () => getCompany(trx, company.id, { include_deleted: true }),
  )
  return updated
}
