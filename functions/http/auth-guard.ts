import { type ApiKeyIdentity, assertScope, authenticate, hasScope } from '@leads/core/api-keys/authenticate'
import { hashSecret } from '@leads/core/api-keys/secret'
import { readConfig } from '@leads/core/config/read-config'
import type { Database, DatabaseErrorKind } from '@leads/core/database/engine'
import { SchemaError } from '@leads/core/database/migrations/schema-error'
import type { Scope } from '@leads/core/model/api-key'
import { Problem } from '@leads/core/problem'
import { findOpenDatabase, getDatabase } from '../runtime/database.ts'
import { runIdempotent } from './idempotency.ts'

/** What a function with a database brings to the chain; one without it (the documentation) carries none of this. */
export interface AuthGuard {
  database(): Promise<Database>
  /** Whose key this is. @throws Problem unauthorized, insufficient_scope */
  authorize(secret: string | null, scope: Scope): Promise<ApiKeyIdentity>
  /**
   * Whose key this was when it was admitted last, if it had the scope. Good for getting an answer ready while `authorize`
   * asks again, and never for giving it.
   */
  findCachedIdentity(secret: string | null, scope: Scope): ApiKeyIdentity | undefined
  runOnce: typeof runIdempotent
  /** What an error of the database's driver means. */
  classifyError(error: unknown): DatabaseErrorKind | undefined
}

/** @throws Problem unavailable when it cannot be reached; SchemaError, ConfigError */
async function database(): Promise<Database> {
  const config = readConfig(['database'])
  try {
    return await getDatabase(config)
  } catch (error) {
    if (error instanceof SchemaError) throw error
    throw new Problem('unavailable', 'The database cannot be reached; try again in a moment.', {
      cause: error,
      headers: { 'retry-after': '2' },
    })
  }
}

const KEYS_MAX = 1000
/** By the hash of the key, as in the database. */
const admitted = new Map<string, ApiKeyIdentity>()

async function authorize(secret: string | null, scope: Scope): Promise<ApiKeyIdentity> {
  const hash = hashSecret(secret ?? '')
  try {
    const identity = await authenticate(await database(), secret)
    if (admitted.size >= KEYS_MAX) admitted.clear()
    admitted.set(hash, identity)
    assertScope(identity, scope)
    return identity
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthorized') admitted.delete(hash)
    throw error
  }
}

export const guard: AuthGuard = {
  database,
  authorize,
  findCachedIdentity(secret, scope) {
    const identity = secret === null ? undefined : admitted.get(hashSecret(secret))
    return identity && hasScope(identity, scope) ? identity : undefined
  },
  runOnce: runIdempotent,
  classifyError: (error) => findOpenDatabase()?.engine.classifyError(error),
}
