import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findById, isOneOf, sliceIds } from '../database/find-by-id.ts'
import type { LeadDuplicate } from '../model/lead-duplicate.ts'
import type { PairReasons, PairScore } from './score-pair.ts'

export interface FoundPair {
  lead_a: number
  lead_b: number
  score: Omit<PairScore, 'bits'>
}

/** The reason of a pair that one item identified; comparing the leads again keeps it. */
export const BRIDGED: PairReasons = { bridged: 'yes' }

export const isBridged = (reasons: PairReasons): boolean => reasons.bridged === BRIDGED.bridged

/** Stores open pairs. A pair with a decision keeps its row. */
export async function writePairs(trx: Db, pairs: readonly FoundPair[], checked_at: Date): Promise<void> {
  const bridged = new Set(
    (
      await readBridged(
        trx,
        pairs.map(({ lead_a }) => lead_a),
      )
    ).map(toPairKey),
  )
  const rows = pairs
    .map(({ lead_a, lead_b, score }) => ({
      lead_a,
      lead_b,
      certainty: toThousandths(score.certainty),
      is_certain: score.is_certain,
      reasons: bridged.has(toPairKey({ lead_a, lead_b })) ? { ...score.reasons, ...BRIDGED } : score.reasons,
      checked_at,
    }))
    // One order everywhere: two writers wait for each other instead of deadlocking.
    .sort((a, b) => a.lead_a - b.lead_a || a.lead_b - b.lead_b)
  for (const chunk of chunkRows(trx, rows, 6)) {
    const insert = trx.kysely.insertInto('lead_duplicates').values([...chunk])
    await (trx.engine.has_on_conflict
      ? insert.onConflict((conflict) =>
          conflict
            .columns(['lead_a', 'lead_b'])
            .doUpdateSet(({ ref }) => ({
              certainty: ref('excluded.certainty'),
              is_certain: ref('excluded.is_certain'),
              reasons: ref('excluded.reasons'),
              checked_at: ref('excluded.checked_at'),
            }))
            .where('lead_duplicates.duplicate_status', '=', 'open'),
        )
      : insert.onDuplicateKeyUpdate({
          certainty: ifOpen('certainty'),
          is_certain: ifOpen('is_certain'),
          reasons: ifOpen('reasons'),
          checked_at: ifOpen('checked_at'),
        })
    ).execute()
  }
}

const toPairKey = ({ lead_a, lead_b }: Pick<FoundPair, 'lead_a' | 'lead_b'>): string => `${lead_a} ${lead_b}`

type StoredPair = Pick<LeadDuplicate, 'lead_a' | 'lead_b' | 'duplicate_status' | 'reasons'>

/** Open pairs with these first leads that an item identified. */
async function readBridged(trx: Db, lead_ids: readonly number[]): Promise<StoredPair[]> {
  const columns = ['lead_a', 'lead_b', 'duplicate_status', 'reasons'] as const
  const find = { table: 'lead_duplicates', key: 'lead_a', columns } as const
  const rows = await findById<StoredPair>(trx, find, [...new Set(lead_ids)])
  return rows.filter(({ duplicate_status, reasons }) => duplicate_status === 'open' && isBridged(reasons))
}

/** Rounded down, so that 0.9999 is not shown as 1 and nothing below a threshold reaches it. */
const toThousandths = (certainty: number): number => Math.floor(certainty * 1000)

const ifOpen = (column: string) =>
  sql<never>`if(duplicate_status = 'open', values(${sql.ref(column)}), ${sql.ref(column)})`

/** Removes open pairs of these leads that were not found again. */
export async function deleteStalePairs(trx: Db, lead_ids: readonly number[], checked_at: Date): Promise<void> {
  for (const slice of sliceIds(trx, lead_ids)) {
    for (const column of ['lead_a', 'lead_b'] as const) {
      await trx.kysely
        .deleteFrom('lead_duplicates')
        .where(isOneOf(trx, column, slice))
        .where('duplicate_status', '=', 'open')
        .where('checked_at', '<', checked_at as never)
        .execute()
    }
  }
}
