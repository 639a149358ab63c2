import type { Provenance } from '../../ingest/provenance.ts'
import { FILE_PROVIDER_NAME } from '../resolve-rows.ts'

/** Provenance of the events that an undo writes. */
export const toUndoProvenance = (actor: string, at: Date): Provenance => ({
  source: 'import',
  source_name: null,
  provider_name: FILE_PROVIDER_NAME,
  actor_id: null,
  actor_name: null,
  run_id: null,
  dataset_id: null,
  import_batch_id: null,
  scrape_params: null,
  actor,
  at,
})
