import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-rows.ts'
import { SyncRejection } from '../model/sync-rejection.ts'
import { Problem } from '../problem.ts'
import { getSync } from './list-syncs.ts'

export const rejectionColumns = Object.keys(SyncRejection.shape) as (keyof SyncRejection)[]

export const syncRejectionListDefinition: ListDefinition = {
  table: 'sync_rejections',
  filters: { dataset_id: 'text', resolved_at: 'time' },
  sorts: { id: { kind: 'integer' } },
  default_sort: 'id',
  has_soft_delete: false,
  has_search: false,
}

/** The items of a run that became no lead, each whole and with its reason. @throws Problem not_found */
export async function listSyncRejections(db: Db, run_id: string, input: ListInput): Promise<ListResult<SyncRejection>> {
  await getSync(db, run_id)
  return listRows<SyncRejection>(
    db,
    syncRejectionListDefinition,
    rejectionColumns,
    input,
    [sql`run_id = ${run_id}`],
    ['run', run_id],
  )
}

/** @throws Problem not_found; conflict when more than `rows_max` rejections are open, too many for one request */
export async function assertReplayable(db: Db, run_id: string, rows_max: number): Promise<void> {
  await getSync(db, run_id)
  const open = await db.kysely
    .selectFrom('sync_rejections')
    .select(({ fn }) => fn.countAll<number>().as('rows_count'))
    .where('run_id', '=', run_id)
    .where('resolved_at', 'is', null)
    .executeTakeFirstOrThrow()
  if (Number(open.rows_count) > rows_max)
    throw new Problem(
      'conflict',
      `More than ${rows_max} rejections are open: use \`leads syncs replay\`, which takes its time.`,
    )
}
