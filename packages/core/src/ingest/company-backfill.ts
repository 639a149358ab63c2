import { backfillColumns } from '../model/company-columns.ts'
import type { MappedCompany } from '../model/mapped-item.ts'

/** Returns a bit for each backfill column that is empty. */
export function toEmptyColumnMask(company: { [Column in (typeof backfillColumns)[number]]: unknown }): number {
  let mask = 0
  backfillColumns.forEach((column, bit) => {
    if (company[column] === null) mask |= 1 << bit
  })
  return mask
}

/** Merges the companies of a page by key. The first value of a column wins, as if they were written in sequence. */
export function mergeCompaniesByKey(companies: Iterable<MappedCompany>): MappedCompany[] {
  const byKey = new Map<string, MappedCompany>()
  for (const company of companies) {
    const known = byKey.get(company.company_key)
    if (!known) byKey.set(company.company_key, { ...company })
    else if (toEmptyColumnMask(known) & ~toEmptyColumnMask(company)) {
      for (const column of backfillColumns) known[column] ??= company[column] as never
    }
  }
  // One order everywhere: two consumers that create the same companies wait for each other instead of deadlocking.
  return [...byKey.values()].sort((a, b) => (a.company_key < b.company_key ? -1 : 1))
}
