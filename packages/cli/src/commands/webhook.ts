import type { Command } from 'commander'
import { parseLimit } from './option-parsers.ts'

/** `leads webhook install | status`: the webhook at Apify that reports finished runs. */
export function registerWebhook(program: Command): void {
  const webhook = program.command('webhook').description('install the webhook at Apify, and check its deliveries')

  webhook
    .command('install')
    .description('make Apify report the runs of an Actor; running it again changes nothing')
    .requiredOption('--actor <actor>', 'the Actor: user/name or id')
    .requiredOption('--url <address>', 'public URL of POST /webhooks/apify')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Needs APIFY_TOKEN, and the APIFY_WEBHOOK_SECRET of the receiver. Apify sends the
secret in the Authorization header.

Examples:
  $ leads webhook install --actor compass/crawler-google-places --url https://api.example.com/webhooks/apify`,
    )
    .action(async (flags: { actor: string; url: string; json?: boolean }) => {
      const { runWebhookInstall } = await import('../webhook/run-webhook.ts')
      await runWebhookInstall(flags)
    })

  webhook
    .command('status')
    .description('show webhooks and their latest deliveries; exit code 1 if the latest one failed')
    .option('--actor <actor>', 'only webhooks of this Actor')
    .option('--limit <rows>', 'how many deliveries of each to show', parseLimit, 10)
    .option('--json', 'print one JSON array')
    .action(async (flags: { actor?: string; limit: number; json?: boolean }) => {
      const { runWebhookStatus } = await import('../webhook/run-webhook.ts')
      await runWebhookStatus(flags)
    })
}
