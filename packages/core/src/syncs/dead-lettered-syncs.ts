import type { Db } from '../database/engine.ts'

/** What `error_details.name` says of a sync whose message failed on every attempt. */
export const DEAD_LETTER = 'DeadLetter'

/** Runs whose syncs were given up after the last attempt, oldest first; those that failed for good are not among them. */
export async function findDeadLettered(db: Db): Promise<string[]> {
  const rows = await db.kysely
    .selectFrom('apify_sync_states')
    .select(['run_id', 'error_details'])
    .where('sync_status', '=', 'failed')
    .where('is_deleted', '=', false)
    .orderBy('id')
    .execute()
  return rows.filter(({ error_details }) => error_details?.name === DEAD_LETTER).map(({ run_id }) => run_id)
}
