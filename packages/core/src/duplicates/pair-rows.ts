import { sql } from 'kysely'
import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { findById, isOneOf, sliceIds } from '../database/find-by-id.ts'
import type { LeadDuplicate } from '../model/lead-duplicate.ts'
import { leadPairs, type PairKind, toTypedKind } from './pair-kinds.ts'
import type { PairReasons, PairScore } from './score-pair.ts'

export interface FoundPair {
  /** The lower id. */
  a: number
  b: number
  score: Omit<PairScore, 'bits'>
}

/** The reason of a pair of leads that one item identified; comparing the leads again keeps it. */
export const BRIDGED: PairReasons = { bridged: 'yes' }

export const isBridged = (reasons: PairReasons): boolean => reasons.bridged === BRIDGED.bridged

const scoreColumns = ['certainty', 'is_certain', 'reasons', 'checked_at'] as const

/** Stores open pairs of leads. A pair with a decision keeps its row. */
export async function writePairs(trx: Db, pairs: readonly FoundPair[], checked_at: Date): Promise<void> {
  const bridged = await readBridged(trx, [...new Set(pairs.map(({ a }) => a))])
  const kept = pairs.map((pair) => {
    if (!bridged.has(toPairKey(pair.a, pair.b))) return pair
    return { ...pair, score: { ...pair.score, reasons: { ...pair.score.reasons, ...BRIDGED } } }
  })
  await upsertPairs(trx, leadPairs, kept, checked_at)
}

/** Stores open pairs of a kind. */
export async function upsertPairs(
  trx: Db,
  kind: PairKind,
  pairs: readonly FoundPair[],
  checked_at: Date,
): Promise<void> {
  const { pairs: table, a, b } = toTypedKind(kind)
  // One order everywhere: two writers wait for each other instead of deadlocking.
  const rows = pairs
    .toSorted((one, other) => one.a - other.a || one.b - other.b)
    .map(({ a: id_a, b: id_b, score }) => {
      const { certainty, is_certain, reasons } = score
      return { [a]: id_a, [b]: id_b, certainty: toThousandths(certainty), is_certain, reasons, checked_at } as never
    })
  for (const chunk of chunkRows(trx, rows, 6)) {
    const insert = trx.kysely.insertInto(table).values([...chunk])
    await (trx.engine.has_on_conflict
      ? insert.onConflict((conflict) =>
          conflict
            .columns([a, b])
            .doUpdateSet(({ ref }) => ({
              certainty: ref('excluded.certainty'),
              is_certain: ref('excluded.is_certain'),
              reasons: ref('excluded.reasons'),
              checked_at: ref('excluded.checked_at'),
            }))
            .where(sql.ref(`${table}.duplicate_status`), '=', 'open'),
        )
      : insert.onDuplicateKeyUpdate(Object.fromEntries(scoreColumns.map((column) => [column, ifOpen(column)])))
    ).execute()
  }
}

const toPairKey = (a: number, b: number): string => `${a} ${b}`

type StoredPair = Pick<LeadDuplicate, 'lead_a' | 'lead_b' | 'duplicate_status' | 'reasons'>

/** Open pairs with these first leads that an item identified. */
async function readBridged(trx: Db, lead_ids: readonly number[]): Promise<Set<string>> {
  const columns = ['lead_a', 'lead_b', 'duplicate_status', 'reasons'] as const
  const find = { table: 'lead_duplicates', key: 'lead_a', columns } as const
  const rows = await findById<StoredPair>(trx, find, lead_ids)
  const bridged = rows.filter(({ duplicate_status, reasons }) => duplicate_status === 'open' && isBridged(reasons))
  return new Set(bridged.map(({ lead_a, lead_b }) => toPairKey(lead_a, lead_b)))
}

/** Rounded down, so that 0.9999 is not shown as 1 and nothing below a threshold reaches it. */
const toThousandths = (certainty: number): number => Math.floor(certainty * 1000)

const ifOpen = (column: string) =>
  sql<never>`if(duplicate_status = 'open', values(${sql.ref(column)}), ${sql.ref(column)})`

/** Removes open pairs of these leads or companies that were not found again. */
export async function deleteStalePairs(
  trx: Db,
  kind: PairKind,
  ids: readonly number[],
  checked_at: Date,
): Promise<void> {
  const { pairs: table, a, b } = toTypedKind(kind)
  for (const slice of sliceIds(trx, ids)) {
    for (const column of [a, b]) {
      await trx.kysely
        .deleteFrom(table)
        .where(isOneOf(trx, column, slice))
        .where('duplicate_status', '=', 'open')
        .where('checked_at', '<', checked_at as never)
        .execute()
    }
  }
}
