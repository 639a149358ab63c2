import { setTimeout as delay } from 'node:timers/promises'
import { readConfig } from '@leads/core/config/read-config'
import { connectionErrorCodes } from '@leads/core/database/connection-error-codes'
import { migrateUp } from '@leads/core/database/migrations/migrate'
import { createLogger } from '@leads/core/log'
import type { Context } from 'aws-lambda'
import { functionManifest } from '../runtime/manifest.ts'

/** A database that was created a minute ago, or pauses when idle, is waited for: seconds between two tries. */
const RETRY_INTERVAL_S = 5
/** Time left, in milliseconds, below which no new try is begun. */
const ATTEMPT_TIME_MIN_MS = 30_000

/**
 * Applies the migrations that lie in its bundle; the deployment invokes it before it updates the other functions, so
 * that no code meets a schema older than itself. Throwing fails the deployment, with the running version untouched.
 */
export async function handler(_event: unknown, context: Context): Promise<{ applied: string[] }> {
  const log = createLogger('migrate')
  const { DATABASE_URL } = readConfig(functionManifest.migrate.config)
  for (;;) {
    try {
      // Newer than this code: it is rolled back over migrations that it can live with.
      const applied = await migrateUp(DATABASE_URL, { allow_newer: true })
      log.info('The schema is up to date', { applied })
      return { applied }
    } catch (error) {
      const code = String((error as { code?: unknown } | null)?.code)
      if (!connectionErrorCodes.has(code) || context.getRemainingTimeInMillis() < ATTEMPT_TIME_MIN_MS) throw error
      log.warn('The database cannot be reached yet', { code })
      await delay(RETRY_INTERVAL_S * 1000)
    }
  }
}
