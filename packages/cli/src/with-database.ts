import { userInfo } from 'node:os'
import type { Database } from '@leads/core/database/engine'
import { maskPassword } from '@leads/core/database/mask-password'
import { CommandError } from './output/errors.ts'

/** What commands that work on the database share. */

/** Opens the configured database, makes sure that its schema is the one this version needs, and closes it in the end. */
export async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const [{ readConfig }, { openDatabase }, { assertSchema }, { SchemaError }] = await Promise.all([
    import('@leads/core/config/read-config'),
    import('@leads/core/database/open-database'),
    import('@leads/core/database/migrations/schema-status'),
    import('@leads/core/database/migrations/schema-error'),
  ])
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX } = readConfig(['database'])
  const db = await openDatabase(DATABASE_URL, { connections_max: DATABASE_CONNECTIONS_MAX, connect_timeout_s: 10 })
  try {
    await assertSchema(db).catch((error: unknown) => {
      // In the wrong folder, or without a variable, it is another database than the one that was meant.
      const shown = maskPassword(DATABASE_URL)
      if (error instanceof SchemaError) throw new CommandError('configuration', `${error.message} (It is ${shown}.)`)
      throw error
    })
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Who works at this terminal: in audit columns and events. */
export function currentAuthor(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // A container may run as a user without a name.
    return 'cli'
  }
}
