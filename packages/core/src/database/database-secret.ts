import { randomBytes } from 'node:crypto'
import type { Db } from './engine.ts'
import { orIgnore } from './upsert.ts'

/** Returns a random secret that all processes with this database share. The first caller creates it. */
export async function getDatabaseSecret(db: Db, name: string): Promise<string> {
  const find = () =>
    db.kysely.selectFrom('database_secrets').select('secret').where('name', '=', name).executeTakeFirst()
  const existing = await find()
  if (existing) return existing.secret
  const secret = randomBytes(32).toString('hex')
  const insert = db.kysely.insertInto('database_secrets').values({ name, secret, created_at: new Date() })
  await orIgnore(db, insert, ['name']).execute()
  return (await find())?.secret ?? secret
}
