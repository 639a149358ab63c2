import * as z from 'zod'
import { Id } from './fields.ts'
import { lazily } from './lazily.ts'
import { DuplicatePair, type LeadDuplicate } from './lead-duplicate.ts'
import type { ChangedFields } from './lead-event.ts'

/** A row of `company_duplicates`: two companies that may be one, the lower id first. */
export interface CompanyDuplicate extends Omit<LeadDuplicate, 'lead_a' | 'lead_b'> {
  company_a: number
  company_b: number
}

/** A pair as it is shown. */
export const CompanyPair = lazily(() =>
  z
    .object({ company_a: Id(), company_b: Id(), ...DuplicatePair().omit({ lead_a: true, lead_b: true }).shape })
    .meta({ id: 'CompanyPair' }),
)
export type CompanyPair = z.infer<ReturnType<typeof CompanyPair>>

/** A row of `company_match_keys`. */
export interface CompanyMatchKey {
  match_key: number
  company_id: number
}

/** A row of `company_merges`: what a merge did, so that it can be undone. */
export interface CompanyMerge {
  id: number
  keeper_id: number
  merged_id: number
  changed_fields: ChangedFields
  /** Leads of the merged company at that time. */
  moved_lead_ids: number[]
  merged_at: string
  merged_by: string
  undone_at: string | null
  undone_by: string | null
}
