import { readConfig } from '@leads/core/config/read-config'
import { noopLog } from '@leads/core/log'
import { loadMapper } from '@leads/core/mapping/load-mapper'
import { type ReplayResult, replayRejections } from '@leads/core/syncs/replay'
import { findSync } from '@leads/core/syncs/sync-state'
import { CommandError } from '../output/errors.ts'
import { formatNumber } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'
import { withDatabase } from '../with-database.ts'
import { resolveActorId } from './resolve-actor-id.ts'

interface ReplayFlags {
  actor?: string
  dryRun?: boolean
  json?: boolean
}

export async function runReplay(run_id: string | undefined, { actor, dryRun, json }: ReplayFlags): Promise<void> {
  const { MAPPINGS_FILE } = readConfig(['sync'])
  const result = await withDatabase((db) =>
    withInterrupt('Items already replayed are saved. Run the same command again to continue.', async (signal) => {
      if (run_id !== undefined && !(await findSync(db, run_id)))
        throw new CommandError('not_found', `There is no sync of run ${run_id}. \`leads syncs list\` lists the syncs.`)
      return replayRejections({
        db,
        map: loadMapper(MAPPINGS_FILE),
        log: noopLog,
        now: () => new Date(),
        ...(run_id === undefined ? {} : { run_id }),
        ...(actor === undefined ? {} : { actor_id: await resolveActorId(db, actor) }),
        is_dry_run: dryRun ?? false,
        // Called between batches, after a commit.
        onProgress: () => signal.throwIfAborted(),
      })
    }),
  )
  if (json) printJson({ ...result, is_dry_run: dryRun ?? false })
  else print(renderReplay(result, dryRun ?? false))
}

export function renderReplay({ tried, resolved, still_rejected }: ReplayResult, isDry: boolean): string {
  if (tried === 0) return 'There are no rejected items to try again.'
  return renderFields([
    ['tried', formatNumber(tried)],
    [isDry ? 'would become leads' : 'became leads', formatNumber(resolved)],
    ['still rejected', formatNumber(still_rejected)],
  ])
}
