import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'

/** How far a scheduled task has come; undefined before its first time. */
export async function readWatermark(db: Db, name: string): Promise<Date | undefined> {
  const row = await db.kysely.selectFrom('watermarks').select('reached_at').where('name', '=', name).executeTakeFirst()
  return row && new Date(row.reached_at)
}

export async function writeWatermark(db: Db, name: string, reached_at: Date): Promise<void> {
  const insert = db.kysely.insertInto('watermarks').values({ name, reached_at })
  await (db.engine.has_on_conflict
    ? insert.onConflict((conflict) => conflict.column('name').doUpdateSet({ reached_at }))
    : insert.onDuplicateKeyUpdate({ reached_at: sql`values(reached_at)` })
  ).execute()
}
