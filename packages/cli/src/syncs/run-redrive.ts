import { readConfig } from '@leads/core/config/read-config'
import { getDeadLetterQueue, redriveDeadLetterQueue } from '@leads/core/queue/dead-letter-queue'
import { createSyncQueue } from '@leads/core/queue/sync-queue'
import { findDeadLettered } from '@leads/core/syncs/dead-lettered-syncs'
import { findApiTarget } from '../backend/api-target.ts'
import { withBackend } from '../backend/with-backend.ts'
import { pluralize } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { withDatabase } from '../with-database.ts'

/**
 * Queues dead-lettered runs again. They are recorded in the database: the consumer of the dead-letter queue marks their
 * syncs and deletes the messages. Messages that are still in that queue are moved back as well.
 */
export async function runRedrive(
  run_ids: readonly string[],
  flags: { dryRun?: boolean; json?: boolean },
): Promise<void> {
  const is_dry_run = flags.dryRun ?? false
  const isMoved = !is_dry_run && run_ids.length === 0
  const { queued, waiting } = findApiTarget()
    ? await redriveOverApi(run_ids, is_dry_run)
    : await redriveQueue(run_ids, is_dry_run, isMoved)
  if (flags.json) {
    printJson({ run_ids: queued, dead_letters: waiting, is_dry_run })
    return
  }
  if (queued.length === 0 && waiting === 0) {
    print('There are no dead-lettered syncs.')
    return
  }
  if (queued.length > 0) print(`${is_dry_run ? 'Would queue' : 'Queued'} ${pluralize(queued.length, 'run')} again:`)
  for (const run_id of queued) print(`  ${run_id}`)
  if (waiting > 0)
    print(
      isMoved
        ? `Moved ${pluralize(waiting, 'message')} back from the dead-letter queue.`
        : `The dead-letter queue contains ${pluralize(waiting, 'message')}; \`leads syncs redrive\` without ids moves them back.`,
    )
  if (!is_dry_run) printNote('Follow progress with `leads syncs list`.')
}

interface Redriven {
  queued: readonly string[]
  /** Messages in the dead-letter queue. */
  waiting: number
}

async function redriveQueue(run_ids: readonly string[], is_dry_run: boolean, isMoved: boolean): Promise<Redriven> {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  const queued = run_ids.length > 0 ? run_ids : await withDatabase(findDeadLettered)
  const { waiting } = await (isMoved ? redriveDeadLetterQueue : getDeadLetterQueue)(SYNC_QUEUE_URL)
  if (!is_dry_run && queued.length > 0) await createSyncQueue(SYNC_QUEUE_URL).send(queued)
  return { queued, waiting }
}

/** The API does not show the dead-letter queue: its consumer has marked the syncs. */
async function redriveOverApi(run_ids: readonly string[], is_dry_run: boolean): Promise<Redriven> {
  return withBackend(async (backend) => {
    const queued = run_ids.length > 0 ? run_ids : await backend.findDeadLettered()
    if (!is_dry_run) await backend.queueRuns(queued)
    return { queued, waiting: 0 }
  })
}
