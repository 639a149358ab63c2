import type { Json } from '../model/fields.ts'
import type { Db } from './engine.ts'
import { orUpdate } from './upsert.ts'

/** Where a task that works in batches continues; undefined before its first time and after {@link clearTaskState}. */
export async function readTaskState(db: Db, name: string): Promise<Json | undefined> {
  const row = await db.kysely.selectFrom('task_states').select('task_state').where('name', '=', name).executeTakeFirst()
  return row?.task_state
}

export async function writeTaskState(trx: Db, name: string, task_state: Record<string, Json>, at: Date): Promise<void> {
  const insert = trx.kysely.insertInto('task_states').values({ name, task_state, updated_at: at })
  await orUpdate(trx, insert, ['name'], (incoming) => ({
    task_state: incoming('task_state'),
    updated_at: incoming('updated_at'),
  })).execute()
}

export async function clearTaskState(trx: Db, name: string): Promise<void> {
  await trx.kysely.deleteFrom('task_states').where('name', '=', name).execute()
}
