import { companyColumns } from '../companies/get-company.ts'
import type { Db } from '../database/engine.ts'
import { type CompanyFeatures, scoreCompanyPair, toCompanyFeatures } from '../duplicates/compare-companies.ts'
import { explainPair } from '../duplicates/explain-pair.ts'
import { companyPairs } from '../duplicates/pair-kinds.ts'
import { omitLargeValues, PAGE_BYTES_MAX } from '../lists/page-bytes.ts'
import type { Company } from '../model/company.ts'
import type { CompanyDuplicate, CompanyPair } from '../model/company-duplicate.ts'
import { Problem } from '../problem.ts'
import { readPair, toPairIds } from './dismiss-duplicate.ts'
import { toCompanyPair } from './list-duplicates.ts'
import { assertPairVisible, type ShowPairOptions } from './show-duplicate.ts'

export interface CompanyDuplicateDetail extends CompanyPair {
  /** Both companies in full, in the order of their ids. */
  companies: Company[]
}

/**
 * Two companies side by side, scored as they are now. A merged pair shows the company that was merged too.
 * @throws Problem not_found, validation_failed; gone if one was deleted, unless deleted companies are included
 */
export async function showCompanyDuplicate(
  db: Db,
  one: number,
  other: number,
  { now, include_deleted = true }: ShowPairOptions,
): Promise<CompanyDuplicateDetail> {
  const [company_a, company_b] = toPairIds(companyPairs, one, other)
  const companies = await db.kysely
    .selectFrom('companies')
    .select(companyColumns)
    .where('id', 'in', [company_a, company_b])
    .orderBy('id')
    .execute()
  for (const id of [company_a, company_b])
    if (!companies.some((company) => company.id === id)) throw new Problem('not_found', `Company ${id} does not exist.`)
  const stored = await readPair(db, companyPairs, company_a, company_b)
  if (!include_deleted) assertPairVisible('Company', companies, stored?.duplicate_status)
  const [a, b] = companies.map(toCompanyFeatures) as [CompanyFeatures, CompanyFeatures]
  const is_gone = companies.some(({ is_deleted }) => is_deleted)
  for (const company of companies) omitLargeValues(company, PAGE_BYTES_MAX / 2)
  if (stored && stored.duplicate_status !== 'open')
    return { ...toCompanyPair(stored as unknown as CompanyDuplicate), companies }
  const pair = {
    company_a,
    company_b,
    duplicate_status: 'open' as const,
    decided_at: null,
    decided_by: null,
    checked_at: now.toISOString(),
  }
  if (is_gone) return { ...pair, certainty: 0, is_certain: false, reasons: [], companies }
  const { certainty, is_certain, reasons } = scoreCompanyPair(a, b)
  return {
    ...pair,
    certainty: Math.floor(certainty * 1000) / 1000,
    is_certain,
    reasons: explainPair(reasons),
    companies,
  }
}
