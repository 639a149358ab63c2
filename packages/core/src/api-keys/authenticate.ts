import { type Selectable, sql } from 'kysely'
import { columnList } from '../database/column-list.ts'
import { executeCompiled } from '../database/compile-once.ts'
import type { Db } from '../database/engine.ts'
import { writtenUntilColumn } from '../database/read-replica.ts'
import type { Tables } from '../database/tables.ts'
import type { Scope } from '../model/api-key.ts'
import { Problem } from '../problem.ts'
import { isPlausibleSecret, type PresentedKey } from './secret.ts'

/** The API key of a request. */
export interface ApiKeyIdentity {
  api_key_id: number
  /** The key's name, recorded as the author in audit columns and events. */
  name: string
  scopes: readonly Scope[]
  /** Until when the key may have written, if it was asked for; null if it never has. */
  written_until?: string | null
}

const keyColumns = ['id', 'name', 'scopes', 'expires_at', 'revoked_at', 'last_used_at'] as const
type KeyRow = Pick<Selectable<Tables['api_keys']>, (typeof keyColumns)[number]> & { written_until?: string | null }

export interface AuthenticateOptions {
  /** Also reads until when the key may have written. */
  reads_writes?: boolean
  /** Called instead of {@link recordKeyUse}, where it must not be written yet. */
  onUseDue?: (api_key_id: number) => void
}

/** Minimum time between two updates of `last_used_at`, so that not every read becomes a write. */
const LAST_USED_INTERVAL_MS = 5 * 60_000

/**
 * Returns the owner of a key. Reads the database each time (one lookup in a unique index, 0.3 ms), so that a revoked key
 * stops working immediately in every function.
 * @throws Problem unauthorized; the message does not tell unknown, expired and revoked keys apart
 */
export async function authenticate(
  db: Db,
  presented: PresentedKey | null,
  now = new Date(),
  { reads_writes = false, onUseDue }: AuthenticateOptions = {},
): Promise<ApiKeyIdentity> {
  if (presented === null) throw unauthorized('Send an API key: `Authorization: Bearer lk_…`.')
  if (!isPlausibleSecret(presented.secret)) throw unauthorized('The API key is unknown, expired or revoked.')
  const key = await findKey(db, presented.hash, reads_writes)
  const is_valid = key && key.revoked_at === null && (key.expires_at === null || new Date(key.expires_at) > now)
  if (!is_valid) throw unauthorized('The API key is unknown, expired or revoked.')
  const used_ms = key.last_used_at === null ? 0 : Date.parse(key.last_used_at)
  if (now.getTime() - used_ms > LAST_USED_INTERVAL_MS) {
    if (onUseDue) onUseDue(key.id)
    else await recordKeyUse(db, key.id, now)
  }
  const identity = { api_key_id: key.id, name: key.name, scopes: key.scopes }
  return reads_writes ? { ...identity, written_until: key.written_until ?? null } : identity
}

async function findKey(db: Db, key_hash: string, reads_writes: boolean): Promise<KeyRow | undefined> {
  const { rows } = await executeCompiled<KeyRow>(db, `key ${reads_writes}`, [key_hash], () => {
    const columns = columnList(db, keyColumns)
    const selected = reads_writes ? sql`${columns}, ${writtenUntilColumn}` : columns
    return sql`select ${selected} from api_keys where key_hash = ${key_hash}`
  })
  return rows[0]
}

export async function recordKeyUse(db: Db, api_key_id: number, last_used_at: Date): Promise<void> {
  await db.kysely.updateTable('api_keys').set({ last_used_at }).where('id', '=', api_key_id).execute()
}

function unauthorized(detail: string): Problem {
  return new Problem('unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="leads"' } })
}

/** `admin` includes `write`, `write` includes `read`. */
export function hasScope(identity: ApiKeyIdentity, wanted: Scope): boolean {
  const { scopes } = identity
  if (scopes.includes('admin')) return true
  return wanted === 'read' ? scopes.length > 0 : wanted === 'write' && scopes.includes('write')
}

/** @throws Problem insufficient_scope */
export function assertScope(identity: ApiKeyIdentity, wanted: Scope): void {
  if (hasScope(identity, wanted)) return
  throw new Problem('insufficient_scope', `This needs a key with scope ${wanted}; this key has ${identity.scopes}.`)
}
