import type { Config } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { assertSchema } from '@leads/core/database/migrations/schema-status'
import { openDatabase } from '@leads/core/database/open-database'

let opened: { database_url: string; database: Promise<Database>; ready?: Database } | undefined

async function open({ DATABASE_URL, DATABASE_CONNECTIONS_MAX }: Config<'database'>): Promise<Database> {
  const isDeployed = Boolean(process.env.AWS_LAMBDA_FUNCTION_NAME)
  // A function on AWS serves one event at a time; more than one connection would only take them from the others.
  const connections_max = isDeployed ? 1 : DATABASE_CONNECTIONS_MAX
  const database = await openDatabase(DATABASE_URL, { connections_max })
  try {
    // A deployment migrates before it replaces the functions: for a minute the old ones meet the new schema.
    await assertSchema(database, { allow_newer: isDeployed })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * The database of this process: opened at the first event, kept for the next ones, its schema checked once.
 * A failure is not kept: the next event tries again.
 */
export function getDatabase(config: Config<'database'>): Promise<Database> {
  if (opened?.database_url !== config.DATABASE_URL) {
    const attempt: NonNullable<typeof opened> = { database_url: config.DATABASE_URL, database: open(config) }
    opened = attempt
    attempt.database.then(
      (database) => {
        attempt.ready = database
      },
      () => {
        if (opened === attempt) opened = undefined
      },
    )
  }
  return opened.database
}

/** The database if it is open by now: to tell what an error of its driver means. */
export const findOpenDatabase = (): Database | undefined => opened?.ready

/** Closes it, where one process outlives its functions: the local stack, tests. */
export async function closeDatabase(): Promise<void> {
  const closing = opened
  opened = undefined
  await (await closing?.database.catch(() => undefined))?.close()
}

/** Lets go of a database that no longer answers, and does not wait for it: the next event opens it anew. */
export function discardDatabase(): void {
  closeDatabase().catch(() => {})
}
