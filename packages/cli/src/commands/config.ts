import type { Command } from 'commander'

/** `leads config`: what is in force, and where it came from. */
export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('show every setting, its value (secrets masked) and where it came from; exit code 78 for a bad one')
    .option('--json', 'print one JSON array')
    .action(async ({ json }: { json?: boolean }) => {
      const { showConfig } = await import('../settings/show-config.ts')
      showConfig(json)
    })
}
