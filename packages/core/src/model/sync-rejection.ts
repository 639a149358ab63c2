import * as z from 'zod'
import { auditColumns, Id, Json, Timestamp } from './fields.ts'
import { lazyObject } from './lazily.ts'

/** A row of `sync_rejections`: an item that became no lead, with its reason, kept whole for replay. */
export const SyncRejection = lazyObject({
  id: Id,
  run_id: () => z.string().max(100),
  dataset_id: () => z.string().max(100),
  item_offset: () => z.int().min(0),
  actor_id: () => z.string().max(100).nullable(),
  reason: () => z.string(),
  raw_data: () => Json().nullable(),
  resolved_at: () => Timestamp().nullable(),
  resolved_lead_id: () => Id().nullable(),
  ...auditColumns,
})
export type SyncRejection = z.infer<ReturnType<typeof SyncRejection>>

export interface NewRejection {
  run_id: string
  dataset_id: string
  item_offset: number
  actor_id: string | null
  /** Why the item did not become a lead, in plain words. */
  reason: string
  /** The item's own JSON text. */
  raw_data: string
}

/** Makes a reason fit every engine: no NUL, and a bounded length, regardless of what an error message quotes. */
export const toStorableReason = (reason: string): string =>
  reason.replaceAll('\u0000', '').toWellFormed().slice(0, 2000)
