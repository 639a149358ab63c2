import type { ReplayResult } from '@leads/core/syncs/replay'
import { withBackend } from '../backend/with-backend.ts'
import { formatNumber } from '../output/format.ts'
import { print, printJson } from '../output/print.ts'
import { renderFields } from '../output/table.ts'
import { withInterrupt } from '../output/with-interrupt.ts'

interface ReplayFlags {
  actor?: string
  dryRun?: boolean
  json?: boolean
}

export async function runReplay(run_id: string | undefined, flags: ReplayFlags): Promise<void> {
  const { actor, json } = flags
  const is_dry_run = flags.dryRun ?? false
  const result = await withBackend((backend) =>
    withInterrupt('Items already replayed are saved. Run the same command again to continue.', async (signal) =>
      backend.replay({ run_id, actor, is_dry_run, signal }),
    ),
  )
  if (json) printJson({ ...result, is_dry_run })
  else print(renderReplay(result, is_dry_run))
}

export function renderReplay({ tried, resolved, still_rejected }: ReplayResult, isDry: boolean): string {
  if (tried === 0) return 'There are no rejected items to try again.'
  return renderFields([
    ['tried', formatNumber(tried)],
    [isDry ? 'would become leads' : 'became leads', formatNumber(resolved)],
    ['still rejected', formatNumber(still_rejected)],
  ])
}
