import type { ImportItem } from '../leads/import-leads.ts'
import type { MappedLead } from '../mapping/types.ts'

/** How many leads of a run have each column filled, `leads` = how many there are. Kept in the sync's metadata. */
export type FillCounts = Record<string, number>

const columns = [
  'full_name',
  'title',
  'email',
  'phone',
  'company_name',
  'company_domain',
  'country',
  'city',
] as const satisfies readonly (keyof MappedLead)[]

export function countFills(items: readonly ImportItem[]): FillCounts {
  const counts: FillCounts = { leads: items.length }
  for (const column of columns) {
    let count = 0
    for (const { lead } of items) if (lead[column] !== null) count += 1
    counts[column] = count
  }
  return counts
}

export function addFills(a: FillCounts, b: FillCounts): FillCounts {
  const sum = { ...a }
  for (const [column, count] of Object.entries(b)) sum[column] = (sum[column] ?? 0) + count
  return sum
}
