import { createApifyApi } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import { findCompanyDuplicates } from '@leads/core/duplicates/find-company-duplicates'
import { findDuplicates } from '@leads/core/duplicates/find-duplicates'
import { backfillIdentities } from '@leads/core/ingest/backfill-identities'
import { createLogger } from '@leads/core/log'
import { AUTO_MERGE_AUTHOR, mergeWithoutPerson } from '@leads/core/merges/merge-certain'
import { moveStrayLeads } from '@leads/core/merges/merge-companies'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { completeLeadCounts } from '@leads/core/stats/lead-counts'
import { type ReconcileResult, reconcile } from '@leads/core/syncs/reconcile'
import type { Context } from 'aws-lambda'
import { getDatabase } from '../runtime/database.ts'
import { withLoggableErrors } from '../runtime/loggable-errors.ts'
import { functionManifest } from '../runtime/manifest.ts'

const log = createLogger('reconcile')

/** A page of leads is compared in a second or two. */
const DUPLICATES_RESERVE_MS = 30_000

/**
 * Runs every 15 minutes: queues runs whose webhook was lost, stuck syncs and attempts that are due. Then brings the
 * counts of leads up to date and compares the leads that changed.
 * @throws Error at the end if an Actor's runs could not be listed, so that the alarm reports it
 */
async function reconcileAll(_event: unknown, context: Context): Promise<ReconcileResult> {
  const config = readConfig(functionManifest.reconcile.config)
  const db = await getDatabase(config)
  const now = () => new Date()
  const remaining_ms = () => context.getRemainingTimeInMillis()
  const result = await reconcile({
    db,
    apify: createApifyApi(config),
    queue: createSyncQueue(config.SYNC_QUEUE_URL),
    log,
    actor_ids: config.APIFY_ACTOR_IDS,
    lookback_h: config.RECONCILE_LOOKBACK_HOURS,
    now,
    remaining_ms,
  })
  await completeLeadCounts({ db, now, remaining_ms })
  // Uses the remaining time to compare recent leads. It never delays a sync.
  if (await backfillIdentities({ db, now, remaining_ms })) {
    const isStopped = () => remaining_ms() < DUPLICATES_RESERVE_MS
    const { is_finished } = await findDuplicates({ db, log, now, isStopped })
    if (is_finished) await mergeWithoutPerson({ db, log, now, isStopped, is_bridged_only: !config.MERGE_CERTAIN })
    if (!isStopped()) {
      await findCompanyDuplicates({ db, log, now, isStopped })
      await moveStrayLeads(db, { actor: AUTO_MERGE_AUTHOR, event_source: 'system', at: now() })
    }
  }
  const [failure] = result.failures
  if (failure)
    throw new Error(
      `Reconcile could not list the runs of ${result.failures.length} Actor(s). ${failure.error_message} ` +
        'Everything else was queued. Remove an Actor that no longer exists from APIFY_ACTOR_IDS.',
    )
  return result
}

export const handler = withLoggableErrors(reconcileAll)
