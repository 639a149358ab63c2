import type { Command } from 'commander'
import { parseLimit } from './option-parsers.ts'

/** `leads webhook install | status`: the webhook at Apify that tells of finished runs. */
export function registerWebhook(program: Command): void {
  const webhook = program.command('webhook').description('set up the webhook at Apify, and see what it sent')

  webhook
    .command('install')
    .description('make sure that Apify tells about the runs of an Actor; running it again changes nothing')
    .requiredOption('--actor <actor>', 'the Actor: user/name or id')
    .requiredOption('--url <address>', 'where the webhook goes: the public address of POST /webhooks/apify')
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Needs APIFY_TOKEN, and APIFY_WEBHOOK_SECRET as the receiver has it: it is sent
in the Authorization header.

Examples:
  $ leads webhook install --actor compass/crawler-google-places --url https://api.example.com/webhooks/apify`,
    )
    .action(async (flags: { actor: string; url: string; json?: boolean }) => {
      const { runWebhookInstall } = await import('../webhook/run-webhook.ts')
      await runWebhookInstall(flags)
    })

  webhook
    .command('status')
    .description('show webhooks, what they sent last, and what failed; exit code 1 when the last one failed')
    .option('--actor <actor>', 'only of this Actor')
    .option('--limit <rows>', 'how many dispatches of each', parseLimit, 10)
    .option('--json', 'print one JSON array')
    .action(async (flags: { actor?: string; limit: number; json?: boolean }) => {
      const { runWebhookStatus } = await import('../webhook/run-webhook.ts')
      await runWebhookStatus(flags)
    })
}
