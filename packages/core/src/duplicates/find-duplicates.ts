import type { Db } from '../database/engine.ts'
import { writeTaskState } from '../database/task-state.ts'
import { withTransaction } from '../database/transaction.ts'
import type { Log } from '../log.ts'
import { canBeListed } from './can-be-listed.ts'
import {
  CHANGED_STATE,
  type ChangedPosition,
  readChangedLeads,
  readChangedPosition,
  toSettledPosition,
} from './changed-leads.ts'
import { createFeatureMemo, type DuplicateFeatures, type FeatureMemo } from './features.ts'
import { readFeatures } from './lead-subjects.ts'
import { countKeyMembers, findKeyMembers, replaceMatchKeys } from './match-key-rows.ts'
import { buildMatchKeys, countedKeys } from './match-keys.ts'
import { leadPairs } from './pair-kinds.ts'
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
  const memo = createFeatureMemo()
  const changed = await readFeatures(db, lead_ids, memo)
  const keys = new Map(changed.map((lead) => [lead.lead_id, buildMatchKeys(lead)]))
  await withTransaction(db, (trx) =>
    replaceMatchKeys(
      trx,
      lead_ids,
      [...keys].map(([lead_id, leadKeys]) => ({ lead_id, keys: leadKeys })),
    ),
  )
  const { pairs, pairs_scored } = await scorePartners(db, changed, keys, memo)
  const settled = position === null ? null : await toSettledPosition(db, position, checked_at)
  await withTransaction(db, async (trx) => {
    await writePairs(trx, pairs, checked_at)
    await deleteStalePairs(trx, leadPairs, lead_ids, checked_at)
    if (settled !== null) await writeTaskState(trx, CHANGED_STATE, { ...settled }, checked_at)
  })
  return { pairs_scored, pairs_found: pairs.length }
}

/** Partners that are in memory at a time: a page of crowded keys can have a million of them. */
const PARTNERS_PER_READ = 1000

/** Scores each changed lead with every lead that shares a key with it. */
async function scorePartners(
  db: Db,
  changed: readonly DuplicateFeatures[],
  keys: ReadonlyMap<number, readonly number[]>,
  memo: FeatureMemo,
): Promise<{ pairs: FoundPair[]; pairs_scored: number }> {
  const members = await findKeyMembers(db, [...new Set([...keys.values()].flat())])
  const counts = new Map<number, number>()
  const partners = groupByPartner(changed, keys, members)
  const known = new Map(changed.map((lead) => [lead.lead_id, lead]))
  const found = { pairs: [] as FoundPair[], pairs_scored: 0 }
  const scoreSlice = async (others: readonly DuplicateFeatures[]): Promise<void> => {
    const likely: LeadPair[] = []
    for (const other of others) {
      for (const lead_id of partners.get(other.lead_id) ?? []) {
        const lead = known.get(lead_id)
        if (lead === undefined || lead.kind !== other.kind) continue
        found.pairs_scored += 1
        if (canBeListed(lead, other)) likely.push(lead_id < other.lead_id ? [lead, other] : [other, lead])
      }
    }
    await addCounts(db, likely, counts)
    found.pairs.push(...scorePairs(likely, (key) => counts.get(key) ?? 0))
  }
  const missing = [...partners.keys()].filter((id) => !known.has(id))
  const read = (start: number): Promise<DuplicateFeatures[]> => {
    const others = readFeatures(db, missing.slice(start, start + PARTNERS_PER_READ), memo)
    // Awaited below. Until then a failed read must not count as an unhandled rejection.
    others.catch(() => {})
    return others
  }
  // The server reads the next partners while these are scored.
  let next = read(0)
  await scoreSlice(changed)
  for (let start = 0; start < missing.length; start += PARTNERS_PER_READ) {
    const others = await next
    next = read(start + PARTNERS_PER_READ)
    await scoreSlice(others)
  }
  return found
}

/** Partner → changed leads that share a key with it. Of two changed leads, the higher id is the partner. */
function groupByPartner(
  changed: readonly DuplicateFeatures[],
  keys: ReadonlyMap<number, readonly number[]>,
  members: ReadonlyMap<number, readonly number[]>,
): Map<number, Set<number>> {
  const partners = new Map<number, Set<number>>()
  for (const { lead_id } of changed) {
    for (const key of keys.get(lead_id) ?? []) {
      for (const other of members.get(key) ?? []) {
        if (other === lead_id || (keys.has(other) && other < lead_id)) continue
        const leads = partners.get(other)
        if (leads) leads.add(lead_id)
        else partners.set(other, new Set([lead_id]))
      }
    }
  }
  return partners
}

type LeadPair = [DuplicateFeatures, DuplicateFeatures]

/** Counts what a pair's score depends on: a number that all leads of a company share must not count against a pair. */
async function addCounts(db: Db, pairs: readonly LeadPair[], counts: Map<number, number>): Promise<void> {
  const missing = new Set<number>()
  for (const lead of pairs.flat()) {
    for (const key of countedKeys(lead)) if (!counts.has(key)) missing.add(key)
  }
  if (missing.size === 0) return
  for (const [key, count] of await countKeyMembers(db, [...missing])) counts.set(key, count)
}

function scorePairs(pairs: readonly LeadPair[], countLeads: CountLeads): FoundPair[] {
  return pairs
    .map(([a, b]) => ({ a: a.lead_id, b: b.lead_id, score: scorePair(a, b, countLeads) }))
    .filter(({ score }) => score.certainty >= LISTED_CERTAINTY_MIN)
}
