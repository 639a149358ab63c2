import type { ListedLead } from '../../api/queries.ts'
import type { Search } from '../../list/address.ts'
import type { RowCount } from '../../parts/format.ts'

/** The list that a lead was opened from: its page then knows the one before and the one after. */
export interface Trail {
  rows: readonly ListedLead[]
  search: Search
  count: RowCount | undefined
}

let trail: Trail | null = null

export function rememberTrail(rows: readonly ListedLead[], search: Search, count: RowCount | undefined): void {
  trail = { rows, search, count }
}

export const currentTrail = (): Trail | null => trail

export function neighbours(id: number): { index: number; before?: number; after?: number; trail: Trail } | null {
  if (!trail) return null
  const index = trail.rows.findIndex((row) => row.id === id)
  if (index < 0) return null
  const before = trail.rows[index - 1]?.id
  const after = trail.rows[index + 1]?.id
  return { index, trail, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }
}
