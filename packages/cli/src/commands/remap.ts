import type { Command } from 'commander'
import type { RemapFlags } from '../syncs/run-remap.ts'

/** `leads remap`: maps stored items again. */
export function registerRemap(program: Command): void {
  program
    .command('remap')
    .description('map stored items of existing leads again with the current mapping; edited values are kept')
    .option('--actor <id>', 'only leads of this Actor (its id)')
    .option('--run <id>', 'only leads of this run')
    .option('-n, --dry-run', 'show what would change, without changing it')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nAlso replays rejected items. It can be stopped at any time; running it again\nmakes no further changes.',
    )
    .action(async (flags: RemapFlags) => {
      const { runRemap } = await import('../syncs/run-remap.ts')
      await runRemap(flags)
    })
}
