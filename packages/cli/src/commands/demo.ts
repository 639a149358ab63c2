import type { Command } from 'commander'
import { parsePort } from './option-parsers.ts'

/** `leads demo`: shows the whole flow on this machine with a simulated Apify. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('watch three simulated Actor runs go from webhook to queue to database to API')
    .option('--keep', 'keep the stack running afterwards, until Ctrl-C')
    .option('--port <port>', 'port of the API (default: a free one, or 3000 with --keep)', parsePort)
    .option('--json', 'print one JSON object: the accounting of each run, and with --keep also the address')
    .addHelpText(
      'after',
      `
Uses a fresh .data/demo.db unless DATABASE_URL names another database.

Examples:
  $ npm run demo
  $ npm run demo -- --keep
  $ DATABASE_URL=postgres://user:password@localhost:5432/leads npm run demo`,
    )
    .action(async ({ keep, port, json }: { keep?: boolean; port?: number; json?: boolean }) => {
      const { runDemo } = await import('../demo/demo.ts')
      await runDemo({ is_kept: keep ?? false, is_json: json ?? false, ...(port === undefined ? {} : { port }) })
    })
}
