import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { PairScore } from './score-pair.ts'

export interface FoundPair {
  lead_a: number
  lead_b: number
  score: PairScore
}

/** Stores open pairs. A pair with a decision keeps its row. */
export async function writePairs(trx: Db, pairs: readonly FoundPair[], checked_at: Date): Promise<void> {
  const rows = pairs
    .map(({ lead_a, lead_b, score }) => ({
      lead_a,
      lead_b,
      certainty: toThousandths(score.certainty),
      is_certain: score.is_certain,
      reasons: score.reasons,
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

/** Rounded down, so that 0.9999 is not shown as 1 and nothing below a threshold reaches it. */
const toThousandths = (certainty: number): number => Math.floor(certainty * 1000)

const ifOpen = (column: string) =>
  sql<never>`if(duplicate_status = 'open', values(${sql.ref(column)}), ${sql.ref(column)})`

/** Removes open pairs of these leads that were not found again. */
export async function deleteStalePairs(trx: Db, lead_ids: readonly number[], checked_at: Date): Promise<void> {
  for (const chunk of chunkRows(trx, lead_ids, 1)) {
    for (const column of ['lead_a', 'lead_b'] as const) {
      await trx.kysely
        .deleteFrom('lead_duplicates')
        .where(column, 'in', chunk)
        .where('duplicate_status', '=', 'open')
        .where('checked_at', '<', checked_at as never)
        .execute()
    }
  }
}
