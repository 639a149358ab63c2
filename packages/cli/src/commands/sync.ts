import type { Command } from 'commander'
import type { SyncFlags } from '../syncs/run-sync.ts'
import { parseDate } from './option-parsers.ts'

/** `leads sync RUN_ID` and `leads sync --actor ID --since DATE`. */
export function registerSync(program: Command): void {
  program
    .command('sync')
    .description('bring Apify runs into the database, here and now')
    .argument('[run-id...]', 'ids of runs')
    .option('--watch', 'follow a run that is still working until it has ended')
    .option('--actor <actor>', 'all runs of this Actor (user/name or id) …')
    .option('--since <date>', '… that were started from this day on, e.g. 2026-01-31', parseDate)
    .option('--queue', 'put the runs into the queue instead; the consumer brings them in')
    .option('--json', 'print one JSON array, an object a run')
    .addHelpText(
      'after',
      `
A run that was brought in before is looked at again, and only what is new is
read. It may be stopped at any moment and goes on where it was. Needs
APIFY_TOKEN.

Examples:
  $ leads sync HG7ML7M8z78YcAPEB --watch
  $ leads sync --actor compass/crawler-google-places --since 2026-01-01`,
    )
    .action(async (run_ids: string[], flags: SyncFlags) => {
      const { runSyncCommand } = await import('../syncs/run-sync.ts')
      await runSyncCommand(run_ids, flags)
    })
}
