import type { SyncStatus } from '@leads/core/model/sync'
import { getMatchCounts } from '@leads/core/syncs/sync-matches'
import { getUnreadCounts } from '@leads/core/syncs/unread-values'
import { withBackend } from '../backend/with-backend.ts'
import { formatNumber, formatTime } from '../output/format.ts'
import { renderCandidates, renderMatchCounts } from '../output/match-lines.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'
import { renderSyncTable } from './render.ts'

export interface ListSyncsFlags {
  status?: SyncStatus
  actor?: string
  limit: number
  json?: boolean
}

export async function runListSyncs({ status, actor, limit, json }: ListSyncsFlags): Promise<void> {
  const answer = await withBackend((backend) => backend.listSyncs({ sync_status: status, actor, limit }))
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
  const { sync, rejections, more_rejections } = await withBackend(async (backend) => {
    const sync = await backend.getSync(run_id)
    const { data, next_cursor } = await backend.listSyncRejections(run_id, limit)
    return { sync, rejections: data, more_rejections: next_cursor !== null }
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
        ...renderMatchCounts(getMatchCounts(sync)),
        ...renderCandidates(sync.candidate_pairs),
        ['accounted for', sync.is_balanced ? 'yes: read = new + known + rejected' : 'NO'],
        ['run started (UTC)', formatTime(sync.started_at)],
        ['run ended (UTC)', formatTime(sync.finished_at)],
        ['last sync (UTC)', formatTime(sync.last_sync_at)],
        ['next attempt (UTC)', formatTime(sync.next_sync_at)],
        ['cost (USD)', sync.cost_usd],
        ['message', sync.error_message],
        ...listWarnings(sync.metadata).map((warning): [string, string] => ['warning', warning]),
        ...listUnread(sync.metadata).map((line): [string, string] => ['not read', line]),
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

/** Values that no column could take, by column. Their leads were imported without them. */
function listUnread(metadata: Record<string, unknown> | null): string[] {
  return Object.entries(getUnreadCounts({ metadata })).map(
    ([column, { count, examples }]) =>
      `${formatNumber(count)} for ${column}, e.g. ${examples.map((example) => `"${example}"`).join(', ')} (kept in raw_data)`,
  )
}
