import { assertScope, authenticate, type Identity } from '@leads/core/api-keys/authenticate'
import type { Scope } from '@leads/core/api-keys/entity'
import { readConfig } from '@leads/core/config/config'
import type { Database, DatabaseErrorKind } from '@leads/core/database/engine'
import { SchemaError } from '@leads/core/database/schema-error'
import { Problem } from '@leads/core/errors'
import { functionDatabase, openedDatabase } from '../database.ts'
import { runOnce } from './idempotency.ts'

/** What a function with a database brings to the chain; one without it (the documentation) carries none of this. */
export interface Guard {
  database(): Promise<Database>
  /** Whose key this is. @throws Problem unauthorized, insufficient_scope */
  admit(secret: string | null, scope: Scope): Promise<Identity>
  runOnce: typeof runOnce
  /** What an error of the database's driver means. */
  kindOf(error: unknown): DatabaseErrorKind | undefined
}

/** @throws Problem unavailable when it cannot be reached; SchemaError, ConfigError */
async function database(): Promise<Database> {
  const config = readConfig(['database'])
  try {
    return await functionDatabase(config)
  } catch (error) {
    if (error instanceof SchemaError) throw error
    throw new Problem('unavailable', 'The database cannot be reached; try again in a moment.', {
      cause: error,
      headers: { 'retry-after': '2' },
    })
  }
}

export const guard: Guard = {
  database,
  async admit(secret, scope) {
    const identity = await authenticate(await database(), secret)
    assertScope(identity, scope)
    return identity
  },
  runOnce,
  kindOf: (error) => openedDatabase()?.engine.classifyError(error),
}
