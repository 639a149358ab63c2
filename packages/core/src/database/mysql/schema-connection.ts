import { createHash } from 'node:crypto'
import { createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import { DDL_LOCK_WAIT_MS, MIGRATION_LOCK_WAIT_S, type SchemaConnection } from '../migrations/schema-connection.ts'
import { SchemaError } from '../migrations/schema-error.ts'
import { createMysqlAddress } from './address.ts'

/** Each DDL statement commits by itself; the lock is the server's named one, held by this one connection. */
export async function openMysqlSchema(database_url: string): Promise<SchemaConnection> {
  const connection = await createConnection({
    ...(await createMysqlAddress(database_url)),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    connectTimeout: 10_000,
  })
  // Named locks belong to the whole server, therefore the name contains that of the database; at most 64 characters.
  const database = decodeURIComponent(new URL(database_url).pathname.slice(1))
  const lock = `leads_migrate_${createHash('sha256').update(database).digest('hex').slice(0, 32)}`
  const query: SchemaConnection['query'] = async (sql, values = []) => {
    const [rows] = await connection.query<RowDataPacket[]>(sql, [...values])
    return Array.isArray(rows) ? rows : []
  }
  const withMigrationLock: SchemaConnection['withMigrationLock'] = async (work) => {
    const [row] = await query('select get_lock(?, ?) as taken', [lock, MIGRATION_LOCK_WAIT_S])
    if (row?.taken !== 1)
      throw new SchemaError('migration_busy', `Another migration has been running for ${MIGRATION_LOCK_WAIT_S} s.`)
    try {
      return await work()
    } finally {
      await query('select release_lock(?) as released', [lock])
    }
  }
  return {
    has_transactional_ddl: false,
    query,
    async run(sql) {
      await connection.query(sql)
    },
    async hasTable(table) {
      const rows = await query(
        'select 1 as found from information_schema.tables where table_schema = database() and table_name = ?',
        [table],
      )
      return rows.length > 0
    },
    withMigrationLock,
    // Every DDL statement commits by itself on this engine.
    withOnlineLock: withMigrationLock,
    async runOnline(sql) {
      await connection.query(`set session lock_wait_timeout = ${Math.ceil(DDL_LOCK_WAIT_MS / 1000)}`)
      const [result] = await connection.query<ResultSetHeader>(sql)
      return result.affectedRows ?? 0
    },
    isLockTimeout: (error) => (error as { code?: unknown } | undefined)?.code === 'ER_LOCK_WAIT_TIMEOUT',
    close: () => connection.end(),
  }
}
