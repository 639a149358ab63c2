import { setTimeout as delay } from 'node:timers/promises'
import { readConfig } from '@leads/core/config/read-config'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { createLogger } from '@leads/core/log'
import type { Context } from 'aws-lambda'
import { functionManifest } from '../runtime/manifest.ts'
import { isWorthWaiting } from '../runtime/startup-errors.ts'

const RETRY_INTERVAL_S = 5
/** Time left, in milliseconds, below which no new attempt starts. */
const ATTEMPT_TIME_MIN_MS = 30_000

/** How long the deployment waits for its database. */
export interface MigrateEvent {
  wait_s?: number
  /** The deployment created the database: its proxy may not know its password yet. */
  is_created?: boolean
}

/**
 * Applies the migrations in its bundle. The deployment invokes it before it updates the other functions, so that no code
 * runs on a schema older than itself. An error fails the deployment, with the running version untouched.
 */
export async function handler(event: MigrateEvent, context: Context): Promise<{ applied: string[] }> {
  const log = createLogger('migrate')
  const { DATABASE_URL } = readConfig(functionManifest.migrate.config)
  const { wait_s = 75, is_created = false } = event
  const ends_at = Date.now() + wait_s * 1000
  for (;;) {
    try {
      // After a rollback of the code the schema is newer, which it can use.
      const applied = await migrateUp(DATABASE_URL, { allow_newer: true })
      log.info('The schema is up to date', { applied })
      return { applied }
    } catch (error) {
      const isOver = Date.now() >= ends_at || context.getRemainingTimeInMillis() < ATTEMPT_TIME_MIN_MS
      if (isOver || !isWorthWaiting(error, is_created)) throw error
      log.warn('The database is not ready yet', { code: String((error as { code?: unknown }).code) })
      await delay(RETRY_INTERVAL_S * 1000)
    }
  }
}
