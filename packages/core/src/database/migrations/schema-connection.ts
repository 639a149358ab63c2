/** One connection for DDL. Values of `query` are bound to `?` on every engine. */
export interface SchemaConnection {
  /** DDL takes part in transactions: a migration that fails leaves nothing behind. */
  readonly has_transactional_ddl: boolean
  query(sql: string, values?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>
  /** Runs SQL without values; a whole script only where {@link has_transactional_ddl}. */
  run(sql: string): Promise<void>
  /** Returns whether the connected database has a table of this name. */
  hasTable(table: string): Promise<boolean>
  /**
   * Runs `work` while no other migration runs on this database; waits for one that does. Where DDL is transactional,
   * `work` is one transaction: all of it is committed, or nothing.
   * @throws SchemaError `migration_busy` when the wait takes too long
   */
  withMigrationLock<Result>(work: () => Promise<Result>): Promise<Result>
  /** The same for work whose statements commit individually where the engine can. */
  withOnlineLock<Result>(work: () => Promise<Result>): Promise<Result>
  /**
   * Runs one statement of an online migration, which waits only briefly for a lock. Returns how many rows it changed.
   * An index that an earlier attempt left invalid is built again.
   */
  runOnline(sql: string): Promise<number>
  /** Returns whether a statement failed because it waited too long for a lock. */
  isLockTimeout(error: unknown): boolean
  /** Limits how long the sessions of the program may keep the server busy, where the server stores such limits. */
  setSessionDefaults?(): Promise<void>
  close(): Promise<void>
}

/** Seconds that a migration waits for another one: longer than building a large index takes. */
export const MIGRATION_LOCK_WAIT_S = 600

/**
 * Milliseconds that DDL waits for a table that is in use. Every later query waits behind a waiting DDL: with 30 s an open
 * transaction made all imports stand still, and with 2 s inserts waited 1.1 s. It fails instead and is tried again.
 */
export const DDL_LOCK_WAIT_MS = 200

/** Attempts at a statement that could not get its lock: for about 90 s, delays included. */
export const DDL_ATTEMPTS_MAX = 75

/** Between two attempts, so that the queries behind the lock can pass. */
export const DDL_RETRY_DELAY_MS = 1_000
