import { type RawBuilder, sql } from 'kysely'

/** There is one writer at a time, and a writer waits at most 10 s: no one can be behind for longer. */
export const findOldestWriteStart = async (): Promise<Date | null> => null

export const utcDay = (column: string): RawBuilder<string> => sql<string>`substr(${sql.ref(column)}, 1, 10)`

export const periodNumber = (column: string, period_s: number): RawBuilder<number> =>
  sql<number>`cast(strftime('%s', ${sql.ref(column)}) as integer) / ${sql.lit(period_s)}`

export const secondsFromNow = (seconds: number): RawBuilder<Date> =>
  sql<Date>`strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ${sql.lit(`+${seconds} seconds`)})`

export const secondsUntil = (column: string): RawBuilder<number> =>
  sql<number>`(julianday(${sql.ref(column)}) - julianday('now')) * 86400`

export const defaultOrderTime = {
  column: (name: string): RawBuilder<unknown> => sql.ref(name),
  value: (time: Date): RawBuilder<unknown> => sql`${time}`,
}
