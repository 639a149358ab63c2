import { createApifyApi } from '@leads/core/apify/apify-api'
import { readConfig } from '@leads/core/config/read-config'
import type { Database } from '@leads/core/database/engine'
import { noopLog } from '@leads/core/log'
import { loadMapper, loadMappings } from '@leads/core/mapping/load-mapper'
import type { SyncOptions } from '@leads/core/syncs/sync-options'

/** Creates the options of a sync on the command line. It has no deadline; the signal stops it. */
export function createSyncOptions(db: Database, signal: AbortSignal): SyncOptions {
  const config = readConfig(['apify', 'sync'])
  return {
    db,
    apify: createApifyApi(config),
    map: loadMapper(config.MAPPINGS_FILE),
    page_thread: { apify: config, mappings: loadMappings(config.MAPPINGS_FILE) },
    log: noopLog,
    on_duplicate: config.ON_DUPLICATE,
    source_precedence: config.SOURCE_PRECEDENCE,
    page_rows_max: config.SYNC_PAGE_ROWS_MAX,
    settle_s: config.SYNC_SETTLE_SECONDS,
    follow_s: config.SYNC_FOLLOW_SECONDS,
    lease_s: config.SYNC_LEASE_SECONDS,
    now: () => new Date(),
    signal,
    remaining_ms: () => (signal.aborted ? 0 : Number.POSITIVE_INFINITY),
  }
}
