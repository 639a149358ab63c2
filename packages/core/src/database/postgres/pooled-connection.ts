import type { Sql } from 'postgres'
import type { PreparedTexts } from './prepared-texts.ts'

/**
 * A connection: an instance of postgres.js with a pool of one. The driver's own pool (3.4.9) cannot be trusted with a lost
 * connection: a queued write either ends the process with a TypeError that cannot be caught (its issues 1154, 1208), or
 * is never sent, nor is anything after it. Here a lost connection is discarded. See docs/decisions/007.
 */
export interface PooledConnection {
  readonly sql: Sql
  /** Queries in progress. Several at once are sent together and answered in order. */
  activeQueries: number
  /** Queries that were sent and have no answer. */
  unansweredQueries: number
  /** When the last answer came or, after a pause, the first query was sent. */
  waitingSinceMs: number
  /** Closed by the pool's `discardStalled`. */
  isAbandoned: boolean
  /** Reserved by a transaction. */
  isExclusive: boolean
  /** Since it was idle, it has got a query that may take long. */
  hasLongQuery: boolean
  isClosed: boolean
  /** When its last query ended, by the clock; undefined before the first. */
  idleSinceMs: number | undefined
  /** A check in progress. Queries wait for it, so that none is sent on a connection that may be dead. */
  probe: Promise<void> | undefined
  /** Ends with the last query that was begun. */
  lastQuery: Promise<unknown>
  readonly statements: PreparedTexts
}

/** What runs queries: all connections, or `ConnectionPool.pipelined`. */
export interface ConnectionSource {
  /**
   * A connection for one query, which it may share with others. At once, not as a promise, where one is ready. A short
   * query is a look-up in an index.
   */
  acquireShared(isShort?: boolean): PooledConnection | Promise<PooledConnection>
  release(link: PooledConnection): void
  run<Result>(link: PooledConnection, query: (sql: Sql) => PromiseLike<Result>): Promise<Result>
  close(): Promise<void>
}
