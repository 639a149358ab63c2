import type { Db } from '../database/engine.ts'
import { clearTaskState, readTaskState, writeTaskState } from '../database/task-state.ts'
import { withTransaction } from '../database/transaction.ts'
import { canBeListed } from './can-be-listed.ts'
import { CHANGED_STATE, readChangedLeads, readChangedPosition, toSettledPosition } from './changed-leads.ts'
import { type CachedLead, FeatureCache } from './feature-cache.ts'
import type { FindDuplicatesOptions, FindDuplicatesResult } from './find-duplicates.ts'
import { type KeyCounts, readKeyCounts } from './key-counts.ts'
import { replaceMatchKeys } from './match-key-rows.ts'
import { MATCH_KEY_VERSION } from './match-keys.ts'
import { type FoundPair, writePairs } from './pair-rows.ts'
import { type CountLeads, scorePair } from './score-pair.ts'
import { LISTED_CERTAINTY_MIN } from './weights.ts'

const KEYED_LEADS_PER_PAGE = 2000
const MEMBERS_PER_PAGE = 20_000
const STALE_PAIRS_PER_BATCH = 1000
const FULL_STATE = `duplicates:all:${MATCH_KEY_VERSION}`

/** Where a full pass continues: behind this key. Pairs that it has not found since `started_at` are removed at its end. */
interface FullPosition {
  started_at: string
  match_key: number
}

/**
 * Compares all leads. First the match keys of leads that changed are stored, then each block of leads with one key is
 * scored: a pair in the smallest key that it shares, so that no set of pairs is kept. Continues where it was stopped.
 */
export async function findAllDuplicates(options: FindDuplicatesOptions): Promise<FindDuplicatesResult> {
  const { db, now } = options
  const result: FindDuplicatesResult = { leads_read: 0, pairs_scored: 0, pairs_found: 0, is_finished: false }
  const cache = new FeatureCache(db)
  if (!(await storeChangedKeys(options, cache, result))) return result
  const stored = (await readTaskState(db, FULL_STATE)) as FullPosition | undefined
  let position = stored ?? { started_at: now().toISOString(), match_key: -1 }
  const counts = await readKeyCounts(db)
  const countLeads: CountLeads = (key) => counts.count(key)
  for (;;) {
    if (options.isStopped?.()) return result
    const page = await readBlocks(db, position.match_key, counts)
    await cache.load(page.lead_ids)
    const pairs: FoundPair[] = []
    for (const { key, members } of page.blocks) {
      result.pairs_scored += scoreBlock(key, members, cache, counts, countLeads, pairs)
    }
    position = { ...position, match_key: page.last_key }
    const at = now()
    await withTransaction(db, async (trx) => {
      await writePairs(trx, pairs, at)
      await writeTaskState(trx, FULL_STATE, { ...position }, at)
    })
    result.pairs_found += pairs.length
    options.onProgress?.(result)
    if (page.is_last) break
  }
  await deleteUnfound(db, new Date(position.started_at))
  await clearTaskState(db, FULL_STATE)
  options.log.info('All duplicates checked', { ...result, is_finished: true })
  return { ...result, is_finished: true }
}

/** Stores the keys of leads that changed. Returns false if it was stopped. */
async function storeChangedKeys(
  { db, now, isStopped, onProgress }: FindDuplicatesOptions,
  cache: FeatureCache,
  result: FindDuplicatesResult,
): Promise<boolean> {
  let position = await readChangedPosition(db)
  for (;;) {
    if (isStopped?.()) return false
    const leads = await readChangedLeads(db, position, KEYED_LEADS_PER_PAGE)
    const last = leads.at(-1)
    if (last === undefined) return true
    const lead_ids = leads.map(({ id }) => id)
    const read = await cache.read(lead_ids)
    const keyed = read.map(({ features, keys }) => ({ lead_id: features.lead_id, keys }))
    position = { updated_at: last.updated_at, id: last.id }
    const at = now()
    const settled = await toSettledPosition(db, position, at)
    await withTransaction(db, async (trx) => {
      await replaceMatchKeys(trx, lead_ids, keyed)
      await writeTaskState(trx, CHANGED_STATE, { ...settled }, at)
    })
    result.leads_read += leads.length
    onProgress?.(result)
    if (leads.length < KEYED_LEADS_PER_PAGE) return true
  }
}

interface Block {
  key: number
  members: number[]
}

interface BlockPage {
  blocks: Block[]
  lead_ids: number[]
  last_key: number
  is_last: boolean
}

/** The next blocks of at least two leads; crowded keys are skipped, the last key only if the page holds all of it. */
async function readBlocks(db: Db, after: number, counts: KeyCounts): Promise<BlockPage> {
  const rows = await db.kysely
    .selectFrom('lead_match_keys')
    .select(['match_key', 'lead_id'])
    .where('match_key', '>', after)
    .orderBy('match_key')
    .orderBy('lead_id')
    .limit(MEMBERS_PER_PAGE)
    .execute()
  const is_last = rows.length < MEMBERS_PER_PAGE
  const blocks: Block[] = []
  const lead_ids = new Set<number>()
  let last_key = after
  let start = 0
  while (start < rows.length) {
    const key = Number(rows[start]?.match_key)
    let end = start + 1
    while (end < rows.length && Number(rows[end]?.match_key) === key) end += 1
    const isCrowded = counts.isCrowded(key)
    // A block that the page cuts is read by the next one; of a crowded one nothing more is needed.
    if (end === rows.length && !is_last && !isCrowded) break
    if (end - start > 1 && !isCrowded) {
      const members = rows.slice(start, end).map(({ lead_id }) => lead_id)
      for (const id of members) lead_ids.add(id)
      blocks.push({ key, members })
    }
    last_key = key
    start = end
  }
  return { blocks, lead_ids: [...lead_ids], last_key, is_last }
}

function scoreBlock(
  key: number,
  members: readonly number[],
  cache: FeatureCache,
  counts: KeyCounts,
  countLeads: CountLeads,
  pairs: FoundPair[],
): number {
  let scored = 0
  const leads = members.map((id) => cache.get(id)).filter((lead) => lead !== undefined)
  for (const [index, a] of leads.entries()) {
    for (const b of leads.slice(index + 1)) {
      if (a.features.kind !== b.features.kind || !isSmallestShared(key, a, b, counts)) continue
      scored += 1
      if (!canBeListed(a.features, b.features)) continue
      const score = scorePair(a.features, b.features, countLeads)
      if (score.certainty < LISTED_CERTAINTY_MIN) continue
      pairs.push({ a: a.features.lead_id, b: b.features.lead_id, score })
    }
  }
  return scored
}

/** Whether no block before this one has both leads. */
function isSmallestShared(key: number, a: CachedLead, b: CachedLead, counts: KeyCounts): boolean {
  let i = 0
  let j = 0
  while (i < a.keys.length && j < b.keys.length) {
    const left = a.keys[i] as number
    const right = b.keys[j] as number
    if (left >= key || right >= key) return true
    if (left === right && !counts.isCrowded(left)) return false
    if (left <= right) i += 1
    if (right <= left) j += 1
  }
  return true
}

/** Open pairs that this pass has not found; in short transactions. */
async function deleteUnfound(db: Db, started_at: Date): Promise<void> {
  for (;;) {
    const stale = await db.kysely
      .selectFrom('lead_duplicates')
      .select(['lead_a', 'lead_b'])
      .where('duplicate_status', '=', 'open')
      .where('checked_at', '<', started_at as never)
      .limit(STALE_PAIRS_PER_BATCH)
      .execute()
    for (const { lead_a, lead_b } of stale) {
      await db.kysely
        .deleteFrom('lead_duplicates')
        .where('lead_a', '=', lead_a)
        .where('lead_b', '=', lead_b)
        .where('duplicate_status', '=', 'open')
        .where('checked_at', '<', started_at as never)
        .execute()
    }
    if (stale.length < STALE_PAIRS_PER_BATCH) return
  }
}
