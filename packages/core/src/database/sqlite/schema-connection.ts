import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { migration_wait_s, type SchemaConnection } from '../schema-connection.ts'
import { SchemaError } from '../schema-error.ts'
import { sqlitePath } from './path.ts'

/** SQLITE_BUSY: https://www.sqlite.org/rescode.html#busy */
const busy = 5
const busy_wait_ms = 50

/** `begin immediate` is the lock: SQLite has one writer. The file and its folder are made when they are missing. */
export function openSqliteSchema(database_url: string): SchemaConnection {
  const path = sqlitePath(database_url)
  if (path === ':memory:')
    throw new Error('sqlite::memory: cannot be migrated: each connection would see a database of its own. Name a file.')
  mkdirSync(dirname(path), { recursive: true })
  // SQLite changes most of a table by making it anew; dropping the old one must not delete what refers to it. So
  // foreign keys are off meanwhile, and checked before the commit.
  const database = new DatabaseSync(path, { timeout: busy_wait_ms, enableForeignKeyConstraints: false })
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
    },
    close: async () => database.close(),
  }
}

/** Gives the process a turn between tries: who holds the lock may be another connection in this very process. */
async function beginImmediate(database: DatabaseSync, path: string): Promise<void> {
  const give_up_at = Date.now() + migration_wait_s * 1000
  for (;;) {
    try {
      return database.exec('begin immediate')
    } catch (error) {
      if ((error as { errcode?: number }).errcode !== busy) throw error
      if (Date.now() > give_up_at)
        throw new SchemaError('migration_busy', `${path} has been locked by another process for ${migration_wait_s} s.`)
      await setTimeout(busy_wait_ms)
    }
  }
}
