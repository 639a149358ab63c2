import * as z from 'zod'
import { auditColumns, Id, Json, JsonObject, Timestamp } from './fields.ts'
import { lazily, lazyObject } from './lazily.ts'

/** The types that the product writes; clients may append others. */
export const EventType = lazily(() => z.string().regex(/^[a-z][a-z0-9_]{0,49}$/))
export const builtInEventTypes = [
  'created',
  'updated',
  'contacted',
  'enriched',
  'deleted',
  'restored',
  'merged',
  'unmerged',
] as const

/** Field name to its value before and after, e.g. `{"phone": {"old": null, "new": "+4930123456"}}`. */
export const ChangedFields = lazily(() => z.record(z.string(), z.object({ old: Json(), new: Json() })))
export type ChangedFields = z.infer<ReturnType<typeof ChangedFields>>

/** The data of an event that changed spellings only: it is no edit. */
export const NORMALIZATION = { normalized: true }

/** A row of `lead_events`: the audit trail of a lead. */
export const LeadEvent = lazyObject({
  id: Id,
  lead_id: Id,
  event_type: EventType,
  event_name: () => z.string().max(255).nullable(),
  event_description: () => z.string().max(10_000).nullable(),
  event_data: () => JsonObject().nullable(),
  event_source: () => z.string().max(100).nullable(),
  event_timestamp: Timestamp,
  actor: () => z.string().max(255).nullable(),
  old_status: () => z.string().max(50).nullable(),
  new_status: () => z.string().max(50).nullable(),
  changed_fields: () => ChangedFields().nullable(),
  ...auditColumns,
})
export type LeadEvent = z.infer<ReturnType<typeof LeadEvent>>
