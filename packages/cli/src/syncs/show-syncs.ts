import type { SyncStatus } from '@leads/core/model/sync'
import { getSync, listSyncs } from '@leads/core/syncs/list-syncs'
import { listSyncRejections } from '@leads/core/syncs/sync-rejections'
import { findSync } from '@leads/core/syncs/sync-state'
import { CURSOR_SECRET } from '../leads/cursor.ts'
import { CommandError } from '../output/errors.ts'
import { formatNumber, formatTime } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { withDatabase } from '../with-database.ts'
import { renderSyncTable } from './render.ts'
import { resolveActorId } from './resolve-actor-id.ts'

export interface ListSyncsFlags {
  status?: SyncStatus
  actor?: string
  limit: number
  json?: boolean
}

export async function runListSyncs({ status, actor, limit, json }: ListSyncsFlags): Promise<void> {
  const answer = await withDatabase(async (db) => {
    const filters = { sync_status: status, actor_id: await resolveActorId(db, actor) }
    return listSyncs(db, { filters, limit, cursor_secret: CURSOR_SECRET })
  })
  if (json) {
    printJson(answer)
    return
  }
  if (answer.data.length === 0) {
    print(
      status !== undefined || actor !== undefined
        ? 'No sync matches.'
        : 'There are no syncs yet. `leads sync RUN_ID` syncs a run; `leads webhook install` makes it automatic.',
    )
    return
  }
  print(renderSyncTable(answer.data))
  if (answer.next_cursor !== null) printNote('', `The newest ${limit} are shown; --limit shows more.`)
}

export async function showSync(run_id: string, { limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const { sync, rejections, more_rejections } = await withDatabase(async (db) => {
    if (!(await findSync(db, run_id)))
      throw new CommandError('not_found', `There is no sync of run ${run_id}. \`leads sync ${run_id}\` syncs it.`)
    const { data, next_cursor } = await listSyncRejections(db, run_id, { limit, cursor_secret: CURSOR_SECRET })
    return { sync: await getSync(db, run_id), rejections: data, more_rejections: next_cursor !== null }
  })
  if (json) {
    printJson({ ...sync, rejections })
    return
  }
  print(
    renderFields(
      [
        ['run', sync.run_id],
        ['Actor', sync.actor_name ?? sync.actor_id],
        ['run status', sync.run_status],
        ['sync status', sync.sync_status],
        ['read', formatNumber(sync.total_records)],
        ['new', formatNumber(sync.synced_records)],
        ['known', formatNumber(sync.duplicate_records)],
        ['rejected', formatNumber(sync.failed_records)],
        ['accounted for', sync.is_balanced ? 'yes: read = new + known + rejected' : 'NO'],
        ['run started (UTC)', formatTime(sync.started_at)],
        ['run ended (UTC)', formatTime(sync.finished_at)],
        ['last sync (UTC)', formatTime(sync.last_sync_at)],
        ['next attempt (UTC)', formatTime(sync.next_sync_at)],
        ['cost (USD)', sync.cost_usd],
        ['message', sync.error_message],
        ...listWarnings(sync.metadata).map((warning): [string, string] => ['warning', warning]),
      ].filter((field): field is [string, string] => field[1] !== null && field[1] !== ''),
    ),
  )
  if (sync.sync_status === 'failed') printNote('', `After fixing the cause, run \`leads sync ${run_id}\`.`)
  if (rejections.length === 0) return
  print(
    '',
    renderTable(
      [{ head: 'item', align: 'right' }, { head: 'resolved (UTC)' }, { head: 'reason', shrinks: true }],
      rejections.map(({ item_offset, reason, resolved_at }) => [item_offset, formatTime(resolved_at) || 'no', reason]),
    ),
  )
  const more = more_rejections
    ? `The first ${limit} of ${formatNumber(sync.failed_records)} are shown; --limit shows more. `
    : ''
  printNote('', `${more}After the mapping is improved, \`leads syncs replay ${run_id}\` maps them again.`)
}

/** Warnings of the sync about fill rates far below those of the Actor's earlier runs. */
function listWarnings(metadata: Record<string, unknown> | null): string[] {
  const warnings = (metadata?.warnings ?? []) as { message: string }[]
  return warnings.map(({ message }) => message)
}
