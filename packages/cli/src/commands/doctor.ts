import type { Command } from 'commander'

/** `leads doctor`: checks everything that the product depends on. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, database, schema, queue, Apify and clock, and show how to fix problems')
    .option('--json', 'print one JSON array')
    .action(async ({ json }: { json?: boolean }) => {
      const { runDoctor } = await import('../settings/run-doctor.ts')
      await runDoctor(json)
    })
}
