import * as z from 'zod'
import { Id, Timestamp } from './fields.ts'
import { lazily, lazyEnum } from './lazily.ts'
import type { ChangedFields } from './lead-event.ts'

export const DuplicateStatus = lazyEnum(['open', 'merged', 'dismissed'])
export type DuplicateStatus = z.infer<ReturnType<typeof DuplicateStatus>>

/** A row of `lead_duplicates`: two leads that may be one, the lower id first. */
export interface LeadDuplicate {
  lead_a: number
  lead_b: number
  /** Thousandths. */
  certainty: number
  is_certain: boolean
  /** Field → level of agreement. */
  reasons: Record<string, string>
  duplicate_status: DuplicateStatus
  checked_at: string
  decided_at: string | null
  decided_by: string | null
}

/** A pair as it is shown. */
export const DuplicatePair = lazily(() =>
  z
    .object({
      lead_a: Id(),
      lead_b: Id(),
      certainty: z.number().min(0).max(1),
      is_certain: z.boolean(),
      duplicate_status: DuplicateStatus(),
      /** In words. */
      reasons: z.array(z.string()),
      checked_at: Timestamp(),
      decided_at: Timestamp().nullable(),
      decided_by: z.string().nullable(),
    })
    .meta({ id: 'DuplicatePair' }),
)
export type DuplicatePair = z.infer<ReturnType<typeof DuplicatePair>>

/** A row of `lead_match_keys`. */
export interface LeadMatchKey {
  match_key: number
  lead_id: number
}

/** A row of `lead_merges`: what a merge did, so that it can be undone. */
export interface LeadMerge {
  id: number
  keeper_id: number
  merged_id: number
  certainty: number | null
  reasons: Record<string, string> | null
  moved_identities: string[]
  copied_sources: string[]
  changed_fields: ChangedFields
  keeper_hashes: string | null
  merged_at: string
  merged_by: string
  undone_at: string | null
  undone_by: string | null
}
