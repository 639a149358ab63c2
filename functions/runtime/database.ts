import type { Config } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { assertSchema } from '@leads/core/database/migrations/schema-status'
import { openDatabase } from '@leads/core/database/open-database'
import { closeReplica, discardStalledReplica } from './read-replica.ts'

let opened: { database_url: string; database: Promise<Database>; ready?: Database } | undefined

async function open({ DATABASE_URL, DATABASE_CONNECTIONS_MAX }: Config<'database'>): Promise<Database> {
  const isDeployed = Boolean(process.env.AWS_LAMBDA_FUNCTION_NAME)
  // A function on AWS serves one event at a time, so one connection is enough.
  const connections_max = isDeployed ? 1 : DATABASE_CONNECTIONS_MAX
  const database = await openDatabase(DATABASE_URL, { connections_max })
  try {
    // A deployment migrates before it replaces the functions. For a minute the old functions use the new schema.
    await assertSchema(database, { allow_newer: isDeployed })
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * Returns the database of this process. Opened at the first event and reused; its schema is checked once.
 * After a failure the next event tries again.
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

/** Returns the database if it is open, to classify an error of its driver. */
export const findOpenDatabase = (): Database | undefined => opened?.ready

/** Closes the database, if one process outlives its functions: in the local stack and in tests. */
export async function closeDatabase(): Promise<void> {
  const closing = opened
  opened = undefined
  await closeReplica()
  await (await closing?.database.catch(() => undefined))?.close()
}

/** Discards an unresponsive database without waiting. The next event reconnects. */
export function discardDatabase(): void {
  closeDatabase().catch(() => {})
}

/** A query without an answer for this long, while a request is late, is what the request waits for. */
const STALLED_MS = 3_000

/** Abandons what a late request waits for, so that the next one finds a connection that answers. */
export function discardStalledConnections(): void {
  discardStalledReplica(STALLED_MS)
  if (opened?.ready) opened.ready.discardStalled?.(STALLED_MS)
  else discardDatabase()
}
