import { type Db, withTransaction } from '../database/engine.ts'
import { writeTaskState } from '../database/task-state.ts'
import type { Log } from '../log.ts'
import {
  CHANGED_STATE,
  type ChangedPosition,
  readChangedLeads,
  readChangedPosition,
  toSettledPosition,
} from './changed-leads.ts'
import type { DuplicateFeatures } from './features.ts'
import { readFeatures } from './lead-subjects.ts'
import { findKeyMembers, replaceMatchKeys } from './match-key-rows.ts'
import { buildMatchKeys, phoneKey } from './match-keys.ts'
import { deleteStalePairs, type FoundPair, writePairs } from './pair-rows.ts'
import { type CountLeads, scorePair } from './score-pair.ts'
import { LISTED_CERTAINTY_MIN } from './weights.ts'

export interface FindDuplicatesOptions {
  db: Db
  log: Log
  now: () => Date
  /** Asked between pages; true stops, and the next call continues there. */
  isStopped?: () => boolean
  onProgress?: (result: FindDuplicatesResult) => void
}

export interface FindDuplicatesResult {
  leads_read: number
  pairs_scored: number
  /** Pairs that are more likely than not one lead. */
  pairs_found: number
  is_finished: boolean
}

/** Leads per page: the pairs of one page are scored in half a second. */
export const DUPLICATES_PAGE_LEADS = 1000

/**
 * Compares each lead that changed since the last call with the leads that share a match key, and lists the pairs that may
 * be one. Page by page, outside any import's transaction. A stop at any moment loses nothing: an unfinished page is
 * done again, with the same result.
 */
export async function findDuplicates(options: FindDuplicatesOptions): Promise<FindDuplicatesResult> {
  const { db, now } = options
  const result: FindDuplicatesResult = { leads_read: 0, pairs_scored: 0, pairs_found: 0, is_finished: true }
  let position = await readChangedPosition(db)
  for (;;) {
    if (options.isStopped?.()) return { ...result, is_finished: false }
    const leads = await readChangedLeads(db, position, DUPLICATES_PAGE_LEADS)
    const last = leads.at(-1)
    if (last === undefined) break
    position = { updated_at: last.updated_at, id: last.id }
    const found = await checkPage(
      db,
      leads.map(({ id }) => id),
      now(),
      position,
    )
    result.leads_read += leads.length
    result.pairs_scored += found.pairs_scored
    result.pairs_found += found.pairs_found
    options.onProgress?.(result)
    if (leads.length < DUPLICATES_PAGE_LEADS) break
  }
  if (result.leads_read > 0) options.log.info('Duplicates checked', { ...result, checked_at: now().toISOString() })
  return result
}

/** Compares these leads now, e.g. after a merge. */
export const recheckLeads = (db: Db, lead_ids: readonly number[], now: Date): Promise<PageCounts> =>
  checkPage(db, lead_ids, now, null)

type PageCounts = Pick<FindDuplicatesResult, 'pairs_scored' | 'pairs_found'>

async function checkPage(
  db: Db,
  lead_ids: readonly number[],
  checked_at: Date,
  position: ChangedPosition | null,
): Promise<PageCounts> {
  const changed = await readFeatures(db, lead_ids)
  const keys = new Map(changed.map((lead) => [lead.lead_id, buildMatchKeys(lead)]))
  await withTransaction(db, (trx) =>
    replaceMatchKeys(
      trx,
      lead_ids,
      [...keys].map(([lead_id, leadKeys]) => ({ lead_id, keys: leadKeys })),
    ),
  )
  const { pairs, pairs_scored } = await scorePartners(db, changed, keys)
  const settled = position === null ? null : await toSettledPosition(db, position, checked_at)
  await withTransaction(db, async (trx) => {
    await writePairs(trx, pairs, checked_at)
    await deleteStalePairs(trx, lead_ids, checked_at)
    if (settled !== null) await writeTaskState(trx, CHANGED_STATE, { ...settled }, checked_at)
  })
  return { pairs_scored, pairs_found: pairs.length }
}

/** Scores each changed lead with every lead that shares a key with it. */
async function scorePartners(
  db: Db,
  changed: readonly DuplicateFeatures[],
  keys: ReadonlyMap<number, readonly number[]>,
): Promise<{ pairs: FoundPair[]; pairs_scored: number }> {
  const { members, counts } = await findKeyMembers(db, [...new Set([...keys.values()].flat())])
  const partners = new Map<number, Set<number>>()
  for (const [lead_id, leadKeys] of keys) {
    const others = new Set<number>()
    for (const key of leadKeys) for (const other of members.get(key) ?? []) if (other !== lead_id) others.add(other)
    partners.set(lead_id, others)
  }
  const known = new Map(changed.map((lead) => [lead.lead_id, lead]))
  const missing = [...new Set([...partners.values()].flatMap((others) => [...others]))].filter((id) => !known.has(id))
  const others = await readFeatures(db, missing)
  for (const lead of others) known.set(lead.lead_id, lead)
  // A number that all leads of a company share must not count against a pair. Therefore the partners' numbers are counted too.
  const phones = new Set(others.flatMap(({ phones }) => phones.map(phoneKey)).filter((key) => !counts.has(key)))
  for (const [key, count] of (await findKeyMembers(db, [...phones])).counts) counts.set(key, count)
  return scorePairs(changed, partners, known, (key) => counts.get(key) ?? 0)
}

function scorePairs(
  changed: readonly DuplicateFeatures[],
  partners: ReadonlyMap<number, ReadonlySet<number>>,
  known: ReadonlyMap<number, DuplicateFeatures>,
  countLeads: CountLeads,
): { pairs: FoundPair[]; pairs_scored: number } {
  const pairs: FoundPair[] = []
  let pairs_scored = 0
  for (const lead of changed) {
    for (const other_id of partners.get(lead.lead_id) ?? []) {
      // Of two changed leads, the lower id scores the pair.
      if (partners.has(other_id) && other_id < lead.lead_id) continue
      const other = known.get(other_id)
      if (other === undefined || other.kind !== lead.kind) continue
      const [a, b] = lead.lead_id < other_id ? [lead, other] : [other, lead]
      const score = scorePair(a, b, countLeads)
      pairs_scored += 1
      if (score.certainty >= LISTED_CERTAINTY_MIN) pairs.push({ lead_a: a.lead_id, lead_b: b.lead_id, score })
    }
  }
  return { pairs, pairs_scored }
}
