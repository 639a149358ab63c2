import { randomUUID } from 'node:crypto'
import type { Db } from '../database/engine.ts'

/**
 * The right of one consumer to work on a run. Each page renews it. It ends by the clock of the database, so it outlives
 * a killed consumer by `lease_s` at most, regardless of the consumers' clocks. Only the checkpoint keeps two
 * consumers from writing the same page; the lease keeps them from reading and mapping it twice.
 */
export interface Lease {
  lease_id: string
  lease_s: number
}

/** Another consumer is working on the run, and its lease ends in `left_s` seconds unless it is renewed. */
export class LeaseHeldError extends Error {
  readonly left_s: number

  constructor(run_id: string, left_s: number) {
    super(`Another consumer holds the lease of run ${run_id}.`)
    this.name = 'LeaseHeldError'
    this.left_s = left_s
  }
}

/** @throws LeaseHeldError */
export async function acquireLease(db: Db, run_id: string, lease_s: number): Promise<Lease> {
  const { secondsFromNow, secondsUntil } = db.engine
  const lease = { lease_id: randomUUID(), lease_s }
  const { numUpdatedRows } = await db.kysely
    .updateTable('apify_sync_states')
    .set({ lease_id: lease.lease_id, lease_expires_at: secondsFromNow(lease_s) })
    .where('run_id', '=', run_id)
    .where((where) =>
      where.or([where('lease_expires_at', 'is', null), where(secondsUntil('lease_expires_at'), '<=', 0)]),
    )
    .executeTakeFirst()
  if (numUpdatedRows === 1n) return lease
  const held = await db.kysely
    .selectFrom('apify_sync_states')
    .select(secondsUntil('lease_expires_at').as('left_s'))
    .where('run_id', '=', run_id)
    .executeTakeFirst()
  throw new LeaseHeldError(run_id, Math.max(0, Number(held?.left_s ?? 0)))
}

/** Does nothing if another consumer has the lease by now. */
export async function releaseLease(db: Db, run_id: string, { lease_id }: Lease): Promise<void> {
  await db.kysely
    .updateTable('apify_sync_states')
    .set({ lease_id: null, lease_expires_at: null })
    .where('run_id', '=', run_id)
    .where('lease_id', '=', lease_id)
    .execute()
}

/** The columns that a page writes. A consumer that writes a page has the lease, also if its own had ended. */
export const renewedLease = (db: Db, { lease_id, lease_s }: Lease) => ({
  lease_id,
  lease_expires_at: db.engine.secondsFromNow(lease_s),
})
