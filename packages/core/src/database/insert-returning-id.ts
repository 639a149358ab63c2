import type { Insertable } from 'kysely'
import type { Db } from './engine.ts'
import type { Tables } from './tables.ts'

/** Inserts one row and returns its id, as the engine tells it. */
export async function insertReturningId<Table extends keyof Tables>(
  db: Db,
  table: Table,
  values: Insertable<Tables[Table]>,
): Promise<number> {
  const insert = db.kysely.insertInto(table).values(values)
  if (db.engine.has_returning) {
    const row: unknown = await insert.returning('id' as never).executeTakeFirstOrThrow()
    return Number((row as { id: number }).id)
  }
  return Number((await insert.executeTakeFirstOrThrow()).insertId)
}
