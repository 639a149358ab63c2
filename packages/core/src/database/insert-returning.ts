import type { Insertable, Selectable } from 'kysely'
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

/** Inserts one row and returns columns of it as they are stored, in the same round trip where the engine can. */
export async function insertReturning<Table extends keyof Tables, Column extends keyof Selectable<Tables[Table]>>(
  db: Db,
  table: Table,
  values: Insertable<Tables[Table]>,
  columns: readonly Column[],
): Promise<Pick<Selectable<Tables[Table]>, Column>> {
  if (db.engine.has_returning) {
    const insert = db.kysely
      .insertInto(table)
      .values(values)
      .returning(columns as never)
    return (await insert.executeTakeFirstOrThrow()) as Pick<Selectable<Tables[Table]>, Column>
  }
  const id = await insertReturningId(db, table, values)
  const select = db.kysely.selectFrom(table as 'sales_leads').select(columns as never)
  return (await select.where('id', '=', id).executeTakeFirstOrThrow()) as Pick<Selectable<Tables[Table]>, Column>
}
