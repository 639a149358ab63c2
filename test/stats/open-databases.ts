import type { Database } from '@leads/core/database/engine'
import { openDatabase } from '@leads/core/database/open-database'
import { afterEach } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../setup/engines.ts'

/** Returns what opens an empty database of PostgreSQL with the schema. Each is closed and dropped after its test. */
export function createOpener(connections_max: number): () => Promise<{ db: Database; url: string }> {
  const opened: { db: Database; fresh: FreshDatabase }[] = []
  afterEach(async () => {
    for (const { db, fresh } of opened.splice(0)) {
      await db.close()
      await fresh.drop()
    }
  })
  return async () => {
    const fresh = await freshDatabase('postgres')
    const db = await openDatabase(fresh.database_url, { connections_max })
    opened.push({ db, fresh })
    return { db, url: fresh.database_url }
  }
}
