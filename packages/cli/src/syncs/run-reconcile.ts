import { openApify } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import { silentLog } from '@leads/core/log'
import { openSyncQueue } from '@leads/core/queue/sync-queue'
import { reconcile } from '@leads/core/syncs/reconcile'
import { number } from '../output/format.ts'
import { note, print, printJson } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'

export async function runReconcile({ lookback, json }: { lookback?: number; json?: boolean }): Promise<void> {
  const config = readConfig(['apify', 'queue'])
  const result = await withDatabase((db) =>
    reconcile({
      ...{ db, apify: openApify(config), queue: openSyncQueue(config.SYNC_QUEUE_URL), log: silentLog },
      ...{
        actor_ids: config.APIFY_ACTOR_IDS,
        lookback_h: lookback ?? config.RECONCILE_LOOKBACK_HOURS,
        now: () => new Date(),
      },
      remaining_ms: () => Number.POSITIVE_INFINITY,
    }),
  )
  if (json) {
    printJson(result)
    return
  }
  print(
    renderFields([
      ['runs looked at', number(result.listed)],
      ['missed, queued', number(result.missed)],
      ['stuck, queued', number(result.stuck)],
      ['due, queued', number(result.due)],
    ]),
  )
  if (result.missed + result.stuck + result.due > 0) note('', 'Watch with: leads syncs list')
}
