import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import { withTransaction } from '../database/transaction.ts'
import type { TrimOptions } from './trim-sightings.ts'

/** One batch is one short transaction. */
const EVENTS_PER_BATCH = 2_000

export interface TrimEventsOptions extends TrimOptions {
  /** Events before this time are removed. */
  before: Date
}

/**
 * Removes old events, oldest first. Those since the oldest import that can be undone stay: undo finds in them which leads
 * were edited after it.
 */
export async function trimEvents(options: TrimEventsOptions): Promise<{ rows: number; is_finished: boolean }> {
  const { db, is_dry_run, hasTime } = options
  const { oldest_import } = await db.kysely
    .selectFrom('import_batches')
    .select(({ fn }) => fn.min('created_at').as('oldest_import'))
    .executeTakeFirstOrThrow()
  const before = new Date(Math.min(options.before.getTime(), Date.parse(oldest_import ?? '9999-12-31T00:00:00Z')))
  if (is_dry_run) return { rows: await countEventsBefore(options, before), is_finished: true }
  for (let rows = 0; ; ) {
    if (!hasTime()) return { rows, is_finished: false }
    const removed = await removeBatch(db, before)
    rows += removed
    if (removed < EVENTS_PER_BATCH) return { rows, is_finished: true }
  }
}

function removeBatch(db: Db, before: Date): Promise<number> {
  return withTransaction(db, async (trx) => {
    const rows = await trx.kysely
      .selectFrom('lead_events')
      .select('id')
      .where('event_timestamp', '<', before as never)
      .orderBy('event_timestamp')
      .limit(EVENTS_PER_BATCH)
      .execute()
    if (rows.length === 0) return 0
    const ids = rows.map(({ id }) => id)
    await trx.kysely.deleteFrom('lead_events').where('id', 'in', ids).execute()
    return ids.length
  })
}

/** Without the events of leads that are purged before. */
async function countEventsBefore({ db, deleted_before }: TrimOptions, before: Date): Promise<number> {
  const { events_count } = await db.kysely
    .selectFrom('lead_events')
    .innerJoin('sales_leads', 'sales_leads.id', 'lead_events.lead_id')
    .select(({ fn }) => fn.countAll().as('events_count'))
    .where('event_timestamp', '<', before as never)
    .where(({ or, eb }) =>
      or([
        eb('sales_leads.is_deleted', '=', false),
        eb('sales_leads.deleted_at', '>=', deleted_before as never),
        sql<boolean>`sales_leads.merged_into_id is not null`,
      ]),
    )
    .executeTakeFirstOrThrow()
  return Number(events_count)
}
