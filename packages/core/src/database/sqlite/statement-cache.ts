import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { PreparedStatement } from '../engine.ts'
import { encodeParameter } from '../value-codec.ts'

type SqliteParameter = string | number | bigint | null | Uint8Array

/** SQLite has neither booleans nor times: they are stored as 0 or 1 and as ISO 8601 text. */
export function encodeSqliteParameter(value: unknown): SqliteParameter {
  const encoded = encodeParameter(value)
  if (typeof encoded === 'boolean') return encoded ? 1 : 0
  return encoded instanceof Date ? encoded.toISOString() : encoded
}

const CACHED_STATEMENTS_MAX = 200

/** Prepared statements by their text: preparing costs more than running a point select. */
export class StatementCache {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  get(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement) return statement
    statement = this.#database.prepare(sql)
    if (this.#statements.size >= CACHED_STATEMENTS_MAX)
      this.#statements.delete(this.#statements.keys().next().value as string)
    this.#statements.set(sql, statement)
    return statement
  }

  prepare(sql: string): PreparedStatement {
    return { run: (values) => this.get(sql).run(...values.map(encodeSqliteParameter)).lastInsertRowid }
  }
}
