import type { ApiKeyView, CreatedApiKey } from '@leads/core/api-keys/api-keys'
import type { Scope } from '@leads/core/model/api-key'
import { withBackend } from '../backend/with-backend.ts'
import { formatTime } from '../output/format.ts'
import { print, printJson, printNote } from '../output/print.ts'
import { renderFields, renderTable } from '../output/table.ts'

export interface CreateKeyFlags {
  scope: Scope[]
  expires?: Date
  json?: boolean
}

export interface RotateKeyFlags {
  grace: number
  expires?: Date
  json?: boolean
}

export async function createKey(name: string, { scope, expires, json }: CreateKeyFlags): Promise<void> {
  const input = { name, scopes: scope, expires_at: expires ?? null }
  printCreatedKey(await withBackend((backend) => backend.createApiKey(input)), json)
}

export async function rotateKey(id: number, { grace, expires, json }: RotateKeyFlags): Promise<void> {
  const input = { grace_s: grace, ...(expires && { expires_at: expires }) }
  const created = await withBackend((backend) => backend.rotateApiKey(id, input))
  printCreatedKey(created, json)
  if (!json)
    printNote(
      `Key ${id} keeps working until ${formatTime(new Date(Date.now() + grace * 1000).toISOString())} UTC at the latest.`,
    )
}

function printCreatedKey({ api_key, secret }: CreatedApiKey, json: boolean | undefined): void {
  if (json) {
    printJson({ api_key, secret })
    return
  }
  // Only the secret goes to standard output: `KEY=$(leads keys create …)`.
  printNote(
    renderFields([
      ['key', api_key.id],
      ['name', api_key.name],
      ['scopes', api_key.scopes.join(', ')],
      ['expires', api_key.expires_at === null ? 'never' : `${formatTime(api_key.expires_at)} UTC`],
      ['use', 'Authorization: Bearer SECRET'],
    ]),
    'The secret is shown only once:',
  )
  print(secret)
}

export async function listKeys({ limit, json }: { limit: number; json?: boolean }): Promise<void> {
  const { data } = await withBackend((backend) => backend.listApiKeys(limit))
  if (json) {
    printJson(data)
    return
  }
  if (data.length === 0) {
    print('There are no API keys. `leads keys create NAME` creates one.')
    return
  }
  print(
    renderTable(
      [
        { head: 'id', align: 'right' as const },
        { head: 'name', shrinks: true },
        { head: 'prefix' },
        { head: 'scopes' },
        { head: 'state' },
        { head: 'last used (UTC)', is_optional: true },
        { head: 'expires (UTC)' },
      ],
      data.map((key) => [
        key.id,
        key.name,
        key.key_prefix,
        key.scopes.join(', '),
        getKeyState(key),
        formatTime(key.last_used_at).slice(0, 16) || 'never',
        formatTime(key.expires_at).slice(0, 16) || 'never',
      ]),
    ),
  )
}

function getKeyState({ revoked_at, expires_at }: ApiKeyView): string {
  if (revoked_at !== null) return 'revoked'
  return expires_at !== null && new Date(expires_at).getTime() <= Date.now() ? 'expired' : 'active'
}

export async function revokeKey(id: number, { json }: { json?: boolean }): Promise<void> {
  const key = await withBackend((backend) => backend.revokeApiKey(id))
  if (json) printJson(key)
  else print(`Key ${id} (${key.name}) is revoked.`)
}
