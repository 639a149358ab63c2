import type { Command } from 'commander'
import type { NormalizeFlags } from '../database/run-normalize.ts'

/** `leads normalize`: gives existing rows the spellings of new ones. */
export function registerNormalize(program: Command): void {
  program
    .command('normalize')
    .description('give the values of existing leads and companies the spelling in which new ones are stored')
    .option('-n, --dry-run', 'show what would change, without changing it')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      '\nPhone numbers, addresses, domains, countries and invisible characters.\nIt is not an edit: imports update the columns as before, and edited values\nstay. It can be stopped at any time; running it again continues.',
    )
    .action(async (flags: NormalizeFlags) => {
      const { runNormalize } = await import('../database/run-normalize.ts')
      await runNormalize(flags)
    })
}
