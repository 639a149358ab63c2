import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
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

/** A run, or a range of it. */
export interface LeaseTarget {
  run_id: string
  range_id?: number
}

/** @throws LeaseHeldError */
export async function acquireLease(db: Db, target: LeaseTarget, lease_s: number): Promise<Lease> {
  const { secondsFromNow, secondsUntil } = db.engine
  const lease = { lease_id: randomUUID(), lease_s }
  const { table, row } = locate(target)
  const free = sql`(lease_expires_at is null or ${secondsUntil('lease_expires_at')} <= 0)`
  const { numAffectedRows } = await sql`update ${table}
    set lease_id = ${lease.lease_id}, lease_expires_at = ${secondsFromNow(lease_s)} where ${row} and ${free}`.execute(
    db.kysely,
  )
  if (numAffectedRows === 1n) return lease
  const { rows } = await sql<{ left_s: number | null }>`select ${secondsUntil('lease_expires_at')} as left_s
    from ${table} where ${row}`.execute(db.kysely)
  throw new LeaseHeldError(target.run_id, Math.max(0, Number(rows[0]?.left_s ?? 0)))
}

/** Does nothing if another consumer has the lease by now. */
export async function releaseLease(db: Db, target: LeaseTarget, { lease_id }: Lease): Promise<void> {
  const { table, row } = locate(target)
  await sql`update ${table} set lease_id = null, lease_expires_at = null where ${row} and lease_id = ${lease_id}`.execute(
    db.kysely,
  )
}

function locate({ run_id, range_id }: LeaseTarget) {
  if (range_id === undefined) return { table: sql.table('apify_sync_states'), row: sql`run_id = ${run_id}` }
  return { table: sql.table('apify_sync_ranges'), row: sql`id = ${range_id}` }
}

/** The columns that a page writes. A consumer that writes a page has the lease, also if its own had ended. */
export const renewedLease = (db: Db, { lease_id, lease_s }: Lease) => ({
  lease_id,
  lease_expires_at: db.engine.secondsFromNow(lease_s),
})
