import { type Command, Option } from 'commander'
import type { CreateKeyFlags, RotateKeyFlags } from '../keys/run-keys.ts'
import { parseDuration, parseExpiry, parseId, parseKeyName, parseLimit } from './option-parsers.ts'

/** `leads keys create | list | revoke | rotate`: API keys. */
export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('create, list, revoke and rotate API keys')

  keys
    .command('create')
    .description('create an API key; its secret is shown only once')
    .argument('<name>', 'who uses the key; recorded as the author of changes', parseKeyName)
    .addOption(
      new Option('--scope <scope...>', 'permissions; admin includes write, write includes read')
        .choices(['read', 'write', 'admin'])
        .default(['read']),
    )
    .option('--expires <when>', 'e.g. 90d, 12h or 2027-01-31 (default: never)', parseExpiry)
    .option('--json', 'print one JSON object: api_key and secret')
    .addHelpText('after', '\nExamples:\n  $ leads keys create "crm sync" --scope write --expires 90d')
    .action(async (name: string, flags: CreateKeyFlags) => {
      const { createKey } = await import('../keys/run-keys.ts')
      await createKey(name, flags)
    })

  keys
    .command('list')
    .description('list API keys, newest first, without their secrets')
    .option('--limit <rows>', 'how many to show', parseLimit, 50)
    .option('--json', 'print one JSON array')
    .action(async (flags: { limit: number; json?: boolean }) => {
      const { listKeys } = await import('../keys/run-keys.ts')
      await listKeys(flags)
    })

  keys
    .command('revoke')
    .description('revoke an API key; it stops working immediately')
    .argument('<id>', 'id of the key, as shown by `leads keys list`', parseId)
    .option('--json', 'print the key as JSON')
    .action(async (id: number, flags: { json?: boolean }) => {
      const { revokeKey } = await import('../keys/run-keys.ts')
      await revokeKey(id, flags)
    })

  keys
    .command('rotate')
    .description('create a new key with the same name and scopes; the old key keeps working for a while')
    .argument('<id>', 'id of the key', parseId)
    .option(
      '--expires <when>',
      'when the new key expires, e.g. 90d (default: it lives as long as the old one did)',
      parseExpiry,
    )
    .option('--grace <time>', 'how long the old key keeps working, e.g. 1h or 7d', parseDuration, 24 * 3600)
    .option('--json', 'print one JSON object: api_key and secret')
    .action(async (id: number, flags: RotateKeyFlags) => {
      const { rotateKey } = await import('../keys/run-keys.ts')
      await rotateKey(id, flags)
    })
}
