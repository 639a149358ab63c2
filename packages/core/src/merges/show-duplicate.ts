import type { Db } from '../database/engine.ts'
import { explainPair } from '../duplicates/explain-pair.ts'
import { readFeatures } from '../duplicates/lead-subjects.ts'
import { countKeyMembers } from '../duplicates/match-key-rows.ts'
import { countedKeys } from '../duplicates/match-keys.ts'
import { leadPairs } from '../duplicates/pair-kinds.ts'
import { scorePair } from '../duplicates/score-pair.ts'
import type { LeadView } from '../leads/lead-views.ts'
import { leadViewColumns } from '../leads/lead-views.ts'
import { omitLargeValues, PAGE_BYTES_MAX } from '../lists/page-bytes.ts'
import type { DuplicatePair, DuplicateStatus } from '../model/lead-duplicate.ts'
import { Problem } from '../problem.ts'
import { readPair, toPairIds } from './dismiss-duplicate.ts'
import { toDuplicatePair } from './list-duplicates.ts'

export interface DuplicateDetail extends DuplicatePair {
  /** Both leads in full, in the order of their ids. */
  leads: LeadView[]
}

export interface ShowPairOptions {
  now: Date
  include_deleted?: boolean
}

/**
 * Two leads side by side, scored as they are now. A merged pair shows the lead that was merged too.
 * @throws Problem not_found, validation_failed; gone if one was deleted, unless deleted leads are included
 */
export async function showDuplicate(
  db: Db,
  one: number,
  other: number,
  { now, include_deleted = true }: ShowPairOptions,
): Promise<DuplicateDetail> {
  const [lead_a, lead_b] = toPairIds(leadPairs, one, other)
  const leads = await db.kysely
    .selectFrom('sales_leads')
    .select(leadViewColumns)
    .where('id', 'in', [lead_a, lead_b])
    .orderBy('id')
    .execute()
  for (const id of [lead_a, lead_b]) {
    if (!leads.some((lead) => lead.id === id)) throw new Problem('not_found', `Lead ${id} does not exist.`)
  }
  const stored = await readPair(db, leadPairs, lead_a, lead_b)
  if (!include_deleted) assertPairVisible('Lead', leads, stored?.duplicate_status)
  for (const lead of leads) omitLargeValues(lead, PAGE_BYTES_MAX / 2)
  if (stored && stored.duplicate_status !== 'open') return { ...toDuplicatePair(stored), leads }
  const pair = {
    lead_a,
    lead_b,
    duplicate_status: 'open' as const,
    decided_at: null,
    decided_by: null,
    checked_at: now.toISOString(),
  }
  const score = await scoreLeads(db, lead_a, lead_b)
  if (score === null) return { ...pair, certainty: 0, is_certain: false, reasons: [], leads }
  const { certainty, is_certain, reasons } = score
  return { ...pair, certainty: Math.floor(certainty * 1000) / 1000, is_certain, reasons: explainPair(reasons), leads }
}

/** Scores two leads as they are now; null if one of them is deleted, or one is a person and one a company. */
export async function scoreLeads(db: Db, lead_a: number, lead_b: number) {
  const features = await readFeatures(db, [lead_a, lead_b])
  const a = features.find((lead) => lead.lead_id === lead_a)
  const b = features.find((lead) => lead.lead_id === lead_b)
  if (a === undefined || b === undefined || a.kind !== b.kind) return null
  const counts = await countKeyMembers(db, [...new Set([...countedKeys(a), ...countedKeys(b)])])
  return scorePair(a, b, (key) => counts.get(key) ?? 0)
}

/** @throws Problem gone if a row was deleted and not merged by this pair */
export function assertPairVisible(
  name: 'Lead' | 'Company',
  rows: readonly { id: number; is_deleted: boolean; merged_into_id: number | null }[],
  duplicate_status: DuplicateStatus | undefined,
): void {
  for (const { id, is_deleted, merged_into_id } of rows) {
    const is_merged_here = duplicate_status === 'merged' && rows.some((row) => row.id === merged_into_id)
    if (is_deleted && !is_merged_here) throw new Problem('gone', `${name} ${id} was deleted.`)
  }
}
