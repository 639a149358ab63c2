import type { Command } from 'commander'

/** `leads config`: lists the settings and where each comes from. */
export function registerConfig(program: Command): void {
  program
    .command('config')
    .description('list every setting with its value (secrets masked) and its origin; exit code 78 if one is invalid')
    .option('--json', 'print one JSON array')
    .action(async ({ json }: { json?: boolean }) => {
      const { showConfig } = await import('../settings/show-config.ts')
      showConfig(json)
    })
}
