import type { Db } from '@leads/core/database/engine'
import { type Contents, readContents } from '../syncs/contents.ts'

/** How a database differs from that of an undisturbed sync. */
export interface Difference {
  /** Leads, sources, events and rejections that an undisturbed sync has. */
  lost: number
  /** Such rows that it does not have, or has fewer of. */
  duplicated: number
  /** What else differs, in words; empty when every row and counter is the same. */
  other: string[]
}

/** What a row is about, without its values: so that a row that differs is neither lost nor duplicated. */
const identities: {
  [Table in 'leads' | 'sources' | 'events' | 'rejections']: (row: Record<string, unknown>) => string
} = {
  leads: ({ external_id }) => `${external_id}`,
  sources: ({ external_id }) => `${external_id}`,
  events: ({ lead, event_type }) => `${lead} ${event_type}`,
  rejections: ({ dataset_id, item_offset }) => `${dataset_id} ${item_offset}`,
}
type Counted = keyof typeof identities

export function compare(expected: Contents, actual: Contents, tables: readonly Counted[]): Difference {
  const difference: Difference = { lost: 0, duplicated: 0, other: [] }
  for (const table of tables) {
    const counts = new Map<string, number>()
    for (const row of expected[table]) add(counts, identities[table](row), 1)
    for (const row of actual[table]) add(counts, identities[table](row), -1)
    for (const count of counts.values()) {
      if (count > 0) difference.lost += count
      else difference.duplicated -= count
    }
  }
  for (const table of Object.keys(expected) as (keyof Contents)[]) {
    const [ours, theirs] = [expected[table], actual[table]]
    const at = ours.findIndex((row, index) => canonical(row) !== canonical(theirs[index]))
    if (ours.length !== theirs.length)
      difference.other.push(`${table}: ${theirs.length} rows instead of ${ours.length}`)
    else if (at >= 0) difference.other.push(`${table}: ${differingColumns(ours[at] ?? {}, theirs[at] ?? {})}`)
  }
  return difference
}

function differingColumns(expected: Record<string, unknown>, actual: Record<string, unknown>): string {
  const columns = Object.keys(expected).filter((column) => canonical(expected[column]) !== canonical(actual[column]))
  return columns
    .map((column) => `${column} ${canonical(actual[column])} instead of ${canonical(expected[column])}`)
    .join()
}

const add = (counts: Map<string, number>, key: string, by: number): void => {
  counts.set(key, (counts.get(key) ?? 0) + by)
}

/** JSON with sorted keys: an order of keys is no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

/** Whether every sync's counters add up, and to what the tables hold. Words where they don't. */
export async function checkAccounting(db: Db): Promise<string[]> {
  const { syncs, leads, rejections, events } = await readContents(db)
  const complaints: string[] = []
  const sum = (column: string): number => syncs.reduce((total, sync) => total + Number(sync[column]), 0)
  for (const sync of syncs) {
    if (sync.sync_status !== 'completed')
      complaints.push(`${sync.run_id} is ${sync.sync_status}: ${sync.error_message}`)
  }
  const [total, synced, duplicate, failed] = [
    sum('total_records'),
    sum('synced_records'),
    sum('duplicate_records'),
    sum('failed_records'),
  ] as [number, number, number, number]
  if (total !== synced + duplicate + failed) complaints.push(`${total} ≠ ${synced} + ${duplicate} + ${failed}`)
  if (synced !== leads.length) complaints.push(`${synced} synced, but ${leads.length} leads`)
  if (failed !== rejections.length) complaints.push(`${failed} failed, but ${rejections.length} rejections`)
  const created = events.filter(({ event_type }) => event_type === 'created').length
  if (created !== leads.length) complaints.push(`${leads.length} leads, but ${created} created events`)
  return complaints
}
