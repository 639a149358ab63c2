import type { Command } from 'commander'

/** `leads doctor`: everything that the product depends on, looked at. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check configuration, database, schema, queue, Apify and clock, and say how to mend what is wrong')
    .option('--json', 'print one JSON array')
    .action(async ({ json }: { json?: boolean }) => {
      const { runDoctor } = await import('../settings/run-doctor.ts')
      await runDoctor(json)
    })
}
