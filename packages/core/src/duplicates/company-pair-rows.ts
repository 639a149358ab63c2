import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import type { PairScore } from './score-pair.ts'

export interface FoundCompanyPair {
  company_a: number
  company_b: number
  score: Omit<PairScore, 'bits'>
}

const scoreColumns = ['certainty', 'is_certain', 'reasons', 'checked_at'] as const

/** Stores open pairs. A pair with a decision keeps its row. */
export async function writeCompanyPairs(trx: Db, pairs: readonly FoundCompanyPair[], checked_at: Date): Promise<void> {
  const rows = pairs
    .map(({ company_a, company_b, score }) => ({
      company_a,
      company_b,
      // Rounded down, so that 0.9999 is not shown as 1.
      certainty: Math.floor(score.certainty * 1000),
      is_certain: score.is_certain,
      reasons: score.reasons,
      checked_at,
    }))
    // One order everywhere: two writers wait for each other instead of deadlocking.
    .sort((a, b) => a.company_a - b.company_a || a.company_b - b.company_b)
  for (const chunk of chunkRows(trx, rows, 6)) {
    const insert = trx.kysely.insertInto('company_duplicates').values([...chunk])
    await (trx.engine.has_on_conflict
      ? insert.onConflict((conflict) =>
          conflict
            .columns(['company_a', 'company_b'])
            .doUpdateSet(({ ref }) => ({
              certainty: ref('excluded.certainty'),
              is_certain: ref('excluded.is_certain'),
              reasons: ref('excluded.reasons'),
              checked_at: ref('excluded.checked_at'),
            }))
            .where('company_duplicates.duplicate_status', '=', 'open'),
        )
      : insert.onDuplicateKeyUpdate(Object.fromEntries(scoreColumns.map((column) => [column, ifOpen(column)])))
    ).execute()
  }
}

const ifOpen = (column: string) =>
  sql<never>`if(duplicate_status = 'open', values(${sql.ref(column)}), ${sql.ref(column)})`

/** Removes open pairs of these companies that were not found again. */
export async function deleteStaleCompanyPairs(trx: Db, ids: readonly number[], checked_at: Date): Promise<void> {
  for (const chunk of chunkRows(trx, ids, 1)) {
    for (const column of ['company_a', 'company_b'] as const) {
      await trx.kysely
        .deleteFrom('company_duplicates')
        .where(column, 'in', chunk)
        .where('duplicate_status', '=', 'open')
        .where('checked_at', '<', checked_at as never)
        .execute()
    }
  }
}
