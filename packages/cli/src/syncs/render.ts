import type { SyncView } from '@leads/core/syncs/list'
import { number, time } from '../output/format.ts'
import { renderTable } from '../output/table.ts'

/** One line a run: read = new + there before + rejected. */
export function renderAccount(syncs: readonly SyncView[]): string {
  const right = { align: 'right' } as const
  return renderTable(
    [
      ...[
        { head: 'run', is_whole: true },
        { head: 'Actor', shrinks: true },
        { head: 'status' },
        { head: 'read', ...right },
      ],
      ...[
        { head: 'new', ...right },
        { head: 'known', ...right },
        { head: 'rejected', ...right },
      ],
      ...[{ head: 'last (UTC)' }, { head: 'message', shrinks: true }],
    ],
    syncs.map((sync) => [
      ...[sync.run_id, sync.actor_name ?? sync.actor_id, statusOf(sync), number(sync.total_records)],
      ...[number(sync.synced_records), number(sync.duplicate_records), number(sync.failed_records)],
      ...[time(sync.last_sync_at).slice(0, 16), sync.error_message],
    ]),
  )
}

const statusOf = ({ sync_status, is_balanced }: SyncView): string => (is_balanced ? sync_status : `${sync_status} (!)`)
