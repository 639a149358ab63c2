import type { Command } from 'commander'
import type { CleanupFlags } from '../database/run-cleanup.ts'
import { parseDays } from './option-parsers.ts'

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
