import { type RawBuilder, sql } from 'kysely'
import type { Db } from '../engine.ts'

/**
 * When the oldest open transaction that has written began. The server tells users with the right PROCESS only; for
 * others the settling time alone must do.
 */
export async function findOldestWriteStart(db: Db): Promise<Date | null> {
  try {
    const { rows } = await sql<{ age_s: number | null }>`
      select max(timestampdiff(second, t.trx_started, now())) as age_s
      from information_schema.innodb_trx as t
      join information_schema.processlist as p on p.id = t.trx_mysql_thread_id
      where t.trx_rows_modified > 0 and p.db = database()`.execute(db.kysely)
    const age_s = rows[0]?.age_s
    return age_s === null || age_s === undefined ? null : new Date(Date.now() - (Number(age_s) + 1) * 1000)
  } catch (error) {
    if ((error as { errno?: number }).errno === 1227) return null
    throw error
  }
}

export const utcDay = (column: string): RawBuilder<string> => sql<string>`date_format(${sql.ref(column)}, '%Y-%m-%d')`

export const periodNumber = (column: string, period_s: number): RawBuilder<number> =>
  sql<number>`floor(timestampdiff(second, '1970-01-01', ${sql.ref(column)}) / ${sql.lit(period_s)})`

export const secondsFromNow = (seconds: number): RawBuilder<Date> =>
  sql<Date>`utc_timestamp(3) + interval ${sql.lit(seconds)} second`

export const secondsUntil = (column: string): RawBuilder<number> =>
  sql<number>`timestampdiff(microsecond, utc_timestamp(3), ${sql.ref(column)}) / 1e6`

export const defaultOrderTime = {
  column: (name: string): RawBuilder<unknown> => sql.ref(name),
  value: (time: Date): RawBuilder<unknown> => sql`${time}`,
}
