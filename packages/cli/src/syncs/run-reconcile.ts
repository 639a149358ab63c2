import { createApifyApi } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { reconcile } from '@leads/core/syncs/reconcile'
import { exitCodes } from '../output/exit-codes.ts'
import { formatNumber } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'

export async function runReconcile({ lookback, json }: { lookback?: number; json?: boolean }): Promise<void> {
  const config = readConfig(['apify', 'queue'])
  const result = await withDatabase((db) =>
    reconcile({
      db,
      apify: createApifyApi(config),
      queue: createSyncQueue(config.SYNC_QUEUE_URL),
      log: noopLog,
      actor_ids: config.APIFY_ACTOR_IDS,
      lookback_h: lookback ?? config.RECONCILE_LOOKBACK_HOURS,
      now: () => new Date(),
      remaining_ms: () => Number.POSITIVE_INFINITY,
    }),
  )
  if (result.failures.length > 0) process.exitCode = exitCodes.failed.code
  if (json) {
    printJson(result)
    return
  }
  print(
    renderFields([
      ['runs checked', formatNumber(result.listed)],
      ['missed, queued', formatNumber(result.missed)],
      ['stuck, queued', formatNumber(result.stuck)],
      ['due, queued', formatNumber(result.due)],
    ]),
  )
  for (const { actor_id, error_message } of result.failures)
    printNote('', `The runs of ${actor_id ?? 'the account'} could not be listed. ${error_message}`)
  if (result.missed + result.stuck + result.due > 0) printNote('', 'Follow progress with `leads syncs list`.')
}
