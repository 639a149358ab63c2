import { parseEngineName } from '../engine-names.ts'

/** One connection for DDL. Values of `query` are bound to `?` on every engine. */
export interface SchemaConnection {
  /** DDL takes part in transactions: a migration that fails leaves nothing behind. */
  readonly has_transactional_ddl: boolean
  query(sql: string, values?: readonly (string | number | null)[]): Promise<Record<string, unknown>[]>
  /** Runs SQL without values; a whole script only where {@link has_transactional_ddl}. */
  run(sql: string): Promise<void>
  /** Whether a table of this name stands in the database that the connection is in. */
  hasTable(table: string): Promise<boolean>
  /**
   * Runs `work` while no other migrator works on this database, waiting for one that does. Where DDL is
   * transactional it is one transaction: all of it, or, when `work` throws, none.
   * Throws {@link SchemaError} `migration_busy` when the other takes too long.
   */
  withMigrationLock<Result>(work: () => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

/** How long a migrator waits for another one before it gives up, in seconds: longer than a large index takes. */
export const MIGRATION_LOCK_WAIT_S = 600

/**
 * Opens a connection of its own, apart from any pool: migrations hold locks, and may come before the first table.
 * As in open.ts, the build of a function names its engine, and the others' drivers stay out of it.
 */
export async function openSchemaConnection(database_url: string): Promise<SchemaConnection> {
  const engine = parseEngineName(database_url)
  if (engine === 'postgres' && (process.env.BUNDLED_ENGINE ?? 'postgres') === 'postgres')
    return (await import('../postgres/schema-connection.ts')).openPostgresSchema(database_url)
  if (engine === 'mysql' && (process.env.BUNDLED_ENGINE ?? 'mysql') === 'mysql')
    return (await import('../mysql/schema-connection.ts')).openMysqlSchema(database_url)
  if (engine === 'sqlite' && (process.env.BUNDLED_ENGINE ?? 'sqlite') === 'sqlite')
    return (await import('../sqlite/schema-connection.ts')).openSqliteSchema(database_url)
  throw new Error(
    `DATABASE_URL names ${engine}, but this function was built for ${process.env.BUNDLED_ENGINE}: ` +
      'deploy it again with this DATABASE_URL.',
  )
}
