import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '@leads/core/database/engine'
import { sql } from 'kysely'

const SAMPLE_MS = 20

/** What statements of clients were doing, as often as it was looked at. */
export interface LockWaits {
  /** How often it was looked at. */
  samples: number
  /** Statements that were running, over all samples; those that wait are among them. */
  running: number
  /**
   * Of these, how many waited for a lock, by its kind and the table or index. `extend` without one: the lock was granted by
   * the time it was looked up, mostly to a process that then waits for a processor.
   */
  waiting: ReadonlyMap<string, number>
}

/**
 * Samples which statements of clients on a database of PostgreSQL wait for a lock, until it is stopped. `db` must have one
 * connection, whose own statements do not count.
 */
export function sampleLockWaits(db: Database): () => Promise<LockWaits> {
  const waiting = new Map<string, number>()
  const totals = { samples: 0, running: 0, waiting }
  let isOver = false
  const sampling = (async () => {
    while (!isOver) {
      // The locks are listed only if something waits: it stops all who take one for a moment.
      const { rows } = await sql<{ kind: string | null; relation: string | null; n: number }>`
        select kind, relation, count(*)::int as n from (
          select case when wait_event_type = 'Lock' then wait_event end as kind,
            case when wait_event_type = 'Lock' then (
              select max(relation::regclass::text) from pg_locks where pg_locks.pid = activity.pid and not granted
            ) end as relation
          from pg_stat_activity as activity
          where datname = current_database() and backend_type = 'client backend' and state = 'active'
            and pid <> pg_backend_pid()
        ) as statements
        group by kind, relation`.execute(db.kysely)
      totals.samples += 1
      for (const { kind, relation, n } of rows) {
        totals.running += n
        if (kind === null) continue
        const name = relation === null ? kind : `${kind} ${relation}`
        waiting.set(name, (waiting.get(name) ?? 0) + n)
      }
      await pause(SAMPLE_MS)
    }
  })()
  return async () => {
    isOver = true
    await sampling
    return totals
  }
}

const sum = (counts: Iterable<number>): number => [...counts].reduce((total, count) => total + count, 0)

/** Percent of the running statements that waited for a lock. */
export const toWaitPercent = ({ running, waiting }: LockWaits): number =>
  (100 * sum(waiting.values())) / Math.max(1, running)

/** How many waited for each kind of lock, most first. */
export function countByKind({ waiting }: LockWaits): Record<string, number> {
  const kinds = new Map<string, number>()
  for (const [name, count] of waiting) {
    const kind = name.split(' ')[0] as string
    kinds.set(kind, (kinds.get(kind) ?? 0) + count)
  }
  return Object.fromEntries([...kinds].sort(([, a], [, b]) => b - a))
}
