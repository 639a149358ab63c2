import type { Command } from 'commander'

/** `leads cleanup`: what the schedule does, now. */
export function registerCleanup(program: Command): void {
  program
    .command('cleanup')
    .description('remove for good what was deleted longer ago than RETENTION_DAYS, and old rejected items')
    .option('-n, --dry-run', 'count what would go; remove nothing')
    .option('--json', 'print one JSON object')
    .action(async (flags: { dryRun?: boolean; json?: boolean }) => {
      const { runCleanup } = await import('../database/run-cleanup.ts')
      await runCleanup(flags)
    })
}
