import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListAnswer, type ListInput, listRows } from '../lists/list.ts'
import { getSync } from '../syncs/list.ts'
import { SyncRejection } from './entity.ts'

export const rejectionColumns = Object.keys(SyncRejection.shape) as (keyof SyncRejection)[]

export const rejectionList: ListDefinition = {
  table: 'sync_rejections',
  filters: { dataset_id: 'text', resolved_at: 'time' },
  sorts: { id: { kind: 'integer' } },
  default_sort: 'id',
  has_soft_delete: false,
  has_search: false,
}

/** The items of a run that became no lead, each whole and with its reason. @throws Problem not_found */
export async function listRejections(db: Db, run_id: string, input: ListInput): Promise<ListAnswer<SyncRejection>> {
  await getSync(db, run_id)
  return listRows<SyncRejection>(db, rejectionList, rejectionColumns, input, [sql`run_id = ${run_id}`], ['run', run_id])
}
