import { type Command, Option } from 'commander'
import type { CreateKeyFlags, RotateKeyFlags } from '../keys/run-keys.ts'
import { parseDuration, parseExpiry, parseId, parseKeyName, parseLimit } from './option-parsers.ts'

/** `leads keys create | list | revoke | rotate`: keys of the HTTP API. */
export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('make and revoke the API keys of people and programs')

  keys
    .command('create')
    .description('make a key; its secret is shown this once')
    .argument('<name>', 'whose key it is: the actor in audit columns and events', parseKeyName)
    .addOption(
      new Option('--scope <scope...>', 'what it may do; admin includes write, write includes read')
        .choices(['read', 'write', 'admin'])
        .default(['read']),
    )
    .option('--expires <when>', 'e.g. 90d, 12h or 2027-01-31; never by default', parseExpiry)
    .option('--json', 'print one JSON object: api_key and secret')
    .addHelpText('after', '\nExamples:\n  $ leads keys create "crm sync" --scope write --expires 90d')
    .action(async (name: string, flags: CreateKeyFlags) => {
      const { createKey } = await import('../keys/run-keys.ts')
      await createKey(name, flags)
    })

  keys
    .command('list')
    .description('list keys, newest first, without their secrets')
    .option('--limit <rows>', 'how many', parseLimit, 50)
    .option('--json', 'print one JSON array')
    .action(async (flags: { limit: number; json?: boolean }) => {
      const { listKeys } = await import('../keys/run-keys.ts')
      await listKeys(flags)
    })

  keys
    .command('revoke')
    .description('from now on the key opens nothing')
    .argument('<id>', 'number of the key, as `leads keys list` shows it', parseId)
    .option('--json', 'print the key as JSON')
    .action(async (id: number, flags: { json?: boolean }) => {
      const { revokeKey } = await import('../keys/run-keys.ts')
      await revokeKey(id, flags)
    })

  keys
    .command('rotate')
    .description('make a new key with the same name and scopes; the old one goes on working for a while')
    .argument('<id>', 'number of the key', parseId)
    .option('--expires <when>', 'when the new key expires, e.g. 90d; never by default', parseExpiry)
    .option('--grace <time>', 'how long the old key still works, e.g. 1h or 7d', parseDuration, 24 * 3600)
    .option('--json', 'print one JSON object: api_key and secret')
    .action(async (id: number, flags: RotateKeyFlags) => {
      const { rotateKey } = await import('../keys/run-keys.ts')
      await rotateKey(id, flags)
    })
}
