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
  /**
   * Who says what the items say: an Actor's id (if left out), or `file:` and the source of the file. Null: the source of
   * the stored item, which is read again.
   */
  source_key?: string | null
  /** When what the items say was seen, unless they say it themselves: the start of the run. The time of the write if left out. */
  observed_at?: Date
  /** Sources whose values count more than those of all others, the first one most. */
  source_precedence?: readonly string[]
}
