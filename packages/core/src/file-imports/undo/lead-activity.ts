import { chunkRows } from '../../database/chunk-rows.ts'
import type { Db } from '../../database/engine.ts'
import { readSightings } from '../../leads/sightings.ts'
import type { Json } from '../../model/fields.ts'
import type { ChangedFields } from '../../model/lead-event.ts'
import type { Sighting } from '../../model/lead-source.ts'

/** The history of a lead as far as undo needs it. */
export interface LeadActivity {
  events: TracedEvent[]
  /** Newest first. */
  sightings: Sighting[]
}

export interface TracedEvent {
  id: number
  event_type: string
  event_data: Record<string, Json> | null
  changed_fields: ChangedFields | null
}

/** Returns events (oldest first) and sightings by lead. */
export async function readLeadActivity(trx: Db, lead_ids: readonly number[]): Promise<Map<number, LeadActivity>> {
  const traces = new Map<number, LeadActivity>(lead_ids.map((id) => [id, { events: [], sightings: [] }]))
  for (const slice of chunkRows(trx, lead_ids, 1)) {
    const events = await trx.kysely
      .selectFrom('lead_events')
      .select(['id', 'lead_id', 'event_type', 'event_data', 'changed_fields'])
      .where('lead_id', 'in', slice)
      .orderBy('id')
      .execute()
    for (const { lead_id, ...event } of events) traces.get(lead_id)?.events.push(event)
    for (const [lead_id, sightings] of await readSightings(trx, slice)) {
      const found = traces.get(lead_id)
      if (found) found.sightings = sightings
    }
  }
  return traces
}

/** Returns the events without those of undone imports and without those of the undo itself. */
export function withoutUndone(events: readonly TracedEvent[]): TracedEvent[] {
  const undone = new Set(events.flatMap(({ event_data }) => event_data?.undone_import_batch_id ?? []))
  return events.filter(
    ({ event_data }) =>
      event_data?.undone_import_batch_id === undefined && !undone.has(event_data?.import_batch_id ?? null),
  )
}

export const isImportEvent = ({ event_data }: TracedEvent): boolean =>
  typeof event_data?.run_id === 'string' || typeof event_data?.import_batch_id === 'string'

/** Spellings were changed, and no value: the lead counts as unedited. */
export const isNormalization = ({ event_data }: TracedEvent): boolean => event_data?.normalized === true
