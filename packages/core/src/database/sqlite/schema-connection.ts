import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migration_wait_s, type SchemaConnection } from '../schema-connection.ts'
import { SchemaError } from '../schema-error.ts'
import { sqlitePath } from './path.ts'

/** `begin immediate` is the lock: SQLite has one writer. The file and its folder are made when they are missing. */
export function openSqliteSchema(database_url: string): SchemaConnection {
  const path = sqlitePath(database_url)
  if (path === ':memory:')
    throw new Error('sqlite::memory: cannot be migrated: each connection would see a database of its own. Name a file.')
  mkdirSync(dirname(path), { recursive: true })
  // SQLite changes most of a table by making it anew; dropping the old one must not delete what refers to it. So
  // foreign keys are off meanwhile, and checked before the commit.
  const database = new DatabaseSync(path, { timeout: migration_wait_s * 1000, enableForeignKeyConstraints: false })
  const query: SchemaConnection['query'] = async (sql, values = []) => database.prepare(sql).all(...values)
  return {
    has_transactional_ddl: true,
    query,
    async run(sql) {
      database.exec(sql)
    },
    async hasTable(table) {
      return (await query("select 1 from sqlite_schema where type = 'table' and name = ?", [table])).length > 0
    },
    async exclusively(work) {
      try {
        database.exec('begin immediate')
      } catch (error) {
        if ((error as { errcode?: number }).errcode !== 5) throw error
        throw new SchemaError(
          'migration_busy',
          `Another process has been writing to ${path} for ${migration_wait_s} s.`,
        )
      }
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
    },
    close: async () => database.close(),
  }
}
