import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import { orUpdate } from '../database/upsert.ts'
import { companyPairs, leadPairs, type PairKind, toTypedKind } from '../duplicates/pair-kinds.ts'
import type { PairScore } from '../duplicates/score-pair.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { CompanyDuplicate, CompanyPair } from '../model/company-duplicate.ts'
import type { DuplicatePair, DuplicateStatus, LeadDuplicate } from '../model/lead-duplicate.ts'
import { Problem } from '../problem.ts'
import { toCompanyPair, toDuplicatePair } from './list-duplicates.ts'

/**
 * Notes that two leads are not one. The pair is never listed again and never merged automatically, regardless of what
 * later imports say.
 * @throws Problem not_found, conflict for a pair that was merged
 */
export const dismissDuplicate = async (db: Db, one: number, other: number, by: ChangeAuthor): Promise<DuplicatePair> =>
  toDuplicatePair(await dismissPair(db, leadPairs, one, other, by))

/** The same for two companies. */
export const dismissCompanyPair = async (db: Db, one: number, other: number, by: ChangeAuthor): Promise<CompanyPair> =>
  toCompanyPair((await dismissPair(db, companyPairs, one, other, by)) as unknown as CompanyDuplicate)

async function dismissPair(
  db: Db,
  kind: PairKind,
  one: number,
  other: number,
  by: ChangeAuthor,
): Promise<LeadDuplicate> {
  const ids = toPairIds(kind, one, other)
  const { rows } = toTypedKind(kind)
  return withTransaction(db, async (trx) => {
    const found = await trx.kysely.selectFrom(rows).select('id').where('id', 'in', ids).execute()
    for (const id of ids)
      if (!found.some((row) => row.id === id)) throw new Problem('not_found', `${kind.name} ${id} does not exist.`)
    const stored = await readPair(trx, kind, ...ids)
    if (stored?.duplicate_status === 'dismissed') return stored
    if (stored?.duplicate_status === 'merged')
      throw new Problem('conflict', `${kind.names} ${ids.join(' and ')} were merged; undo the merge first.`)
    await decidePair(trx, kind, one, other, 'dismissed', by)
    return (await readPair(trx, kind, ...ids)) as LeadDuplicate
  })
}

/** The lower id first. @throws Problem validation_failed for one lead or company named twice */
export function toPairIds(kind: PairKind, one: number, other: number): [number, number] {
  const [name, names] = [kind.name.toLowerCase(), kind.names.toLowerCase()]
  if (one === other) throw new Problem('validation_failed', `Name two ${names}: ${name} ${one} was named twice.`)
  return one < other ? [one, other] : [other, one]
}

/** A row of the kind's table. */
export function readPair(db: Db, kind: PairKind, id_a: number, id_b: number): Promise<LeadDuplicate | undefined> {
  const { pairs: table, a, b } = toTypedKind(kind)
  return db.kysely.selectFrom(table).selectAll().where(a, '=', id_a).where(b, '=', id_b).executeTakeFirst()
}

/** Stores what was decided of a pair, also of one that was never listed. */
export async function decidePair(
  trx: Db,
  kind: PairKind,
  one: number,
  other: number,
  duplicate_status: DuplicateStatus,
  by: Pick<ChangeAuthor, 'actor' | 'at'>,
  score: Omit<PairScore, 'bits'> | null = null,
): Promise<void> {
  const [id_a, id_b] = toPairIds(kind, one, other)
  const { pairs: table, a, b } = toTypedKind(kind)
  const row = {
    [a]: id_a,
    [b]: id_b,
    certainty: Math.floor((score?.certainty ?? 0) * 1000),
    is_certain: score?.is_certain ?? false,
    reasons: score?.reasons ?? {},
    duplicate_status,
    checked_at: by.at,
    decided_at: by.at,
    decided_by: by.actor,
  }
  const insert = trx.kysely.insertInto(table).values(row as never)
  await orUpdate(trx, insert, [a, b], (incoming) => ({
    duplicate_status: incoming('duplicate_status'),
    decided_at: incoming('decided_at'),
    decided_by: incoming('decided_by'),
  })).execute()
}
