import type { Kysely, RawBuilder } from 'kysely'
import type { EngineName } from './engine-names.ts'
import type { LookUp } from './short-query.ts'
import type { Tables } from './tables.ts'

export interface OpenOptions {
  /** Connections at most; 1 in a Lambda function, which serves one event at a time. Default 10. */
  connections_max?: number
  connect_timeout_s?: number
  /** A replica, which refuses writes. */
  is_read_only?: boolean
  /** Seconds without use after which a connection is closed; 0 = never. */
  idle_timeout_s?: number
}

/**
 * What went wrong, in terms that the rest of the code acts on:
 * `unique` and `foreign_key` (a concurrent writer was first: retry with a fresh read), `data` (the value is invalid, now
 * and later), `deadlock` (or a transaction that cannot be serialized: retry with a fresh read),
 * `transient` (lock time-out, lost connection: retry), `schema` (table or column missing: migrate),
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

/** A word to search for: lower case, letters and digits only. With `is_prefix` it matches every word that begins with it. */
export interface SearchWord {
  text: string
  is_prefix: boolean
}

/** What an engine knows of the words of a table, as of some time ago. */
export interface WordFrequencies {
  rows_count: number
  /** The most frequent words, with the share of the rows, 0-1, that have each. */
  shares: ReadonlyMap<string, number>
  /** Values of the columns that the words come from: what many different words have in common shows here alone. */
  samples: readonly ColumnSample[]
}

/**
 * Values of one column, with the share of the rows, 0-1, that each stands for: those that have a common value, or those
 * with a value near this one.
 */
export type ColumnSample = readonly { text: string; share: number; is_common: boolean }[]

/** Sizes of a table on disk, in bytes. A figure that the engine does not keep is null. */
export interface TableStats {
  table: string
  rows: number
  table_bytes: number | null
  index_bytes: number | null
  /** Share of the table, 0-1, that deleted and replaced rows still occupy; above 0.2 a reindex is worthwhile. */
  dead_share: number | null
}

export interface IndexStats {
  table: string
  index: string
  bytes: number | null
  /** How often it has served a query since the statistics began. */
  scans: number | null
}

/** What an engine knows about its storage. */
export interface Maintenance {
  readStats(db: Db): Promise<{
    total_bytes: number | null
    tables: Map<string, Pick<TableStats, 'table_bytes' | 'index_bytes' | 'dead_share'>>
    indexes: IndexStats[]
  }>
  reindexStatements(table: string): string[]
  /** Statements to run once all tables are reindexed. */
  afterReindexStatements?: readonly string[]
}

/** A prepared statement. Its values are encoded for the driver. */
export interface PreparedStatement {
  /** Runs it and returns the id of the last row that it inserted. */
  run(values: readonly unknown[]): number | bigint
}

/** The server did not insert the rows of a bulk load as they are. Inserted one by one they would tell why. */
export class RowsRefusedError extends Error {
  override name = 'RowsRefusedError'
}

/** A way into a table that is faster than a statement with values, where the server has one. */
export interface BulkLoad {
  isAllowed(db: Db): Promise<boolean>
  /**
   * Inserts rows. Called in a transaction of its own or a savepoint, to which an error returns.
   * @throws RowsRefusedError if a row breaks a constraint or a value does not fit its column
   */
  insertRows(trx: Db, table: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): Promise<void>
  /** The id of the first row of the last load, if the other rows have the numbers that follow; else null. */
  findFirstId(trx: Db): Promise<number | null>
}

/** What an engine can do. Code outside `database/` and `ingest/statements/` asks a capability, never the name. */
export interface Capabilities {
  /** Bound values at most in one statement. */
  readonly parameters_max: number
  /** Prepared statements are cached by their text in this process, so lists of values must come in few lengths. */
  readonly caches_statements: boolean
  /** Supports `insert … returning`. */
  readonly has_returning: boolean
  /** Supports `insert … on conflict (column) do …`; otherwise `on duplicate key update`. */
  readonly has_on_conflict: boolean
  /** Supports `select … for update`; otherwise a transaction has the whole database to itself. */
  readonly has_row_locks: boolean
  /** `(a, b) < (x, y)` seeks in an index on (a, b). */
  readonly has_row_comparison: boolean
  /** `offset 0` keeps the planner from merging a sub-select with the query around it. */
  readonly has_optimization_fence: boolean
  /** A JSON list in one bound value can stand for the values of `in (…)`. */
  readonly has_json_lists: boolean
  /** Statements run in the thread that calls them, which does nothing else in the meantime. */
  readonly blocks_thread: boolean
  /** A transaction takes statements before it has answered those before. */
  readonly has_pipelined_transactions: boolean
  /** Rows can be written as JSON without decoding them: see sent-rows.ts. */
  readonly has_sent_rows: boolean
  /** The database counts active leads as they are written: see stats/lead-counts.ts. */
  readonly has_lead_counts: boolean
  /** The type name of text in `cast(column as …)`; a JSON column is cast to its stored text. */
  readonly text_type: 'text' | 'char'
}

/** The differences between engines. */
export interface Engine extends Capabilities {
  readonly name: EngineName
  readonly maintenance: Maintenance
  /**
   * A condition on sales_leads or companies: the row contains all of these words. Where the planner looks at the words,
   * `are_hidden` keeps them from it: the statement then has one plan for all words, which is made once.
   */
  searchCondition(words: readonly SearchWord[], table: string, are_hidden?: boolean): RawBuilder<unknown>
  /** Where the index of words reads all rows of a word: how frequent words are, and of which columns they are. */
  readonly wordStatistics?: {
    readFrequencies(db: Db, table: string): Promise<WordFrequencies>
    columns(table: string): readonly string[]
    /** A condition that rows with the words meet, and few others; an eighth of the cost of {@link searchCondition}. */
    likelyCondition(words: readonly SearchWord[], table: string): RawBuilder<unknown>
  }
  /** A condition on sales_leads or companies: this is one of the row's tags. */
  tagCondition(tag: string): RawBuilder<unknown>
  /** A condition that an index on the column serves: its text starts with `prefix`. */
  prefixCondition(column: RawBuilder<unknown>, prefix: string): RawBuilder<unknown>
  /** How the index of the unfiltered list spells a time of sales_leads: of the column, and of a value. */
  readonly defaultOrderTime: { column(name: string): RawBuilder<unknown>; value(time: Date): RawBuilder<unknown> }
  /** The day (UTC) of a time column, as `2026-03-02`. */
  utcDay(column: string): RawBuilder<string>
  /** The number of the period since 1970 that a time column falls into. */
  periodNumber(column: string, period_s: number): RawBuilder<number>
  /** A time by the clock of the database. */
  secondsFromNow(seconds: number): RawBuilder<Date>
  /** Seconds until the time in a column by the clock of the database; negative if it has passed. */
  secondsUntil(column: string): RawBuilder<number>
  /** Returns when the oldest open transaction that has written began; null where there is none, or none is visible. */
  findOldestWriteStart(db: Db): Promise<Date | null>
  classifyError(error: unknown): DatabaseErrorKind
  /** Runs a query that the server ends after this time. Missing where queries cannot be interrupted. */
  queryWithin?<Row>(db: Db, statement: RawBuilder<Row>, limit_ms: number): Promise<Row[]>
  isTimeLimitError?(error: unknown): boolean
  /** Where there is no round trip to save: a prepared statement of the one connection. */
  prepare?(sql: string): PreparedStatement
  readonly bulkLoad?: BulkLoad
}

/** Completes an engine: capabilities that it does not list are those of PostgreSQL. */
export const defineEngine = (engine: Omit<Engine, keyof Capabilities> & Partial<Capabilities>): Engine => ({
  parameters_max: 65_535,
  caches_statements: false,
  has_returning: true,
  has_on_conflict: true,
  has_row_locks: true,
  has_row_comparison: true,
  has_optimization_fence: true,
  has_json_lists: false,
  blocks_thread: false,
  has_pipelined_transactions: true,
  has_sent_rows: true,
  has_lead_counts: true,
  text_type: 'text',
  ...engine,
})

/** A connection pool or, inside `withTransaction`, the one connection of the transaction. */
export interface Db {
  readonly kysely: Kysely<Tables>
  readonly engine: Engine
  readonly isInTransaction: boolean
  /** Runs a short query without Kysely around it, which is four promises. Missing in a transaction. */
  readonly lookUp?: LookUp
  /**
   * Where a connection takes queries before it has answered those before: a handle of which all queries go over one
   * connection, in the order of their sending.
   */
  pipelined?(): Db
  /** Where a transaction takes statements before it has answered those before: how it is run. See `withTransaction`. */
  transact?<Result>(work: (kysely: Kysely<Tables>, pipeline: Pipeline) => Promise<Result>): Promise<Result>
  /** In a transaction that can be committed together with its last statements; see `endTogether`. */
  commitAfter?: Pipeline['commitAfter']
}

/** What a transaction can do that takes statements before it has answered those before. */
export interface Pipeline {
  /**
   * Sends the commit right behind so many further statements, without waiting for their answers. They can be sent when it
   * resolves.
   */
  commitAfter(statements_count: number): Promise<void>
  /** Sends a statement before all that are run after this call. If it fails, the transaction cannot be committed. */
  sendAhead(text: string): Promise<unknown>
}

export interface Database extends Db {
  readonly database_url: string
  /**
   * Closes the connections whose query has had no answer for this long: they are half open, or no one waits for the answer.
   * Their queries fail and are not repeated. Missing where queries do not wait.
   */
  discardStalled?(stalled_ms: number): void
  /**
   * For a read of one row at most that is followed by another one in the same turn: where connections pipeline, the two are
   * sent together, short ones as one statement.
   */
  readonly leading?: Db
  close(): Promise<void>
}
