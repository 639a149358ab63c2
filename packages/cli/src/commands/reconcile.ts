import type { Command } from 'commander'
import { parseHours } from './option-parsers.ts'

/** `leads reconcile`: runs the scheduled reconciliation now. */
export function registerReconcile(program: Command): void {
  program
    .command('reconcile')
    .description('find runs that webhooks or the queue missed, and queue them')
    .option(
      '--lookback <hours>',
      'hours to look back before the previous reconciliation (default: RECONCILE_LOOKBACK_HOURS)',
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
