import * as z from 'zod'
import type { Db } from '../database/engine.ts'
import { insertReturning } from '../database/insert-returning.ts'
import { endTogether, withTransaction } from '../database/transaction.ts'
import type { ChangeAuthor } from '../model/change-author.ts'
import type { Json } from '../model/fields.ts'
import { Timestamp } from '../model/fields.ts'
import { lazily } from '../model/lazily.ts'
import { builtInEventTypes, type ChangedFields, EventType, LeadEvent } from '../model/lead-event.ts'
import { Problem } from '../problem.ts'
import { eventColumns } from './list-events.ts'

/** An event of a change, written in the transaction of the change. */
export interface ChangeEvent {
  event_type: (typeof builtInEventTypes)[number]
  event_name: string
  changed_fields?: ChangedFields | null
  old_status?: string | null
  new_status?: string | null
  event_data?: Record<string, Json> | null
}

export async function insertChangeEvents(
  trx: Db,
  lead_id: number,
  events: readonly ChangeEvent[],
  by: ChangeAuthor,
): Promise<void> {
  if (events.length === 0) return
  const { actor, event_source, at } = by
  await trx.kysely
    .insertInto('lead_events')
    .values(
      events.map((event) => ({
        lead_id,
        event_type: event.event_type,
        event_name: event.event_name,
        event_data: event.event_data ?? null,
        changed_fields: event.changed_fields ?? null,
        old_status: event.old_status ?? null,
        new_status: event.new_status ?? null,
        event_source,
        event_timestamp: at,
        actor,
        created_at: at,
        updated_at: at,
        created_by: actor,
        updated_by: actor,
      })),
    )
    .execute()
}

const isReserved = (type: string): boolean => (builtInEventTypes as readonly string[]).includes(type)

/** A custom event, e.g. a call or a meeting. */
export const NewLeadEvent = lazily(() =>
  z
    .object({
      event_type: EventType()
        .refine((type) => !isReserved(type), {
          error: `a custom type; the service itself writes ${builtInEventTypes.join(', ')}`,
        })
        .meta({ example: 'call_made' }),
      event_name: LeadEvent().shape.event_name.optional(),
      event_description: LeadEvent().shape.event_description.optional(),
      event_data: LeadEvent().shape.event_data.optional(),
      event_timestamp: Timestamp()
        .refine((text) => /^(19|[2-8]\d)/.test(text), { error: 'a year from 1900 to 8999' })
        .optional()
        .meta({ description: 'When it happened. Default: now.' }),
    })
    .strict(),
)
export type NewLeadEvent = z.infer<ReturnType<typeof NewLeadEvent>>

/** Adds an event to the history of a lead. @throws Problem not_found, gone */
export async function appendLeadEvent(
  db: Db,
  lead_id: number,
  input: NewLeadEvent,
  by: ChangeAuthor,
): Promise<LeadEvent> {
  return withTransaction(db, async (trx) => {
    const lead = await trx.kysely
      .selectFrom('sales_leads')
      .select('is_deleted')
      .where('id', '=', lead_id)
      .executeTakeFirst()
    if (!lead) throw new Problem('not_found', `Lead ${lead_id} does not exist.`)
    if (lead.is_deleted) throw new Problem('gone', `Lead ${lead_id} was deleted.`)
    const { event_timestamp, ...event } = input
    const row = {
      ...event,
      lead_id,
      event_source: by.event_source,
      event_timestamp: event_timestamp === undefined ? by.at : new Date(event_timestamp),
      actor: by.actor,
      created_at: by.at,
      updated_at: by.at,
      created_by: by.actor,
      updated_by: by.actor,
    }
    const [stored] = await endTogether<[LeadEvent]>(trx, () => insertReturning(trx, 'lead_events', row, eventColumns))
    return stored
  })
}
