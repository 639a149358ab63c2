import type { Command } from 'commander'
import type { SyncFlags } from '../syncs/run-sync.ts'
import { parseDate } from './option-parsers.ts'

/** `leads sync RUN_ID` and `leads sync --actor ID --since DATE`. */
export function registerSync(program: Command): void {
  program
    .command('sync')
    .description('sync Apify runs now')
    .argument('[run-id...]', 'ids of runs')
    .option('--watch', 'follow a running run until it ends')
    .option('--actor <actor>', 'all runs of this Actor (user/name or id) …')
    .option('--since <date>', '… that started on or after this day, e.g. 2026-01-31', parseDate)
    .option('--queue', 'queue the runs for the consumer instead')
    .option('--json', 'print one JSON array with an object per run')
    .addHelpText(
      'after',
      `
Syncing a run again reads only its new items. The command can be stopped at any
time and resumes where it stopped. Needs APIFY_TOKEN.

Examples:
  $ leads sync HG7ML7M8z78YcAPEB --watch
  $ leads sync --actor compass/crawler-google-places --since 2026-01-01`,
    )
    .action(async (run_ids: string[], flags: SyncFlags) => {
      const { runSyncCommand } = await import('../syncs/run-sync.ts')
      await runSyncCommand(run_ids, flags)
    })
}
