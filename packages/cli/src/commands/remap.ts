import type { Command } from 'commander'
import type { RemapFlags } from '../syncs/run-remap.ts'

/** `leads remap`: stored items mapped again. */
export function registerRemap(program: Command): void {
  program
    .command('remap')
    .description("map the stored items of leads again with today's mapping; what people edited stays")
    .option('--actor <id>', 'only of this Actor (its id)')
    .option('--run <id>', 'only of this run')
    .option('-n, --dry-run', 'say what would change; change nothing')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nTries rejected items again, too. It may be stopped at any moment; a second time\nchanges nothing more.',
    )
    .action(async (flags: RemapFlags) => {
      const { runRemap } = await import('../syncs/run-remap.ts')
      await runRemap(flags)
    })
}
