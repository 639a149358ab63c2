import * as z from 'zod'
import { Id, type Json, Timestamp } from './fields.ts'
import { lazily } from './lazily.ts'

/** A row of `lead_identities`: something that belongs to one lead only, regardless of its source. */
export const LeadIdentity = lazily(() =>
  z.object({
    identity: z.string().max(255),
    lead_id: Id(),
    /** Several people use it: it matches no lead any more. */
    is_shared: z.boolean(),
    seen_at: Timestamp(),
  }),
)
export type LeadIdentity = z.infer<ReturnType<typeof LeadIdentity>>

/** What a source said of a lead. */
export interface SourceObservations {
  /** Time in milliseconds, hashes, and the import batch of a file's row; oldest first. */
  seen: [at: number, hashes: string, import_batch_id: string | null][]
  /** Values that the lead does not have, by column and hash. */
  values: Record<string, Record<string, string | number | boolean | readonly string[] | null>>
}

/**
 * A row of `lead_source_states`: what a source said of a lead, last and before. A lead whose items all said the same has
 * none: its own hashes and time, and its sightings, say it all.
 */
export interface LeadSourceState {
  lead_id: number
  /** Actor id, or `file:` and the source of the file. */
  source_key: string
  import_hashes: string
  observed_at: string
  observations: SourceObservations | null
}

/** A row of `identity_tombstones`: keyed hash of an identity of a lead that was deleted permanently. */
export interface IdentityTombstone {
  identity_hash: string
  lead_id: number
  buried_at: string
}

/** A row of `database_secrets`. */
export interface DatabaseSecret {
  name: string
  secret: string
  created_at: string
}

/** A row of `task_states`: where a task that works in batches continues after a stop, or a time that processes share. */
export interface TaskState {
  name: string
  task_state: Json
  updated_at: string
}
