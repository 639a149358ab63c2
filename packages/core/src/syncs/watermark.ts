import type { Db } from '../database/engine.ts'
import { orIgnore, orUpdate } from '../database/upsert.ts'

/** Returns how far a scheduled task has got; undefined before its first run. */
export async function readWatermark(db: Db, name: string): Promise<Date | undefined> {
  const row = await db.kysely.selectFrom('watermarks').select('reached_at').where('name', '=', name).executeTakeFirst()
  return row && new Date(row.reached_at)
}

/** Writes a watermark, unless there is one. */
export async function createWatermark(db: Db, name: string, reached_at: Date): Promise<void> {
  await orIgnore(db, db.kysely.insertInto('watermarks').values({ name, reached_at }), ['name']).execute()
}

/** Moves a watermark by compare-and-set. Returns false if it has moved in the meantime. */
export async function moveWatermark(db: Db, name: string, from: Date, to: Date): Promise<boolean> {
  const { numUpdatedRows } = await db.kysely
    .updateTable('watermarks')
    .set({ reached_at: to })
    .where('name', '=', name)
    .where('reached_at', '=', from as never)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function writeWatermark(db: Db, name: string, reached_at: Date): Promise<void> {
  const insert = db.kysely.insertInto('watermarks').values({ name, reached_at })
  await orUpdate(db, insert, ['name'], (incoming) => ({ reached_at: incoming('reached_at') })).execute()
}
