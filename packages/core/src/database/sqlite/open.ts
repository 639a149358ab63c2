import { DatabaseSync } from 'node:sqlite'
import { type DatabaseConnection, Kysely, SqliteDialect, type SqliteDialectConfig, SqliteDriver } from 'kysely'
import { createMissingPrivateFile } from '../../private-files.ts'
import { yieldToEventLoop } from '../../yield-to-event-loop.ts'
import type { Database } from '../engine.ts'
import type { Tables } from '../tables.ts'
import { booleanColumns, decodeJson, defaultTextLists, jsonColumns } from '../value-codec.ts'
import { enableWal } from './enable-wal.ts'
import { createSqliteEngine } from './engine.ts'
import { toSqlitePath } from './sqlite-path.ts'
import { encodeSqliteParameter, StatementCache } from './statement-cache.ts'

function decodeRow(row: Record<string, unknown>): Record<string, unknown> {
  const decoded: Record<string, unknown> = {}
  for (const column in row) {
    const value = row[column]
    if (value === null) decoded[column] = null
    else if (booleanColumns.has(column)) decoded[column] = value !== 0
    else if (jsonColumns.has(column) && typeof value === 'string') decoded[column] = decodeJson(column, value)
    else decoded[column] = value
  }
  defaultTextLists(decoded)
  return decoded
}

/**
 * Yields before each transaction. The driver is synchronous, so a command that writes batch after batch would otherwise
 * never return to the event loop: Ctrl-C, timers and other requests would wait until its end.
 */
class YieldingSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await yieldToEventLoop()
    await super.beginTransaction(connection)
  }
}

class YieldingSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(config: SqliteDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): YieldingSqliteDriver {
    return new YieldingSqliteDriver(this.#config)
  }
}

/** Opens the file, which is created with its folder on first use. */
export function openSqlite(database_url: string): Database {
  const path = toSqlitePath(database_url)
  if (path !== ':memory:') createMissingPrivateFile(path)
  const database = new DatabaseSync(path, { timeout: 10_000 })
  enableWal(database)
  database.exec('pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -8192')
  // A page of 1,000 leads changes some 40 MB of a large file's index pages, mostly those that the previous page changed.
  // Moved from the log into the file at every 32 MB instead of 4, half as much is written: 1.5 GB instead of 3 for 30,000
  // leads after 220,000.
  database.exec('pragma wal_autocheckpoint = 8192')
  const statements = new StatementCache(database)
  const kysely = new Kysely<Tables>({
    dialect: new YieldingSqliteDialect({
      database: {
        close: () => database.close(),
        prepare(sql) {
          // A deferred `begin` that writes later loses to another writer at once, regardless of the time-out: with three
          // processes 778 of 900 transactions failed so, none with `begin immediate`.
          const statement = statements.get(sql === 'begin' ? 'begin immediate' : sql)
          return {
            reader: statement.columns().length > 0,
            all: (parameters) =>
              statement.all(...parameters.map(encodeSqliteParameter)).map((row) => decodeRow(row)) as never[],
            run: (parameters) => statement.run(...parameters.map(encodeSqliteParameter)),
            // biome-ignore lint/correctness/useYield: lists page by key, so nothing streams from a cursor.
            *iterate() {
              throw new Error('Cursors are not used here: page by key instead.')
            },
          }
        },
      },
    }),
  })
  return {
    kysely,
    engine: createSqliteEngine(statements),
    isInTransaction: false,
    database_url,
    close: () => kysely.destroy(),
  }
}
