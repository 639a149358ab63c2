import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import { recheckLeads } from '../duplicates/find-duplicates.ts'
import { BRIDGED, isBridged, writePairs } from '../duplicates/pair-rows.ts'
import { LISTED_CERTAINTY_MIN } from '../duplicates/weights.ts'
import type { Log } from '../log.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Lead } from '../model/lead.ts'
import { leadColumns } from '../model/lead-columns.ts'
import { Problem } from '../problem.ts'
import { chooseKeeper } from './combine-leads.ts'
import { type MergeResult, mergeLeads } from './merge-leads.ts'
import { scoreLeads } from './show-duplicate.ts'

export interface MergeCertainOptions {
  db: Db
  by: () => ChangeAuthor
  /** Only pairs that one item identified. */
  is_bridged_only?: boolean
  /** Asked between merges. */
  isStopped?: () => boolean
  onMerged?: (result: MergeResult) => void
}

const columns = Object.keys(leadColumns) as (keyof Lead)[]

/** Errors by which another writer was first: the pair is read again, or no longer exists. */
const CONCURRENT_CODES: ReadonlySet<string> = new Set(['merged', 'gone', 'not_found', 'precondition_failed'])

/**
 * Merges all pairs that are certain, the best one first. After each merge the keeper is compared again with everything
 * that it is like now, so that a chain of pairs does not join two leads that contradict each other.
 */
export async function mergeCertain(options: MergeCertainOptions): Promise<{ merged: number; is_finished: boolean }> {
  const { db, by } = options
  let merged = 0
  // Each pair is tried once: one that another writer keeps changing must not hold up the others.
  const tried = new Set<string>()
  for (;;) {
    if (options.isStopped?.()) return { merged, is_finished: false }
    const pair = await findBestPair(db, tried, tried.size - merged, options.is_bridged_only === true)
    if (!pair) return { merged, is_finished: true }
    tried.add(`${pair.lead_a} ${pair.lead_b}`)
    const bridged = await readBridgedPartners(db, [pair.lead_a, pair.lead_b])
    const result = await mergePair(db, pair.lead_a, pair.lead_b, by())
    if (result !== null) {
      merged += 1
      await passOnBridges(db, result.keeper_id, bridged, by().at)
      options.onMerged?.(result)
    }
    await recheckLeads(db, [pair.lead_a, pair.lead_b], by().at)
  }
}

/** Author of automatic merges. */
export const AUTO_MERGE_AUTHOR = 'auto-merge'

/**
 * Merges what is certain: by the setting MERGE_CERTAIN everything, else pairs that one item identified. In another order
 * of the items these would have been one lead from the start.
 */
export async function mergeWithoutPerson(
  options: Pick<MergeCertainOptions, 'db' | 'is_bridged_only' | 'isStopped' | 'onMerged'> & {
    log: Log
    now: () => Date
  },
): Promise<number> {
  const { log, now, ...rest } = options
  const by = (): ChangeAuthor => ({ actor: AUTO_MERGE_AUTHOR, event_source: 'system', at: now() })
  const { merged } = await mergeCertain({ ...rest, by })
  if (merged > 0) log.info('Leads that are certainly one were merged', { merged })
  return merged
}

async function findBestPair(db: Db, tried: ReadonlySet<string>, open_tried_max: number, isBridgedOnly: boolean) {
  let query = db.kysely
    .selectFrom('lead_duplicates')
    .select(['lead_a', 'lead_b', 'reasons'])
    .where('duplicate_status', '=', 'open')
    .where('is_certain', '=', true)
    .orderBy('certainty', 'desc')
    .orderBy('lead_a')
    .orderBy('lead_b')
  // Few pairs are certain, and it is their reasons that tell.
  if (!isBridgedOnly) query = query.limit(open_tried_max + 1)
  const pairs = (await query.execute()).filter(({ reasons }) => !isBridgedOnly || isBridged(reasons))
  return pairs.find(({ lead_a, lead_b }) => !tried.has(`${lead_a} ${lead_b}`))
}

/** Leads that an item identified together with one of these. */
async function readBridgedPartners(db: Db, lead_ids: readonly number[]): Promise<number[]> {
  const pairs = await db.kysely
    .selectFrom('lead_duplicates')
    .select(['lead_a', 'lead_b', 'reasons'])
    .where('duplicate_status', '=', 'open')
    .where(({ eb, or }) => or([eb('lead_a', 'in', lead_ids), eb('lead_b', 'in', lead_ids)]))
    .execute()
  const partners = pairs.filter(({ reasons }) => isBridged(reasons)).flatMap(({ lead_a, lead_b }) => [lead_a, lead_b])
  return [...new Set(partners)].filter((id) => !lead_ids.includes(id))
}

/** What an item said of the merged lead holds for the keeper. */
async function passOnBridges(db: Db, keeper_id: number, partners: readonly number[], at: Date): Promise<void> {
  const score = { certainty: LISTED_CERTAINTY_MIN, is_certain: false, reasons: BRIDGED }
  const pairs = partners.map((id) => ({
    a: Math.min(id, keeper_id),
    b: Math.max(id, keeper_id),
    score,
  }))
  await withTransaction(db, (trx) => writePairs(trx, pairs, at))
}

async function mergePair(db: Db, lead_a: number, lead_b: number, by: ChangeAuthor): Promise<MergeResult | null> {
  const leads = (await db.kysely
    .selectFrom('sales_leads')
    .select(columns)
    .where('id', 'in', [lead_a, lead_b])
    .execute()) as Lead[]
  const [one, other] = leads
  if (one === undefined || other === undefined) return null
  // What was found may be old: the leads are scored again as they are now.
  if (!(await scoreLeads(db, lead_a, lead_b))?.is_certain) return null
  const [keeper, merged] = chooseKeeper(one, other)
  try {
    return await mergeLeads(db, keeper.id, merged.id, by)
  } catch (error) {
    if (error instanceof Problem && CONCURRENT_CODES.has(error.code)) return null
    throw error
  }
}
