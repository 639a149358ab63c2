import type { SourceType } from '../model/fields.ts'

/** What all rows of one write share: their source, the author and the time. */
export interface Provenance {
  source: SourceType
  source_name: string | null
  provider_name: string
  actor_id: string | null
  actor_name: string | null
  run_id: string | null
  dataset_id: string | null
  import_batch_id: string | null
  /** JSON text, as the engine stores it. */
  scrape_params: string | null
  /** The author: stored in created_by, updated_by and the events' actor. */
  actor: string
  at: Date
}
