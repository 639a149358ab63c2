import { type Db, withTransaction } from '../database/engine.ts'
import { orUpdate } from '../database/upsert.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { DuplicatePair, DuplicateStatus } from '../model/lead-duplicate.ts'
import { Problem } from '../problem.ts'
import { toDuplicatePair } from './list-duplicates.ts'
import { toPairIds } from './show-duplicate.ts'

/**
 * Notes that two leads are not one. The pair is never listed again and never merged automatically, regardless of later
 * imports say.
 * @throws Problem not_found, conflict for a pair that was merged
 */
export async function dismissDuplicate(db: Db, one: number, other: number, by: ChangeAuthor): Promise<DuplicatePair> {
  const [lead_a, lead_b] = toPairIds(one, other)
  return withTransaction(db, async (trx) => {
    const leads = await trx.kysely.selectFrom('sales_leads').select('id').where('id', 'in', [lead_a, lead_b]).execute()
    for (const id of [lead_a, lead_b]) {
      if (!leads.some((lead) => lead.id === id)) throw new Problem('not_found', `Lead ${id} does not exist.`)
    }
    const stored = await readPair(trx, lead_a, lead_b)
    if (stored?.duplicate_status === 'dismissed') return toDuplicatePair(stored)
    if (stored?.duplicate_status === 'merged') {
      throw new Problem('conflict', `Leads ${lead_a} and ${lead_b} were merged; undo the merge first.`)
    }
    await decidePair(trx, lead_a, lead_b, 'dismissed', by)
    const decided = await readPair(trx, lead_a, lead_b)
    return toDuplicatePair(decided as NonNullable<typeof decided>)
  })
}

const readPair = (db: Db, lead_a: number, lead_b: number) =>
  db.kysely
    .selectFrom('lead_duplicates')
    .selectAll()
    .where('lead_a', '=', lead_a)
    .where('lead_b', '=', lead_b)
    .executeTakeFirst()

/** Stores what was decided of a pair, also of one that was never listed. */
export async function decidePair(
  trx: Db,
  one: number,
  other: number,
  duplicate_status: DuplicateStatus,
  by: Pick<ChangeAuthor, 'actor' | 'at'>,
  score: { certainty: number; is_certain: boolean; reasons: Record<string, string> } | null = null,
): Promise<void> {
  const [lead_a, lead_b] = toPairIds(one, other)
  const insert = trx.kysely.insertInto('lead_duplicates').values({
    lead_a,
    lead_b,
    certainty: Math.floor((score?.certainty ?? 0) * 1000),
    is_certain: score?.is_certain ?? false,
    reasons: score?.reasons ?? {},
    duplicate_status,
    checked_at: by.at,
    decided_at: by.at,
    decided_by: by.actor,
  })
  await orUpdate(trx, insert, ['lead_a', 'lead_b'], (incoming) => ({
    duplicate_status: incoming('duplicate_status'),
    decided_at: incoming('decided_at'),
    decided_by: incoming('decided_by'),
  })).execute()
}
