import type { Db } from '../database/engine.ts'
import { insertReturningId } from '../database/insert-returning.ts'
import { selectForUpdate } from '../database/lock.ts'
import { copyStatedWrites } from '../database/read-replica.ts'
import { withTransaction } from '../database/transaction.ts'
import type { ListDefinition } from '../lists/definition.ts'
import { type ListInput, type ListResult, listRows } from '../lists/list-page.ts'
import { ApiKey, type Scope } from '../model/api-key.ts'
import { lazily } from '../model/lazily.ts'
import { Problem } from '../problem.ts'
import { generateSecret, hashSecret, toSecretPrefix } from './secret.ts'

/** A key without its hash. */
export const ApiKeyView = lazily(() => ApiKey().omit({ key_hash: true }).meta({ id: 'ApiKey' }))
export type ApiKeyView = Omit<ApiKey, 'key_hash'>

const viewColumns = ApiKey.columns.filter((column) => column !== 'key_hash')

export interface NewApiKey {
  name: string
  scopes: readonly Scope[]
  expires_at?: Date | null
}

/** A key and its secret, which is shown only once. */
export interface CreatedApiKey {
  api_key: ApiKeyView
  secret: string
}

/** Authors that are not keys. A key with such a name would imitate them in histories. */
const RESERVED_NAMES = new Set([
  'sync',
  'apify-sync',
  'remap',
  'normalize',
  'reconcile',
  'cleanup',
  'auto-merge',
  'system',
  'anonymous',
])

/** The command line and imports write `cli:USER` and `import:FILE`. */
const RESERVED_PREFIX = /^(cli|import|console|api|job)\s*:/

/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'аa',
    'еe',
    'оo',
    'рp',
    'сc',
    'уy',
    'хx',
    'іi',
    'ѕs',
    'јj',
    'һh',
    'ԁd',
    'ӏl',
    'кk',
    'мm',
    'тt',
    'пn',
    'αa',
    'οo',
    'ρp',
    'υu',
    'ιi',
    'νv',
    'τt',
  ].map(([letter = '', latin = '']) => [letter, latin]),
)

/** The name as a reader sees it: without accents, in lower case, with the Latin letters that others look like. */
const toPlainLetters = (name: string): string =>
  [...name.normalize('NFKD').toLowerCase()]
    .filter((letter) => !/\p{M}/u.test(letter))
    .map((letter) => LOOKALIKES[letter] ?? letter)
    .join('')
    .trim()

/** @throws Problem validation_failed for a name of the service, or one with control characters */
function assertKeyName(name: string): void {
  const plain = toPlainLetters(name)
  const detail =
    RESERVED_NAMES.has(plain) || RESERVED_PREFIX.test(plain)
      ? 'This name is reserved for the service.'
      : /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(name)
        ? null
        : 'A name without control characters.'
  if (detail !== null) throw new Problem('validation_failed', detail, { errors: [{ pointer: '/name', detail }] })
}

/** Creates a key. @throws Problem validation_failed */
export async function createApiKey(db: Db, input: NewApiKey, by: string): Promise<CreatedApiKey> {
  assertKeyName(input.name)
  return insertNewKey(db, input, by)
}

async function insertNewKey(db: Db, input: NewApiKey, by: string): Promise<CreatedApiKey> {
  const secret = generateSecret()
  const id = await insertApiKey(db, { ...input, secret }, by)
  return { api_key: await getApiKey(db, id), secret }
}

/**
 * Creates this key if it is unknown, e.g. the local stack's LEADS_API_KEY. An existing key stays as it is: a revoked one
 * must not work again after a restart.
 */
export async function ensureApiKey(
  db: Db,
  input: { name: string; key: string; scopes: readonly Scope[] },
): Promise<ApiKeyView> {
  const find = () =>
    db.kysely.selectFrom('api_keys').select('id').where('key_hash', '=', hashSecret(input.key)).executeTakeFirst()
  const existing = await find()
  if (existing) return getApiKey(db, existing.id)
  try {
    return await getApiKey(db, await insertApiKey(db, { ...input, secret: input.key }, input.name))
  } catch (error) {
    // Another process of the same stack has created it concurrently.
    const created = db.engine.classifyError(error) === 'unique' ? await find() : undefined
    if (!created) throw error
    return getApiKey(db, created.id)
  }
}

async function insertApiKey(db: Db, input: NewApiKey & { secret: string }, by: string): Promise<number> {
  const now = new Date()
  return insertReturningId(db, 'api_keys', {
    name: input.name.normalize('NFC'),
    key_prefix: toSecretPrefix(input.secret),
    key_hash: hashSecret(input.secret),
    scopes: [...new Set(input.scopes)],
    expires_at: input.expires_at ?? null,
    created_at: now,
    updated_at: now,
    created_by: by,
    updated_by: by,
  })
}

/** @throws Problem not_found */
export async function getApiKey(db: Db, id: number): Promise<ApiKeyView> {
  const key = await db.kysely.selectFrom('api_keys').select(viewColumns).where('id', '=', id).executeTakeFirst()
  if (!key) throw new Problem('not_found', `API key ${id} does not exist.`)
  return key
}

export const apiKeyListDefinition: ListDefinition = {
  table: 'api_keys',
  filters: { name: 'text' },
  sorts: { id: { kind: 'integer' } },
  default_sort: '-id',
  has_soft_delete: false,
  has_search: false,
}

export function listApiKeys(db: Db, input: ListInput): Promise<ListResult<ApiKeyView>> {
  return listRows<ApiKeyView>(db, apiKeyListDefinition, viewColumns, input)
}

/** Revokes a key; it stops working immediately. Repeated calls change nothing. @throws Problem not_found */
export async function revokeApiKey(db: Db, id: number, by: string): Promise<ApiKeyView> {
  const key = await getApiKey(db, id)
  if (key.revoked_at !== null) return key
  const now = new Date()
  await db.kysely
    .updateTable('api_keys')
    .set({ revoked_at: now, updated_at: now, updated_by: by })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
  return getApiKey(db, id)
}

/**
 * Creates a key with the name, scopes and lifetime of an old one. The old key keeps working for `grace_s` seconds, so that
 * clients can switch without a break.
 * @throws Problem not_found; conflict if the old key is revoked, expired or already rotated
 */
export async function rotateApiKey(
  db: Db,
  id: number,
  input: { grace_s: number; expires_at?: Date | null | undefined },
  by: string,
): Promise<CreatedApiKey> {
  return withTransaction(db, async (trx) => {
    const select = trx.kysely.selectFrom('api_keys').select(viewColumns).where('id', '=', id)
    const [old] = await selectForUpdate(trx, select)
    if (!old) throw new Problem('not_found', `API key ${id} does not exist.`)
    const now = new Date()
    assertRotatable(old, now)
    const ends = new Date(now.getTime() + input.grace_s * 1000)
    const expires_at = old.expires_at !== null && new Date(old.expires_at) < ends ? new Date(old.expires_at) : ends
    await trx.kysely
      .updateTable('api_keys')
      .set({ expires_at, rotated_at: now, updated_at: now, updated_by: by })
      .where('id', '=', id)
      .execute()
    const renewed = input.expires_at === undefined ? toRenewedExpiry(old, now) : input.expires_at
    const created = await insertNewKey(trx, { name: old.name, scopes: old.scopes, expires_at: renewed }, by)
    await copyStatedWrites(trx, old.id, created.api_key.id)
    return created
  })
}

/** A key that was valid for 90 days is replaced by one that is. */
const toRenewedExpiry = ({ expires_at, created_at }: ApiKeyView, now: Date): Date | null =>
  expires_at === null ? null : new Date(now.getTime() + Date.parse(expires_at) - Date.parse(created_at))

/** @throws Problem conflict */
function assertRotatable({ id, revoked_at, expires_at, rotated_at }: ApiKeyView, now: Date): void {
  const state =
    revoked_at !== null
      ? 'is revoked'
      : rotated_at !== null
        ? 'was already rotated'
        : expires_at !== null && new Date(expires_at) <= now
          ? 'has expired'
          : null
  if (state !== null) throw new Problem('conflict', `API key ${id} ${state}. Create a new one instead.`)
}
