import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../engine.ts'

/**
 * When the oldest open transaction that may have written began. Sessions of other users hide theirs, unless this user
 * is a member of pg_read_all_stats; writers of this product are of one user.
 */
export async function findOldestWriteStart(db: Db): Promise<Date | null> {
  const { rows } = await sql<{ began: string | null }>`
    select min(xact_start) as began from pg_stat_activity
    where datname = current_database() and backend_xid is not null`.execute(db.kysely)
  const began = rows[0]?.began
  return began ? new Date(began) : null
}

export const utcDay = (column: string): RawBuilder<string> =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD')`

export const periodNumber = (column: string, period_s: number): RawBuilder<number> =>
  sql<number>`floor(extract(epoch from ${sql.ref(column)}) / ${sql.lit(period_s)})::integer`

export const secondsFromNow = (seconds: number): RawBuilder<Date> =>
  sql<Date>`clock_timestamp() + ${sql.lit(seconds)} * interval '1 second'`

export const secondsUntil = (column: string): RawBuilder<number> =>
  sql<number>`extract(epoch from ${sql.ref(column)} - clock_timestamp())::float8`

export const defaultOrderTime = {
  column: (name: string): RawBuilder<unknown> => sql`(${sql.ref(name)} at time zone 'UTC')`,
  value: (time: Date): RawBuilder<unknown> => sql`(${time}::timestamptz at time zone 'UTC')`,
}
