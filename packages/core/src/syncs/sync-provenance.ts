import type { Provenance } from '../ingest/provenance.ts'
import type { Sync } from '../model/sync.ts'
import { toScrapeParams } from './run-input.ts'
import { SYNC_AUTHOR } from './sync-state.ts'

/** Returns the provenance of the leads of a run. The time is added when they are written. */
export const buildSyncProvenance = (sync: Sync): Omit<Provenance, 'at'> => ({
  source: 'apify',
  source_name: sync.actor_name ?? sync.actor_id,
  provider_name: 'apify',
  actor_id: sync.actor_id,
  actor_name: sync.actor_name,
  run_id: sync.run_id,
  dataset_id: sync.dataset_id,
  import_batch_id: null,
  scrape_params: toScrapeParams(sync.input_params),
  actor: SYNC_AUTHOR,
  ...(sync.started_at !== null && { observed_at: new Date(sync.started_at) }),
})
