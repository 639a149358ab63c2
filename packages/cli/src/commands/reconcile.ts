import type { Command } from 'commander'
import { parseHours } from './option-parsers.ts'

/** `leads reconcile`: what the schedule does, now. */
export function registerReconcile(program: Command): void {
  program
    .command('reconcile')
    .description('find runs that webhooks or the queue have missed and queue them')
    .option(
      '--lookback <hours>',
      'how far to look back beyond the last time (default: RECONCILE_LOOKBACK_HOURS)',
      parseHours,
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nNeeds APIFY_TOKEN and SYNC_QUEUE_URL. Without a queue:\n  $ leads sync --actor ACTOR --since DATE',
    )
    .action(async (flags: { lookback?: number; json?: boolean }) => {
      const { runReconcile } = await import('../syncs/run-reconcile.ts')
      await runReconcile(flags)
    })
}
