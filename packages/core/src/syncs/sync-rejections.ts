import { sql } from 'kysely'
import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { FILTER_CHARACTERS_MAX, parseFilters, type RawFilters } from '../lists/filter.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import { pageStatement } from '../lists/page-statement.ts'
import { SyncRejection } from '../model/sync-rejection.ts'
import { Problem } from '../problem.ts'
import { getSync } from './list-syncs.ts'

export const rejectionColumns = SyncRejection.columns

export const syncRejectionListDefinition: ListDefinition = {
  table: 'sync_rejections',
  filters: {
    run_id: 'text',
    actor_id: 'text',
    dataset_id: 'text',
    reason: 'text',
    resolved_at: 'time',
    created_at: 'time',
  },
  sorts: { id: { kind: 'integer' } },
  default_sort: 'id',
  has_soft_delete: false,
  has_search: false,
  indexed_characters: { reason: FILTER_CHARACTERS_MAX },
}

/** Without the item, which is most of the bytes. */
export const rejectionViewColumns = rejectionColumns.filter((column) => column !== 'raw_data')

/** Lists rejections of all runs, newest first. Includes the items only if `fields` names raw_data. */
export function listRejections(db: Db, input: ListInput): Promise<ListResult<Partial<SyncRejection>>> {
  return listRows<Partial<SyncRejection>>(db, syncRejectionListDefinition, rejectionViewColumns, {
    ...input,
    sort: input.sort ?? '-id',
  })
}

/** @throws Problem not_found */
export async function getRejection(db: Db, id: number): Promise<SyncRejection> {
  const rejection = await db.kysely
    .selectFrom('sync_rejections')
    .select(rejectionColumns)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!rejection) throw new Problem('not_found', `Rejection ${id} does not exist.`)
  return omitLargeValues(rejection)
}

/** The newest rejections are counted; a run or an Actor rarely has more. */
const COUNTED_REJECTIONS_MAX = 50_000
const REASONS_MAX = 100

export interface ReasonCount {
  reason: string
  rejections_count: number
  relation: 'exact' | 'at_least'
  /** The newest rejection. */
  last_id: number
  last_run_id: string
}

/** Counts rejections by reason, the most frequent first. @throws Problem invalid_request */
export async function countReasons(db: Db, filters: RawFilters): Promise<ReasonCount[]> {
  const query = {
    definition: syncRejectionListDefinition,
    columns: ['id', 'reason', 'run_id'],
    filters: await parseFilters(syncRejectionListDefinition, filters),
    sort: { column: 'id', is_descending: true },
    limit: COUNTED_REJECTIONS_MAX,
    after: null,
  }
  const { rows } = await sql<{ reason: string; rejections_count: number; last_id: number }>`
    select reason, count(*) as rejections_count, max(id) as last_id
    from (${pageStatement(db, query, COUNTED_REJECTIONS_MAX + 1)}) as counted group by reason`.execute(db.kysely)
  const counts = rows.map((row) => ({ ...row, rejections_count: Number(row.rejections_count) }))
  const isComplete = counts.reduce((sum, row) => sum + row.rejections_count, 0) <= COUNTED_REJECTIONS_MAX
  const top = counts
    .sort((a, b) => b.rejections_count - a.rejections_count || (a.reason < b.reason ? -1 : 1))
    .slice(0, REASONS_MAX)
  const runs = await findRuns(
    db,
    top.map(({ last_id }) => last_id),
  )
  const relation = isComplete ? 'exact' : 'at_least'
  return top.map((row) => ({ ...row, relation, last_run_id: runs.get(row.last_id) ?? '' }))
}

async function findRuns(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db.kysely.selectFrom('sync_rejections').select(['id', 'run_id']).where('id', 'in', ids).execute()
  return new Map(rows.map(({ id, run_id }) => [id, run_id]))
}

/** Lists the rejections of a run, each with its item and reason. @throws Problem not_found */
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
