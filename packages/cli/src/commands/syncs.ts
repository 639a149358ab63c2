import { type Command, Option } from 'commander'
import type { ListSyncsFlags } from '../syncs/show-syncs.ts'
import { parseLimit } from './option-parsers.ts'

/** `leads syncs list | show | replay | redrive`. */
export function registerSyncs(program: Command): void {
  const syncs = program.command('syncs').description('see what became of Apify runs, and try again what failed')

  syncs
    .command('list')
    .description('list syncs, newest first, with their accounting: read = new + known + rejected')
    .addOption(new Option('--status <status>', 'only these').choices(['pending', 'syncing', 'completed', 'failed']))
    .option('--actor <actor>', 'only of this Actor (user/name or id)')
    .option('--limit <rows>', 'how many', parseLimit, 20)
    .option('--json', 'print one JSON object: data and next_cursor')
    .action(async (flags: ListSyncsFlags) => {
      const { runListSyncs } = await import('../syncs/show-syncs.ts')
      await runListSyncs(flags)
    })

  syncs
    .command('show')
    .description('show one sync and the items that became no lead')
    .argument('<run-id>', 'id of the run')
    .option('--limit <rows>', 'how many rejected items', parseLimit, 20)
    .option('--json', 'print one JSON object')
    .action(async (run_id: string, flags: { limit: number; json?: boolean }) => {
      const { showSync } = await import('../syncs/show-syncs.ts')
      await showSync(run_id, flags)
    })

  syncs
    .command('replay')
    .description("try rejected items again with today's mapping")
    .argument('[run-id]', 'only of this run')
    .option('--actor <actor>', 'only of this Actor (user/name or id)')
    .option('-n, --dry-run', 'say what would come of it; change nothing')
    .option('--json', 'print one JSON object')
    .action(async (run_id: string | undefined, flags: { actor?: string; dryRun?: boolean; json?: boolean }) => {
      const { runReplay } = await import('../syncs/run-replay.ts')
      await runReplay(run_id, flags)
    })

  syncs
    .command('redrive')
    .description('queue given-up syncs again: the runs named, or all whose messages failed on every attempt')
    .argument('[run-id...]', 'ids of runs')
    .option('-n, --dry-run', 'only name them')
    .option('--json', 'print one JSON object')
    .action(async (run_ids: string[], flags: { dryRun?: boolean; json?: boolean }) => {
      const { runRedrive } = await import('../syncs/run-redrive.ts')
      await runRedrive(run_ids, flags)
    })
}
