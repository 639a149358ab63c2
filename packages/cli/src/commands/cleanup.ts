import { type Command, InvalidArgumentError } from 'commander'
import type { CleanupFlags } from '../database/run-cleanup.ts'

/** `leads cleanup`: what the schedule does, now. */
export function registerCleanup(program: Command): void {
  program
    .command('cleanup')
    .description('remove for good what was deleted longer ago than RETENTION_DAYS, and old rejected items')
    .option('-n, --dry-run', 'count what would go; remove nothing')
    .option('--older-than <days>', 'days instead of RETENTION_DAYS, e.g. 90d', parseDays)
    .option('--json', 'print one JSON object')
    .action(async (flags: CleanupFlags) => {
      const { runCleanup } = await import('../database/run-cleanup.ts')
      await runCleanup(flags)
    })
}

function parseDays(text: string): number {
  const days = /^(\d{1,5})d?$/.exec(text)?.[1]
  if (days === undefined) throw new InvalidArgumentError('Write a number of days, e.g. 90d.')
  return Number(days)
}
