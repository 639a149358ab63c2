import type { SyncView } from '@leads/core/syncs/list-syncs'
import { formatNumber, formatTime } from '../output/format.ts'
import { renderTable } from '../output/table.ts'
import { wrap } from '../output/wrap.ts'

/** Renders one line per run (read = new + known + rejected), and below it the error messages in full. */
export function renderSyncTable(syncs: readonly SyncView[]): string {
  const right = { align: 'right' } as const
  const table = renderTable(
    [
      { head: 'run', is_never_cut: true },
      { head: 'Actor', shrinks: true },
      { head: 'status' },
      { head: 'read', ...right },
      { head: 'new', ...right },
      { head: 'known', ...right },
      { head: 'rejected', ...right },
      { head: 'last (UTC)', is_optional: true },
    ],
    syncs.map((sync) => [
      sync.run_id,
      sync.actor_name ?? sync.actor_id,
      formatStatus(sync),
      formatNumber(sync.total_records),
      formatNumber(sync.synced_records),
      formatNumber(sync.duplicate_records),
      formatNumber(sync.failed_records),
      formatTime(sync.last_sync_at).slice(0, 16),
    ]),
  )
  const messages = syncs.flatMap(({ run_id, error_message }) =>
    error_message === null ? [] : [wrap(`${run_id}: ${error_message}`, 2)],
  )
  return messages.length === 0 ? table : `${table}\n\n${messages.join('\n')}`
}

const formatStatus = ({ sync_status, is_balanced }: SyncView): string =>
  is_balanced ? sync_status : `${sync_status} (!)`
