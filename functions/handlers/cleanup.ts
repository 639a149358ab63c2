import { type CleanupResult, cleanUp } from '@leads/core/cleanup/clean-up'
import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import type { Context } from 'aws-lambda'
import { getDatabase } from '../runtime/database.ts'
import { withLoggableErrors } from '../runtime/loggable-errors.ts'
import { functionManifest } from '../runtime/manifest.ts'

const log = createLogger('cleanup')

/** Runs once a day: purges rows that were deleted before the retention period. */
async function purge(_event: unknown, context: Context): Promise<CleanupResult> {
  const config = readConfig(functionManifest.cleanup.config)
  return cleanUp({
    db: await getDatabase(config),
    log,
    retention_days: config.RETENTION_DAYS,
    rejection_retention_days: config.REJECTION_RETENTION_DAYS,
    event_retention_days: config.EVENT_RETENTION_DAYS,
    is_dry_run: false,
    now: () => new Date(),
    remaining_ms: () => context.getRemainingTimeInMillis(),
  })
}

export const handler = withLoggableErrors(purge)
