import type { Db } from '../database/engine.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import { omitLargeValues } from '../lists/page-bytes.ts'
import { RunStatus, Sync, SyncStatus } from '../model/sync.ts'
import { Problem } from '../problem.ts'
import { addRange, COUNTS, listRanges, sumOpenRanges } from './ranges.ts'

export const syncColumns = Sync.columns

/** A sync with its accounting. `is_balanced`: total = synced + duplicate + failed. */
export type SyncView = Sync & { is_balanced: boolean }

export const syncListDefinition: ListDefinition = {
  table: 'apify_sync_states',
  filters: {
    actor_id: 'text',
    sync_status: SyncStatus.options,
    run_status: RunStatus.options,
    created_at: 'time',
  },
  sorts: {
    created_at: { kind: 'time' },
    finished_at: { kind: 'time', is_nullable: true },
    id: { kind: 'integer' },
  },
  default_sort: '-created_at',
  has_soft_delete: true,
  has_search: false,
}

const accountingColumns = ['total_records', 'synced_records', 'duplicate_records', 'failed_records'] as const

export function withBalance(sync: Sync): SyncView {
  const { total_records, synced_records, duplicate_records, failed_records } = sync
  return { ...sync, is_balanced: total_records === synced_records + duplicate_records + failed_records }
}

/** Lists syncs, newest first. The counts include ranges that are being read. */
export async function listSyncs(db: Db, input: ListInput): Promise<ListResult<SyncView>> {
  const fields = input.fields ?? syncColumns
  const needed = [...new Set([...fields, ...accountingColumns, 'run_id' as const, 'sync_status' as const])]
  const answer = await listRows<Sync>(db, syncListDefinition, syncColumns, { ...input, fields: needed })
  const extra = needed.filter((field) => !fields.includes(field))
  const open = answer.data.filter(({ sync_status }) => sync_status !== 'completed').map(({ run_id }) => run_id)
  const ranges = await sumOpenRanges(db, open)
  const data = answer.data.map((sync) => withBalance(addCounts(sync, ranges.get(sync.run_id))))
  for (const row of data) for (const field of extra) delete (row as Partial<Record<string, unknown>>)[field]
  return { ...answer, data }
}

function addCounts(sync: Sync, counts: Partial<Record<keyof Sync, number>> = {}): Sync {
  const sum = { ...sync }
  for (const name of COUNTS) if (name in sum) sum[name] += counts[name] ?? 0
  return sum
}

/** @throws Problem not_found */
export async function getSync(db: Db, run_id: string): Promise<SyncView> {
  const sync = await db.kysely
    .selectFrom('apify_sync_states')
    .select(syncColumns)
    .where('run_id', '=', run_id)
    .executeTakeFirst()
  if (!sync) throw new Problem('not_found', `There is no sync of run ${run_id}. POST /syncs starts one.`)
  // Ranges that are not added to it yet.
  const whole = (await listRanges(db, run_id)).reduce(addRange, sync as Sync)
  return withBalance(omitLargeValues(whole))
}
