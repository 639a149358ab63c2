import { createApifyApi } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import { createLogger } from '@leads/core/log'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { type ReconcileResult, reconcile } from '@leads/core/syncs/reconcile'
import type { Context } from 'aws-lambda'
import { getDatabase } from '../runtime/database.ts'
import { functionManifest } from '../runtime/manifest.ts'

const log = createLogger('reconcile')

/** Every 15 minutes: queues runs whose webhook never came, syncs that stopped half-way, attempts that are due. */
export async function handler(_event: unknown, context: Context): Promise<ReconcileResult> {
  const config = readConfig(functionManifest.reconcile.config)
  return reconcile({
    db: await getDatabase(config),
    apify: createApifyApi(config),
    queue: createSyncQueue(config.SYNC_QUEUE_URL),
    log,
    actor_ids: config.APIFY_ACTOR_IDS,
    lookback_h: config.RECONCILE_LOOKBACK_HOURS,
    now: () => new Date(),
    remaining_ms: () => context.getRemainingTimeInMillis(),
  })
}
