import { userInfo } from 'node:os'
import type { Database } from '@leads/core/database/engine'
import { maskPassword } from '@leads/core/database/mask-password'
import { assertNoApiTarget } from './backend/api-target.ts'
import { assertStageDatabase } from './local/stage-settings.ts'
import { CommandError } from './output/errors.ts'

/** Opens the configured database, checks its schema version, runs `work`, and closes the database. */
export async function withDatabase<Result>(work: (db: Database) => Promise<Result>): Promise<Result> {
  const [{ readConfig }, { openDatabase }, { assertSchema }, { SchemaError }] = await Promise.all([
    import('@leads/core/config/read-config'),
    import('@leads/core/database/open-database'),
    import('@leads/core/database/migrations/schema-status'),
    import('@leads/core/database/migrations/schema-error'),
  ])
  assertNoApiTarget()
  assertStageDatabase()
  const { DATABASE_URL, DATABASE_CONNECTIONS_MAX } = readConfig(['database'])
  const db = await openDatabase(DATABASE_URL, { connections_max: DATABASE_CONNECTIONS_MAX, connect_timeout_s: 10 })
  try {
    await assertSchema(db).catch((error: unknown) => {
      // Names the database: in another folder or without a variable it is not the intended one.
      const shown = maskPassword(DATABASE_URL)
      if (error instanceof SchemaError)
        throw new CommandError('configuration', `${error.message} (The database is ${shown}.)`)
      throw error
    })
    return await work(db)
  } finally {
    await db.close()
  }
}

/** Returns the author that changes from this terminal are recorded with. */
export function currentAuthor(): string {
  // A command that a terminal sent to a stage is recorded with the user of that terminal.
  if (process.env.LEADS_AUTHOR) return process.env.LEADS_AUTHOR
  try {
    return `cli:${userInfo().username}`
  } catch {
    // A container may run as a user that has no name.
    return 'cli'
  }
}
