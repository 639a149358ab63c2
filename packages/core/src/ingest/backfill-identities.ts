import { chunkRows } from '../database/chunk-rows.ts'
import type { Db } from '../database/engine.ts'
import { readTaskState, writeTaskState } from '../database/task-state.ts'
import { withTransaction } from '../database/transaction.ts'
import { orIgnore } from '../database/upsert.ts'
import { toStrongIdentities } from '../duplicates/strong-identities.ts'

const LEADS_PER_BATCH = 1000
const STATE = 'identities:backfill'
const RESERVE_MS = 5_000

export interface BackfillOptions {
  db: Db
  now: () => Date
  /** Milliseconds left. It stops between batches before they run out, and the next call continues. */
  remaining_ms?: () => number
}

/**
 * Stores the identities of leads from before identities were stored, in the order of their ids: the first lead with an
 * identity has it. Batch by batch in short transactions; an interrupted batch is done again, with the same result.
 * Returns false when it was stopped.
 */
export async function backfillIdentities({ db, now, remaining_ms }: BackfillOptions): Promise<boolean> {
  const state = (await readTaskState(db, STATE)) as { after: number; is_finished: boolean } | undefined
  if (state?.is_finished) return true
  let after = state?.after ?? 0
  for (;;) {
    if (remaining_ms !== undefined && remaining_ms() < RESERVE_MS) return false
    const leads = await db.kysely
      .selectFrom('sales_leads')
      .select(['id', 'external_id', 'full_name', 'company_name', 'street', 'email', 'additional_emails'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(LEADS_PER_BATCH)
      .execute()
    const seen_at = now()
    const is_finished = leads.length < LEADS_PER_BATCH
    after = leads.at(-1)?.id ?? after
    const owners = new Map<string, number>()
    for (const lead of leads) {
      for (const identity of toStrongIdentities(lead)) if (!owners.has(identity)) owners.set(identity, lead.id)
    }
    const rows = [...owners].map(([identity, lead_id]) => ({ identity, lead_id, is_shared: false, seen_at }))
    rows.sort((a, b) => (a.identity < b.identity ? -1 : 1))
    await withTransaction(db, async (trx) => {
      for (const chunk of chunkRows(trx, rows, 4)) {
        await orIgnore(trx, trx.kysely.insertInto('lead_identities').values([...chunk]), ['identity']).execute()
      }
      await writeTaskState(trx, STATE, { after, is_finished }, seen_at)
    })
    if (is_finished) return true
  }
}
