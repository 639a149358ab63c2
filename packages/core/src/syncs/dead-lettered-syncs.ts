import type { Db } from '../database/engine.ts'

/** `error_details.name` of a sync whose message failed on its last attempt. */
export const DEAD_LETTER = 'DeadLetter'

/** Returns the runs of dead-lettered syncs, oldest first. Syncs that failed permanently are not among them. */
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
