import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { IngestStatements } from '../ingest/statements/types.ts'
import type { Maintenance } from './maintenance.ts'
import type { Tables } from './tables.ts'

export type EngineName = 'postgres' | 'sqlite' | 'mysql'

/**
 * What went wrong, in terms that the rest of the code acts on:
 * `unique` and `foreign_key` (a concurrent writer was first: look again), `data` (the value is refused, and will be),
 * `deadlock` (with a concurrent writer, also where a transaction cannot be serialized: look again),
 * `transient` (lock time-out, connection gone: try again), `schema` (table or column missing: migrate),
 * `access` (wrong password, no such database), `unknown`.
 */
export type DatabaseErrorKind =
  | 'unique'
  | 'foreign_key'
  | 'deadlock'
  | 'data'
  | 'transient'
  | 'schema'
  | 'access'
  | 'unknown'

/** A word to search for: lower case, letters and digits only. With `is_prefix` a word that begins so will do. */
export interface SearchWord {
  text: string
  is_prefix: boolean
}

/** A row of differences from PostgreSQL. Code outside `database/` asks a capability, never the name. */
export interface Engine {
  readonly name: EngineName
  /** Most bound values that one statement takes. */
  readonly parameters_max: number
  /** Prepared statements are kept by their text in this process, so lists of values are to come in few lengths. */
  readonly caches_statements: boolean
  /** `insert … returning` is understood. */
  readonly has_returning: boolean
  /** `insert … on conflict (column) do …` is understood; otherwise `on duplicate key update`. */
  readonly has_on_conflict: boolean
  /** `select … for update` is understood; where it isn't, a transaction has the whole database to itself. */
  readonly has_row_locks: boolean
  /** `(a, b) < (x, y)` seeks in an index on (a, b). */
  readonly has_row_comparison: boolean
  /** `offset 0` keeps a sub-select as it is, where the planner would otherwise merge it with the query around it. */
  readonly has_optimization_fence: boolean
  /** What `cast(column as …)` calls text; of a JSON column it gives the stored text. */
  readonly text_type: 'text' | 'char'
  readonly ingest: IngestStatements
  readonly maintenance: Maintenance
  /** A condition on sales_leads: it has all of these words. */
  searchCondition(words: readonly SearchWord[]): RawBuilder<unknown>
  /** A condition on sales_leads or companies: this is one of the row's tags. */
  tagCondition(tag: string): RawBuilder<unknown>
  /** The spelling of a time of sales_leads on which the index for its whole list is: of the column, and of a value. */
  readonly defaultOrderTime: { column(name: string): RawBuilder<unknown>; value(time: Date): RawBuilder<unknown> }
  /** The day (UTC) of a time column, as `2026-03-02`. */
  utcDay(column: string): RawBuilder<string>
  /** When the oldest transaction that has written and not yet committed began; null when there is none, or none told of. */
  findOldestWriteStart(db: Db): Promise<Date | null>
  classifyError(error: unknown): DatabaseErrorKind
}

/** A connection pool or, inside {@link withTransaction}, the one connection of the transaction. */
export interface Db {
  readonly kysely: Kysely<Tables>
  readonly engine: Engine
  readonly isInTransaction: boolean
  /**
   * Where a connection takes queries before it has answered those before: a handle of which all queries go over one
   * connection, in the order of their sending.
   */
  pipelined?(): Db
}

export interface Database extends Db {
  readonly database_url: string
  close(): Promise<void>
}

/** Shared by all handles of one transaction. */
interface TransactionState {
  /** Savepoints that are set at the moment. */
  open_savepoints: number
  /** The error after which the transaction cannot be committed. */
  fatal_error: Error | undefined
}

interface TransactionHandle extends Db {
  readonly transaction: TransactionState
  /** Savepoints around this handle. */
  readonly depth: number
}

/**
 * Runs `work` in a transaction: all of it is committed or, if it throws, nothing. Inside another transaction it is a
 * savepoint: the outer work may catch the error and continue. A deadlock always ends the outermost transaction, because
 * MySQL has rolled back all of it. Nested transactions must not overlap. The handle that `work` receives must be used
 * for everything in it.
 */
export async function withTransaction<Result>(db: Db, work: (trx: Db) => Promise<Result>): Promise<Result> {
  if (db.isInTransaction) return withSavepoint(db as TransactionHandle, work)
  const transaction: TransactionState = { open_savepoints: 0, fatal_error: undefined }
  return db.kysely.transaction().execute(async (kysely) => {
    const handle: TransactionHandle = { kysely, engine: db.engine, isInTransaction: true, transaction, depth: 0 }
    const result = await work(handle)
    if (transaction.fatal_error) throw transaction.fatal_error
    return result
  })
}

async function withSavepoint<Result>(db: TransactionHandle, work: (trx: Db) => Promise<Result>): Promise<Result> {
  const { kysely, engine, transaction, depth } = db
  if (transaction.fatal_error) throw transaction.fatal_error
  if (transaction.open_savepoints !== depth) throw new Error('Nested transactions overlap: run them in sequence.')
  // Named by depth: few statement texts, so few prepared statements.
  const name = sql.id(`nested_${depth + 1}`)
  transaction.open_savepoints += 1
  try {
    await sql`savepoint ${name}`.execute(kysely)
    const result = await work({ ...db, depth: depth + 1 } as TransactionHandle)
    if (transaction.fatal_error) throw transaction.fatal_error
    await sql`release savepoint ${name}`.execute(kysely)
    return result
  } catch (error) {
    if (engine.classifyError(error) === 'deadlock') transaction.fatal_error ??= error as Error
    if (!transaction.fatal_error) await rollBackToSavepoint(db, name, error as Error)
    throw error
  } finally {
    transaction.open_savepoints -= 1
  }
}

/** A savepoint that cannot be restored, e.g. on a lost connection, ends the transaction. */
async function rollBackToSavepoint(
  { kysely, transaction }: TransactionHandle,
  name: RawBuilder<unknown>,
  cause: Error,
) {
  try {
    await sql`rollback to savepoint ${name}`.execute(kysely)
    // A savepoint outlives the rollback to it.
    await sql`release savepoint ${name}`.execute(kysely)
  } catch {
    transaction.fatal_error ??= cause
  }
}
