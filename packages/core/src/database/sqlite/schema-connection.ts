import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { createMissingPrivateFile } from '../../private-files.ts'
import { MIGRATION_LOCK_WAIT_S, type SchemaConnection } from '../migrations/schema-connection.ts'
import { SchemaError } from '../migrations/schema-error.ts'
import { isBusy } from './enable-wal.ts'
import { toSqlitePath } from './sqlite-path.ts'

const BUSY_TIMEOUT_MS = 5000
const RETRY_AFTER_MS = 50

/** `begin immediate` is the lock: SQLite has one writer. Creates a missing file and its folder. */
export function openSqliteSchema(database_url: string): SchemaConnection {
  const path = toSqlitePath(database_url)
  if (path === ':memory:')
    throw new Error('sqlite::memory: cannot be migrated: each connection would see a separate database. Name a file.')
  createMissingPrivateFile(path)
  // Most changes of a SQLite table create it again. Dropping the old one must not delete the rows that refer to it:
  // foreign keys are off in the meantime, and checked before the commit.
  const database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS, enableForeignKeyConstraints: false })
  const query: SchemaConnection['query'] = async (sql, values = []) => database.prepare(sql).all(...values)
  const withMigrationLock: SchemaConnection['withMigrationLock'] = async (work) => {
    await beginImmediate(database, path)
    try {
      const result = await work()
      const [broken] = await query('pragma foreign_key_check')
      if (broken) throw new Error(`rows of ${broken.table} would refer to missing rows of ${broken.parent}`)
      database.exec('commit')
      return result
    } catch (error) {
      if (database.isTransaction) database.exec('rollback')
      throw error
    }
  }
  return {
    has_transactional_ddl: true,
    query,
    async run(sql) {
      database.exec(sql)
    },
    async hasTable(table) {
      return (await query("select 1 from sqlite_schema where type = 'table' and name = ?", [table])).length > 0
    },
    withMigrationLock,
    // One writer at a time: an online migration is one transaction like any other.
    withOnlineLock: withMigrationLock,
    runOnline: async (sql) => Number(database.prepare(sql).run().changes),
    isLockTimeout: () => false,
    close: async () => database.close(),
  }
}

/**
 * Waits between attempts, not inside them: a waiting attempt blocks this whole process, including another holder of the
 * lock in it.
 */
async function beginImmediate(database: DatabaseSync, path: string): Promise<void> {
  const give_up_at = Date.now() + MIGRATION_LOCK_WAIT_S * 1000
  for (;;) {
    try {
      database.exec('pragma busy_timeout = 0; begin immediate')
      database.exec(`pragma busy_timeout = ${BUSY_TIMEOUT_MS}`)
      return
    } catch (error) {
      if (!isBusy(error)) throw error
      if (Date.now() > give_up_at)
        throw new SchemaError(
          'migration_busy',
          `${path} has been locked by another process for ${MIGRATION_LOCK_WAIT_S} s.`,
        )
      await setTimeout(RETRY_AFTER_MS)
    }
  }
}
