import type { Db } from '../database/engine.ts'
import { orUpdate } from '../database/upsert.ts'

/** Returns how far a scheduled task has got; undefined before its first run. */
export async function readWatermark(db: Db, name: string): Promise<Date | undefined> {
  const row = await db.kysely.selectFrom('watermarks').select('reached_at').where('name', '=', name).executeTakeFirst()
  return row && new Date(row.reached_at)
}

export async function writeWatermark(db: Db, name: string, reached_at: Date): Promise<void> {
  const insert = db.kysely.insertInto('watermarks').values({ name, reached_at })
  await orUpdate(db, insert, ['name'], (incoming) => ({ reached_at: incoming('reached_at') })).execute()
}
