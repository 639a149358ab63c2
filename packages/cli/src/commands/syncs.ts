import { type Command, Option } from 'commander'
import type { ListSyncsFlags } from '../syncs/show-syncs.ts'
import { parseLimit } from './option-parsers.ts'

/** `leads syncs list | show | replay | redrive`. */
export function registerSyncs(program: Command): void {
  const syncs = program.command('syncs').description('list syncs of Apify runs, and retry failed ones')

  syncs
    .command('list')
    .description('list syncs, newest first, with their accounting: read = new + known + rejected')
    .addOption(
      new Option('--status <status>', 'only syncs with this status').choices([
        'pending',
        'syncing',
        'completed',
        'failed',
      ]),
    )
    .option('--actor <actor>', 'only syncs of this Actor (user/name or id)')
    .option('--limit <rows>', 'how many to show', parseLimit, 20)
    .option('--json', 'print one JSON object: data and next_cursor')
    .action(async (flags: ListSyncsFlags) => {
      const { runListSyncs } = await import('../syncs/show-syncs.ts')
      await runListSyncs(flags)
    })

  syncs
    .command('show')
    .description('show one sync and its rejected items')
    .argument('<run-id>', 'id of the run')
    .option('--limit <rows>', 'how many rejected items to show', parseLimit, 20)
    .option('--json', 'print one JSON object')
    .action(async (run_id: string, flags: { limit: number; json?: boolean }) => {
      const { showSync } = await import('../syncs/show-syncs.ts')
      await showSync(run_id, flags)
    })

  syncs
    .command('replay')
    .description('map stored rejections again with the current mapping')
    .argument('[run-id]', 'only rejections of this run')
    .option('--actor <actor>', 'only syncs of this Actor (user/name or id)')
    .option('-n, --dry-run', 'show the outcome without changing anything')
    .option('--json', 'print one JSON object')
    .action(async (run_id: string | undefined, flags: { actor?: string; dryRun?: boolean; json?: boolean }) => {
      const { runReplay } = await import('../syncs/run-replay.ts')
      await runReplay(run_id, flags)
    })

  syncs
    .command('redrive')
    .description('queue dead-lettered syncs again: the given runs, or all')
    .argument('[run-id...]', 'ids of runs')
    .option('-n, --dry-run', 'only list them')
    .option('--json', 'print one JSON object')
    .action(async (run_ids: string[], flags: { dryRun?: boolean; json?: boolean }) => {
      const { runRedrive } = await import('../syncs/run-redrive.ts')
      await runRedrive(run_ids, flags)
    })
}
