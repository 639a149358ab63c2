import { type RawBuilder, sql } from 'kysely'

/** One writer at a time, and a writer waits for at most 10 s to be it: nobody can be behind for longer. */
export const findOldestWriteStart = async (): Promise<Date | null> => null

export const utcDay = (column: string): RawBuilder<string> => sql<string>`substr(${sql.ref(column)}, 1, 10)`

export const defaultOrderTime = {
  column: (name: string): RawBuilder<unknown> => sql.ref(name),
  value: (time: Date): RawBuilder<unknown> => sql`${time}`,
}
