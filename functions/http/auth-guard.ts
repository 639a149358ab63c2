import {
  type ApiKeyIdentity,
  type AuthenticateOptions,
  assertScope,
  authenticate,
  hasScope,
  recordKeyUse,
} from '@leads/core/api-keys/authenticate'
import type { PresentedKey } from '@leads/core/api-keys/secret'
import { readConfig } from '@leads/core/config/read-config'
import { getDatabaseSecret } from '@leads/core/database/database-secret'
import type { Database, DatabaseErrorKind, Db } from '@leads/core/database/engine'
import { SchemaError } from '@leads/core/database/migrations/schema-error'
import { type ReadReplica, WriteStatements } from '@leads/core/database/read-replica'
import { withTransactionCheck } from '@leads/core/database/transaction'
import type { Scope } from '@leads/core/model/api-key'
import { Problem } from '@leads/core/problem'
import { discardStalledConnections, findOpenDatabase, getDatabase } from '../runtime/database.ts'
import { getReplica } from '../runtime/read-replica.ts'
import { runIdempotent } from './idempotency.ts'
import { isSameIdentity } from './same-identity.ts'
import { SharedChecks } from './shared-checks.ts'

export interface CheckedDatabase {
  /** A transaction fails if the key is not valid, or is not as it was any more. */
  db: Db
  /** Returns the owner of the key as it is now. Checks the key if no transaction has. @throws Problem unauthorized, … */
  readIdentity(): Promise<ApiKeyIdentity>
}

/** The part of the request chain that needs a database. The documentation's function has none. */
export interface AuthGuard {
  database(): Promise<Database>
  /** Returns the owner of a key. @throws Problem unauthorized, insufficient_scope */
  authorize(key: PresentedKey | null, scope: Scope): Promise<ApiKeyIdentity>
  /**
   * Returns the owner of a key as of its last authorization, if it had the scope. Use it only to prepare a response while
   * `authorize` checks the key again.
   */
  findCachedIdentity(key: PresentedKey | null, scope: Scope): ApiKeyIdentity | undefined
  /**
   * Returns a database whose transactions check the key of `cached`. Undefined where that is not possible: then the key has
   * to be checked first.
   */
  checkInTransactions(
    key: PresentedKey | null,
    scope: Scope,
    cached: ApiKeyIdentity,
  ): Promise<CheckedDatabase | undefined>
  runOnce: typeof runIdempotent
  /** Returns the read replica; undefined without one. */
  findReplica(db: Database): Promise<ReadReplica | undefined>
  /** Called before a write. Where there is a read replica, the key then reads its own write. */
  stateWrite(db: Database, identity: ApiKeyIdentity): Promise<void>
  /** Returns the secret that signs cursors. */
  loadCursorSecret(db: Db): Promise<string>
  /** Classifies an error of the database's driver. */
  classifyError(error: unknown): DatabaseErrorKind | undefined
  /** Closes the connections that a late request waits for. */
  discardStalledConnections(): void
}

/** @throws Problem unavailable if it cannot be reached; SchemaError, ConfigError */
async function database(): Promise<Database> {
  const config = readConfig(['database'])
  try {
    return await getDatabase(config)
  } catch (error) {
    if (error instanceof SchemaError) throw error
    throw new Problem('unavailable', 'The database cannot be reached. Retry in a moment.', {
      cause: error,
      headers: { 'retry-after': '2' },
    })
  }
}

const hasReplica = (): boolean => readConfig(['read_replica']).DATABASE_READ_URL !== undefined

const writes = new WriteStatements()

const KEYS_MAX = 1000
/** Keyed by the hash of the secret, as in the database. */
const authorized = new Map<string, ApiKeyIdentity>()

/** How long a key that was rejected is rejected without a query. A key that does not exist yet cannot be guessed: its secret is random. */
const REJECTED_MS = 10_000
interface Rejection {
  problem: Problem
  until_ms: number
}
/** By database, since a process may open several in tests, and then keyed as above. */
const rejected = new WeakMap<Database, Map<string, Rejection>>()

/** By database: a process may open several in tests. */
const checks = new WeakMap<Database, SharedChecks<ApiKeyIdentity>>()

function checksOf(db: Database): SharedChecks<ApiKeyIdentity> {
  const shared = checks.get(db) ?? new SharedChecks<ApiKeyIdentity>()
  checks.set(db, shared)
  return shared
}

const authorize = async (key: PresentedKey | null, scope: Scope): Promise<ApiKeyIdentity> =>
  authorizeOn(await database(), key, scope)

/** `trx`: a transaction in which the key is read. */
async function authorizeOn(
  db: Database,
  key: PresentedKey | null,
  scope: Scope,
  { trx = db, ...options }: { trx?: Db } & Pick<AuthenticateOptions, 'onUseDue'> = {},
): Promise<ApiKeyIdentity> {
  const { hash = '' } = key ?? {}
  const rejection = rejected.get(db)?.get(hash)
  if (rejection && rejection.until_ms > Date.now()) throw rejection.problem
  try {
    // The request's own read follows it.
    const source = trx === db ? (db.leading ?? db) : trx
    const check = () => authenticate(source, key, new Date(), { reads_writes: hasReplica(), ...options })
    const identity = await (trx === db ? checksOf(db).run(hash, check) : check())
    if (authorized.size >= KEYS_MAX) authorized.clear()
    authorized.set(hash, identity)
    assertScope(identity, scope)
    return identity
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthorized') {
      authorized.delete(hash)
      rememberRejection(db, hash, error)
    }
    throw error
  }
}

async function checkInTransactions(
  key: PresentedKey | null,
  scope: Scope,
  cached: ApiKeyIdentity,
): Promise<CheckedDatabase | undefined> {
  const db = await database()
  if (hasReplica() && !writes.isStated(db, cached.api_key_id)) return undefined
  let identity: ApiKeyIdentity | undefined
  let used: number | undefined
  const onUseDue = (api_key_id: number): void => {
    used = api_key_id
  }
  const checked = withTransactionCheck(db, async (trx) => {
    identity = await authorizeOn(db, key, scope, { trx, onUseDue })
    if (!isSameIdentity(identity, cached)) throw new Error('The API key has been changed.')
  })
  if (!checked) return undefined
  return {
    db: checked,
    async readIdentity() {
      if (!identity) return authorizeOn(db, key, scope)
      // Not in the transaction, where it would keep other requests with the key waiting.
      if (used !== undefined) await recordKeyUse(db, used, new Date())
      return identity
    },
  }
}

function rememberRejection(db: Database, hash: string, problem: Problem): void {
  const rejections = rejected.get(db) ?? new Map<string, Rejection>()
  if (rejections.size >= KEYS_MAX) rejections.clear()
  rejections.set(hash, { problem, until_ms: Date.now() + REJECTED_MS })
  rejected.set(db, rejections)
}

/** By database: a process may open several in tests. */
const cursorSecrets = new WeakMap<Db, Promise<string>>()

/** Returns the secret that signs cursors: CURSOR_SECRET, or a random one that the database stores. */
function loadCursorSecret(db: Db): Promise<string> {
  const { CURSOR_SECRET } = readConfig(['api'])
  if (CURSOR_SECRET !== undefined) return Promise.resolve(CURSOR_SECRET)
  const loading = cursorSecrets.get(db) ?? getDatabaseSecret(db, 'cursor')
  cursorSecrets.set(db, loading)
  // A failure is not cached: the next request tries again.
  loading.catch(() => cursorSecrets.delete(db))
  return loading
}

export const guard: AuthGuard = {
  database,
  authorize,
  findCachedIdentity(key, scope) {
    const identity = key === null ? undefined : authorized.get(key.hash)
    return identity && hasScope(identity, scope) ? identity : undefined
  },
  checkInTransactions,
  runOnce: runIdempotent,
  findReplica: (db) => getReplica(db, readConfig(['database', 'read_replica'])),
  async stateWrite(db, identity) {
    if (hasReplica()) await writes.state(db, identity.api_key_id)
  },
  loadCursorSecret,
  classifyError: (error) => findOpenDatabase()?.engine.classifyError(error),
  discardStalledConnections,
}
