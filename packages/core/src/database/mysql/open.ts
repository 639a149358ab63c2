import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type TypeCastField } from 'mysql2'
import type { Database, OpenOptions } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { booleanColumns, decodeJson, encodeParameter, jsonColumns, textListColumns } from '../value-codec.ts'
import { createMysqlAddress } from './address.ts'
import { createMysqlEngine } from './engine.ts'
import { LiveConnections } from './live-connections.ts'
import { RowsAsText, refuseWarnings } from './load-rows.ts'

/** By column name, because MariaDB reports JSON as text and BOOLEAN as a small number. */
function decodeField(field: TypeCastField, next: () => unknown): unknown {
  const { name, type } = field
  if (type === 'DATETIME') {
    const text = field.string()
    return text === null ? null : `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z`
  }
  if (jsonColumns.has(name)) {
    const text = field.string('utf8')
    if (text !== null) return decodeJson(name, text)
    return textListColumns.includes(name) ? [] : null
  }
  if (booleanColumns.has(name)) return field.string() === '1'
  if (type === 'NEWDECIMAL' || type === 'LONGLONG') {
    const text = field.string()
    return text === null ? null : Number(text)
  }
  return next()
}

/**
 * The pool connects at the first query. Times are UTC both ways.
 * @throws ConnectionUrlError
 */
export async function openMysql(database_url: string, options: OpenOptions): Promise<Database> {
  const pool = createPool({
    ...(await createMysqlAddress(database_url)),
    connectionLimit: options.connections_max ?? 10,
    connectTimeout: (options.connect_timeout_s ?? 10) * 1000,
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    typeCast: decodeField,
    // Rows matched, not rows changed, are what compare-and-set needs.
    flags: ['+FOUND_ROWS'],
  })
  // Once per connection: the pool reports a new one before it sends anything else on it.
  pool.on('connection', (connection) => {
    // READ COMMITTED as on PostgreSQL: REPEATABLE READ would take gap locks, and re-read stale rows on a retry.
    connection.query('set session transaction isolation level read committed')
    // A client whose machine is lost would keep its locks until TCP notices, and its statement would run on. MariaDB can
    // end both sooner. MySQL reads the rest as a comment: it has no such limit for transactions alone.
    connection.query(
      // A note, of a number that was rounded for example, is no reason to refuse a row.
      "set session time_zone = '+00:00', sql_notes = 0 /*M!100301 , session idle_transaction_timeout = 30, session max_statement_time = 900 */",
    )
  })
  const connections = new LiveConnections(pool)
  const kysely = new Kysely<Tables>({
    dialect: new MysqlDialect({
      pool: {
        end: (callback) => pool.end(callback),
        getConnection(callback) {
          connections.acquire((error, connection) => {
            if (!connection) return callback(error, undefined as never)
            callback(undefined, {
              threadId: connection.threadId,
              destroy: () => connection.destroy(),
              release: () => connections.release(connection),
              query: ((sql: string, parameters: readonly unknown[], done: never) => {
                const [rows] = parameters
                if (!(rows instanceof RowsAsText))
                  return connections.query(connection, { sql, values: parameters.map(encodeParameter) }, done)
                const load = { sql, infileStreamFactory: () => rows.stream() }
                return connections.query(connection, load, refuseWarnings(rows, done))
              }) as never,
            } as never)
          })
        },
      },
    }),
  })
  return {
    kysely,
    engine: createMysqlEngine(),
    isInTransaction: false,
    database_url,
    discardStalled: (stalled_ms) => connections.discardStalled(stalled_ms),
    close: () => kysely.destroy(),
  }
}
