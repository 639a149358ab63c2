import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { ShortQuery } from '../compile-once.ts'
import { CONNECTION_ABANDONED } from '../connection-error-codes.ts'
import type { SentRowsQuery } from '../sent-rows.ts'
import { encodeParameter } from '../value-codec.ts'
import { isConnectionError } from './connection-errors.ts'
import type { ConnectionSource } from './pooled-connection.ts'
import { toRows } from './rows.ts'
import { querySentRows } from './sent-rows.ts'

/** A query with what the product says about some. */
type Query = CompiledQuery & Partial<ShortQuery & SentRowsQuery>

interface DialectOptions {
  prepare: boolean
  /** Whether a read whose connection was lost is sent again, over another one. */
  repeats_reads: boolean
}

/**
 * Kysely on postgres.js. The published dialect reserves a connection for every query and never prepares: a list by
 * key took 1.19 ms with it and 0.68 ms prepared. This one reserves none, and prepares what recurs. For transactions see
 * {@link transact}.
 */
export function createPostgresDialect(connections: ConnectionSource, options: DialectOptions): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PostgresJsDriver(connections, options),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
}

/** A query without effects: no lock, no sequence, no setting. */
const READ_PATTERN =
  /^\s*select\b(?![\s\S]*\b(?:for update|for share|nextval|setval|set_config|pg_advisory\w*|next_lead_id|limit_statements)\b)/i

class PostgresJsConnection implements DatabaseConnection {
  readonly #connections: ConnectionSource
  readonly #options: DialectOptions

  constructor(connections: ConnectionSource, options: DialectOptions) {
    this.#connections = connections
    this.#options = options
  }

  async executeQuery<Row>(query: Query): Promise<QueryResult<Row>> {
    const { sql: text } = query
    try {
      return await this.#run<Row>(query)
    } catch (error) {
      // A read outside a transaction can be repeated: no one has seen a result of the lost connection.
      if (!this.#options.repeats_reads || !isConnectionError(error) || !READ_PATTERN.test(text)) throw error
      if ((error as { code?: unknown }).code === CONNECTION_ABANDONED) throw error
      return this.#run<Row>(query)
    }
  }

  async #run<Row>({
    sql: text,
    parameters,
    is_short = false,
    keeps_sent_rows = false,
  }: Query): Promise<QueryResult<Row>> {
    const acquired = this.#connections.acquireShared(is_short)
    const link = acquired instanceof Promise ? await acquired : acquired
    try {
      const values = parameters.map(encodeParameter) as never[]
      const prepare = this.#options.prepare && link.statements.shouldPrepare(text, values.length)
      if (keeps_sent_rows) {
        const sent = await this.#connections.run(link, (sql) => querySentRows(sql.unsafe(text, values, { prepare })))
        return { rows: [sent as Row] }
      }
      const answer = await this.#connections.run(link, (sql) => sql.unsafe(text, values, { prepare }).values())
      const result = { rows: toRows<Row>(answer) }
      return answer.command === 'SELECT' ? result : { ...result, numAffectedRows: BigInt(answer.count ?? 0) }
    } finally {
      this.#connections.release(link)
    }
  }

  // biome-ignore lint/correctness/useYield: lists page by key, so nothing streams from a cursor.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Cursors are not used here: page by key instead.')
  }
}

class PostgresJsDriver implements Driver {
  readonly #connections: ConnectionSource
  /** Without a state of its own: all queries share it. */
  readonly #connection: PostgresJsConnection

  constructor(connections: ConnectionSource, options: DialectOptions) {
    this.#connections = connections
    this.#connection = new PostgresJsConnection(connections, options)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<PostgresJsConnection> {
    return this.#connection
  }

  beginTransaction = refuseTransaction
  commitTransaction = refuseTransaction
  rollbackTransaction = refuseTransaction

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {
    await this.#connections.close()
  }
}

async function refuseTransaction(): Promise<void> {
  throw new Error('Use withTransaction: transactions of Kysely send one statement at a time.')
}
