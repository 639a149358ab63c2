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
  close(): Promise<void>
}

/** Seconds that a migration waits for another one: longer than building a large index takes. */
export const MIGRATION_LOCK_WAIT_S = 600
