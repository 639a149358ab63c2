import { readConfig } from '@leads/core/config/config'
import { silentLog } from '@leads/core/log'
import { loadMapper } from '@leads/core/mapping/load-mapper'
import { readDeadLetters, redriveDeadLetters } from '@leads/core/queue/redrive'
import { type ReplayResult, replayRejections } from '@leads/core/sync/replay'
import { number, plural } from '../output/format.ts'
import { interruptible } from '../output/interrupt.ts'
import { note, print, printJson } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { withDatabase } from '../session.ts'

interface ReplayFlags {
  actor?: string
  dryRun?: boolean
  json?: boolean
}

export async function replay(run_id: string | undefined, { actor, dryRun, json }: ReplayFlags): Promise<void> {
  const { MAPPINGS_FILE } = readConfig(['sync'])
  const result = await withDatabase((db) =>
    interruptible('What was tried so far is saved; run the same command to go on.', (signal) =>
      replayRejections({
        ...{ db, map: loadMapper(MAPPINGS_FILE), log: silentLog, now: () => new Date() },
        ...(run_id === undefined ? {} : { run_id }),
        ...(actor === undefined ? {} : { actor_id: actor }),
        is_dry_run: dryRun ?? false,
        // Between batches, where everything so far is committed.
        onProgress: () => signal.throwIfAborted(),
      }),
    ),
  )
  if (json) printJson({ ...result, is_dry_run: dryRun ?? false })
  else print(renderReplay(result, dryRun ?? false))
}

export function renderReplay({ tried, resolved, still_rejected }: ReplayResult, isDry: boolean): string {
  if (tried === 0) return 'There are no rejected items to try again.'
  return renderFields([
    ['tried', number(tried)],
    [isDry ? 'would become leads' : 'became leads', number(resolved)],
    ['still rejected', number(still_rejected)],
  ])
}

export async function redrive({ dryRun, json }: { dryRun?: boolean; json?: boolean }): Promise<void> {
  const { SYNC_QUEUE_URL } = readConfig(['queue'])
  const letters = await (dryRun ? readDeadLetters(SYNC_QUEUE_URL) : redriveDeadLetters(SYNC_QUEUE_URL))
  if (json) {
    printJson({ waiting: letters.waiting, is_dry_run: dryRun ?? false })
    return
  }
  if (letters.waiting === 0) print('No message has failed too often.')
  else if (dryRun) print(`${plural(letters.waiting, 'message')} in the dead-letter queue.`)
  else print(`Gave ${plural(letters.waiting, 'message')} back to the queue.`)
  if (letters.waiting > 0 && !dryRun) note('Watch with: leads syncs list')
}
