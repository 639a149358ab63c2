import { userInfo } from 'node:os'
import type { Database } from '@leads/core/database/engine'

/** What commands that work on the database share. */

/** Opens the configured database, makes sure that its schema is the one this version needs, and closes it in the end. */
export async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const [{ readConfig }, { openDatabase }, { assertSchema }] = await Promise.all([
    import('@leads/core/config/config'),
    import('@leads/core/database/open'),
    import('@leads/core/database/schema-state'),
  ])
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX } = readConfig(['database'])
  const db = await openDatabase(DATABASE_URL, { connections_max: DATABASE_CONNECTIONS_MAX, connect_timeout_s: 10 })
  try {
    await assertSchema(db)
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Who works at this terminal: in audit columns and events. */
export function commandActor(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // A container may run as a user without a name.
    return 'cli'
  }
}
