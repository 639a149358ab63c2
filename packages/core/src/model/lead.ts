import * as z from 'zod'
import { auditColumns, Id, Json, JsonObject, Score, SourceType, softDeleteColumns, Timestamp } from './fields.ts'

export const LeadStatus = z.enum(['new', 'contacted', 'qualified', 'converted'])
export type LeadStatus = z.infer<typeof LeadStatus>

export const EnrichmentStatus = z.enum(['pending', 'enriched', 'failed'])
export type EnrichmentStatus = z.infer<typeof EnrichmentStatus>

/** A row of `sales_leads`. Inputs of the verbs are picked from it. */
export const Lead = z.object({
  id: Id,
  full_name: z.string().max(255).nullable(),
  first_name: z.string().max(255).nullable(),
  last_name: z.string().max(255).nullable(),
  title: z.string().max(255).nullable(),
  email: z.string().max(255).nullable(),
  email_verified: z.boolean(),
  phone: z.string().max(50).nullable(),
  phone_verified: z.boolean(),
  additional_emails: z.array(z.string().max(255)).max(100),
  additional_phones: z.array(z.string().max(50)).max(100),
  company_id: Id.nullable(),
  company_name: z.string().max(255).nullable(),
  company_domain: z.string().max(255).nullable(),
  country: z.string().max(100).nullable(),
  city: z.string().max(100).nullable(),
  state: z.string().max(100).nullable(),
  postal_code: z.string().max(20).nullable(),
  street: z.string().max(255).nullable(),
  industry: z.string().max(100).nullable(),
  tags: z.array(z.string().max(100)).max(100),
  source: SourceType,
  provider_name: z.string().max(100).nullable(),
  external_id: z.string().max(255).nullable(),
  actor_id: z.string().max(100).nullable(),
  run_id: z.string().max(100).nullable(),
  dataset_id: z.string().max(100).nullable(),
  enrichment_status: EnrichmentStatus,
  enrichment_data: JsonObject.nullable(),
  lead_score: Score.nullable(),
  lead_status: LeadStatus,
  notes: z.string().max(100_000).nullable(),
  raw_data: Json.nullable(),
  /** Internal: see leads/import-hashes.ts. Never part of an answer. */
  import_hashes: z.string().nullable(),
  /** Internal: how old the newest values of its first source are. Never part of an answer. */
  observed_at: Timestamp.nullable(),
  /** The lead that this one was merged into; it is deleted then. */
  merged_into_id: Id.nullable(),
  /** Raised by one with every change: ETag, and the guard against lost updates. */
  version: z.int().positive(),
  ...auditColumns,
  ...softDeleteColumns,
})
export type Lead = z.infer<typeof Lead>
