/** What a mapping makes of one dataset item. Plain data: no I/O, no dates but ISO 8601 text, `null` = the item does not say. */

/** Columns of `sales_leads` that an import may fill. Column meanings: docs of the schema; lengths are already cut to fit. */
export interface MappedLead {
  full_name: string | null
  first_name: string | null
  last_name: string | null
  title: string | null
  email: string | null
  email_verified: boolean
  phone: string | null
  phone_verified: boolean
  additional_emails: string[]
  additional_phones: string[]
  company_name: string | null
  company_domain: string | null
  country: string | null
  city: string | null
  state: string | null
  postal_code: string | null
  industry: string | null
  tags: string[]
  /** `namespace:value`, see identity.ts; at most 255 characters. */
  external_id: string
}

/** Columns of `companies` that an import may fill. */
export interface MappedCompany {
  /** What makes two companies the same: `domain:…`, else `linkedin:…`, else `name:…|country|city`; at most 255 characters. */
  company_key: string
  name: string
  domain: string | null
  company_type: string | null
  country: string | null
  city: string | null
  industry: string | null
  employee_count: number | null
  employee_size_min: number | null
  employee_size_max: number | null
  description: string | null
  website: string | null
  linkedin_url: string | null
  tags: string[]
}

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
      /** Values that were left out because no normalizer could read them. Missing if there are none. */
      unread?: readonly UnreadValue[]
    }
  | { outcome: 'rejected'; reason: string; unread?: readonly UnreadValue[] }

export interface MapContext {
  /** Actor id or `user/name` or `user~name`, when known: the last hint, after the item's own shape. */
  actor_id?: string | null
  actor_name?: string | null
}
