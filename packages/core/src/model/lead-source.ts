import * as z from 'zod'
import { auditColumns, Id, Json, JsonObject, Score, SourceType, softDeleteColumns, Timestamp } from './fields.ts'
import { lazily, lazyObject } from './lazily.ts'

/** A later run or file that contained an existing lead. Listed in `metadata.sightings`: newest first, at most 50. */
export const Sighting = lazily(() =>
  z.object({
    actor_id: z.string().nullable(),
    run_id: z.string().nullable(),
    dataset_id: z.string().nullable(),
    import_batch_id: z.string().nullable(),
    seen_at: Timestamp(),
  }),
)
export type Sighting = z.infer<ReturnType<typeof Sighting>>

/** A row of `lead_sightings`: a {@link Sighting} as it is kept. `source_id` is a run_id or an import_batch_id. */
export const LeadSighting = lazily(() =>
  z.object({
    lead_id: Id(),
    source_type: z.enum(['apify', 'import']),
    source_id: z.string().max(100),
    seen_at: Timestamp(),
    /** Of the item, if it said what the lead has. */
    observed_at: Timestamp().nullable(),
  }),
)
export type LeadSighting = z.infer<ReturnType<typeof LeadSighting>>

/** A row of `lead_sources`: where a lead first came from, one row a lead. */
export const LeadSource = lazyObject({
  id: Id,
  lead_id: Id,
  source_type: SourceType,
  source_name: () => z.string().max(255).nullable(),
  provider_name: () => z.string().max(100).nullable(),
  provider_id: () => z.string().max(255).nullable(),
  actor_id: () => z.string().max(100).nullable(),
  actor_name: () => z.string().max(255).nullable(),
  run_id: () => z.string().max(100).nullable(),
  dataset_id: () => z.string().max(100).nullable(),
  external_id: () => z.string().max(255).nullable(),
  external_url: () => z.string().max(2048).nullable(),
  scraped_at: () => Timestamp().nullable(),
  import_batch_id: () => z.string().max(100).nullable(),
  scrape_params: () => Json().nullable(),
  data_quality_score: () => Score().nullable(),
  confidence_score: () => Score().nullable(),
  metadata: () => JsonObject().nullable(),
  ...auditColumns,
  ...softDeleteColumns,
})
export type LeadSource = z.infer<ReturnType<typeof LeadSource>>
