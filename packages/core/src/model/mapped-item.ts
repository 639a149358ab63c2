import type { CompanyColumnsWith, CompanyRow } from './company-columns.ts'
import type { ImportedColumn, LeadRow } from './lead-columns.ts'

/** What a mapping makes of one dataset item. Plain data: no I/O, no dates but ISO 8601 text, `null` = the item does not say. */

/** Columns of `sales_leads` that an item can fill. Values already fit their columns. */
export type MappedLead = Pick<LeadRow, Exclude<ImportedColumn, 'company_id'>> & {
  /** `namespace:value`, see mapping/identify-item.ts; at most 255 characters. */
  external_id: string
}

/** Columns of `companies` that an item can fill. */
export type MappedCompany = Pick<CompanyRow, CompanyColumnsWith<'is_imported'>>

/** Columns of `lead_sources` that depend on the item (those of the run are added by the sync). */
export interface MappedSource {
  external_id: string
  external_url: string | null
  provider_id: string | null
  scraped_at: string | null
  /** 0-100, see quality.ts. */
  data_quality_score: number
  /** 0-100, see quality.ts. */
  confidence_score: number
  /** Small facts worth keeping, e.g. `{ mapping: "google-places" }`. */
  metadata: Record<string, unknown>
}

/** The columns of {@link MappedSource} besides the external id, in the order in which imports write them. */
export const sourceColumns = [
  'external_url',
  'provider_id',
  'scraped_at',
  'data_quality_score',
  'confidence_score',
  'metadata',
] as const satisfies readonly Exclude<keyof MappedSource, 'external_id'>[]

/** A value of an item that could not be read, by the column that it would have filled. */
export interface UnreadValue {
  column: 'email' | 'phone' | 'website' | 'country' | 'company.employees'
  /** The value as one clean line of at most 100 characters. */
  value: string
}

export type MappedItem =
  | {
      outcome: 'lead'
      lead: MappedLead
      company: MappedCompany | null
      source: MappedSource
      /** The external id that earlier versions gave the item, which ignored the number of its place. */
      former_external_id?: string | undefined
      /** Identities of a person besides those that the lead's columns state. Missing if there are none. */
      identities?: readonly string[] | undefined
      /** Values that were left out because no normalizer could read them. Missing if there are none. */
      unread?: readonly UnreadValue[]
    }
  | { outcome: 'rejected'; reason: string; unread?: readonly UnreadValue[] }

export interface MapContext {
  /** Actor id or `user/name` or `user~name`, when known: the last hint, after the item's own shape. */
  actor_id?: string | null
  actor_name?: string | null
}
