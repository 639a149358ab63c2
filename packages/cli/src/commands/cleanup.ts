import type { Command } from 'commander'
import type { CleanupFlags } from '../database/run-cleanup.ts'
import { parseDays } from './option-parsers.ts'

/** `leads cleanup`: runs the scheduled cleanup now. */
export function registerCleanup(program: Command): void {
  program
    .command('cleanup')
    .description('permanently remove leads deleted more than RETENTION_DAYS ago, and old rejected items')
    .option('-n, --dry-run', 'count the rows without removing any')
    .option('--older-than <days>', 'use this many days instead of RETENTION_DAYS, e.g. 90d', parseDays)
    .option('--json', 'print one JSON object')
    .action(async (flags: CleanupFlags) => {
      const { runCleanup } = await import('../database/run-cleanup.ts')
      await runCleanup(flags)
    })
}
