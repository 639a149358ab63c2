import { readConfig } from '@leads/core/config/read-config'
import { getDeadLetterQueue, redriveDeadLetterQueue } from '@leads/core/queue/dead-letter-queue'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { findDeadLettered } from '@leads/core/syncs/dead-lettered-syncs'
import { pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { withDatabase } from '../with-database.ts'

/**
 * Queues given-up runs again. The database knows them: the consumer of the dead-letter queue has marked their syncs and
 * taken the messages out. What still sits there (that consumer was away, too) is moved back as well.
 */
export async function runRedrive(
  run_ids: readonly string[],
  flags: { dryRun?: boolean; json?: boolean },
): Promise<void> {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  const is_dry_run = flags.dryRun ?? false
  const queued = run_ids.length > 0 ? run_ids : await withDatabase(findDeadLettered)
  const isMoved = !is_dry_run && run_ids.length === 0
  const { waiting } = await (isMoved ? redriveDeadLetterQueue : getDeadLetterQueue)(SYNC_QUEUE_URL)
  if (!is_dry_run && queued.length > 0) await createSyncQueue(SYNC_QUEUE_URL).send(queued)
  if (flags.json) {
    printJson({ run_ids: queued, dead_letters: waiting, is_dry_run })
    return
  }
  if (queued.length === 0 && waiting === 0) {
    print('No sync was given up.')
    return
  }
  if (queued.length > 0) print(`${is_dry_run ? 'Would queue' : 'Queued'} ${pluralize(queued.length, 'run')} again:`)
  for (const run_id of queued) print(`  ${run_id}`)
  if (waiting > 0)
    print(
      isMoved
        ? `Moved ${pluralize(waiting, 'message')} back from the dead-letter queue.`
        : `The dead-letter queue holds ${pluralize(waiting, 'message')}; \`leads syncs redrive\` without ids moves them back.`,
    )
  if (!is_dry_run) printNote('Watch with: leads syncs list')
}
