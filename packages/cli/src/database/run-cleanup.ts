import { cleanUp } from '@leads/core/cleanup/clean-up'
import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { formatNumber } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderTable } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'

export interface CleanupFlags {
  dryRun?: boolean
  /** Days, used instead of RETENTION_DAYS. */
  olderThan?: number
  json?: boolean
}

export async function runCleanup({ dryRun, olderThan, json }: CleanupFlags): Promise<void> {
  const { RETENTION_DAYS, REJECTION_RETENTION_DAYS, EVENT_RETENTION_DAYS } = readConfig(['cleanup'])
  const is_dry_run = dryRun ?? false
  const result = await withDatabase((db) =>
    withInterrupt('Rows already removed stay removed. Run the command again to continue.', async (signal) => {
      const removed = await cleanUp({
        db,
        log: noopLog,
        is_dry_run,
        now: () => new Date(),
        retention_days: olderThan ?? RETENTION_DAYS,
        rejection_retention_days: REJECTION_RETENTION_DAYS,
        event_retention_days: EVENT_RETENTION_DAYS,
        remaining_ms: () => (signal.aborted ? 0 : Number.POSITIVE_INFINITY),
      })
      if (!removed.is_finished) signal.throwIfAborted()
      return removed
    }),
  )
  if (json) {
    printJson({ ...result, is_dry_run })
    return
  }
  const rows = Object.entries(result).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  const head = is_dry_run ? 'rows to remove' : 'rows removed'
  print(
    renderTable(
      [{ head: 'table' }, { head, align: 'right' }],
      rows.map(([table, count]) => [table, formatNumber(count)]),
    ),
  )
  if (is_dry_run) printNote('', 'Nothing was removed.')
}
