import { type Command, InvalidArgumentError } from 'commander'
import type { SyncFlags } from '../syncs/run-sync.ts'

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

export function parseDate(text: string): Date {
  const date = new Date(text)
  const day = /^\d{4}-\d\d-\d\d/.exec(text)?.[0]
  // The last test is for days that there are not, such as 2026-02-31: they would be taken for some in March.
  if (Number.isNaN(date.getTime()) || day === undefined || !new Date(day).toISOString().startsWith(day))
    throw new InvalidArgumentError('Give a date such as 2026-01-31.')
  return date
}
