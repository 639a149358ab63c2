import type { Sql } from 'postgres'
import { PROBE_AFTER_IDLE_MS, PROBE_TIMEOUT_MS } from '../idle-probe.ts'
import { connectionAbandonedError, connectionLostError, isConnectionError } from './connection-errors.ts'
import { PreparedTexts } from './prepared-texts.ts'

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
  /** Closed by {@link ConnectionPool.discardStalled}. */
  isAbandoned: boolean
  /** Reserved by a transaction. */
  isExclusive: boolean
  isClosed: boolean
  /** When its last query ended, by the clock; undefined before the first. */
  idleSinceMs: number | undefined
  /** A check in progress. Queries wait for it, so that none is sent on a connection that may be dead. */
  probe: Promise<void> | undefined
  /** Ends with the last query that was begun. */
  lastQuery: Promise<unknown>
  readonly statements: PreparedTexts
}

/** What runs queries: all connections, or {@link ConnectionPool.pipelined}. */
export interface ConnectionSource {
  /** A connection for one query, which it may share with others. At once, not as a promise, where one is ready. */
  acquireShared(): PooledConnection | Promise<PooledConnection>
  release(link: PooledConnection): void
  run<Result>(link: PooledConnection, query: (sql: Sql) => PromiseLike<Result>): Promise<Result>
  close(): Promise<void>
}

interface Waiter {
  isTaking: boolean
  resolve: (link: PooledConnection) => void
}

export interface PoolOptions {
  connections_max: number
  /**
   * Whether a query may be sent before the one in front of it is answered. Not behind a pooler that hands out connections
   * per transaction: it takes the server's connection away with the first answer. What the driver has sent of the next
   * query by then, without its end, is answered to no one, and the client waits until its deadline.
   */
  can_pipeline: boolean
}

export class ConnectionPool implements ConnectionSource {
  readonly #open: (onclose: () => void) => Sql
  readonly #max: number
  /** See {@link PoolOptions.can_pipeline}. */
  readonly canPipeline: boolean
  readonly #links = new Set<PooledConnection>()
  /** Where the next query goes that is sent in this turn; see {@link leading}. */
  #led: PooledConnection | undefined
  /** In order of arrival, so that queries do not starve a transaction. */
  readonly #waiters: Waiter[] = []

  /** `open` creates a postgres.js with `max: 1` that calls back when its connection closes. */
  constructor(open: (onclose: () => void) => Sql, { connections_max, can_pipeline }: PoolOptions) {
    this.#open = open
    this.#max = connections_max
    this.canPipeline = can_pipeline
  }

  acquireShared(): PooledConnection | Promise<PooledConnection> {
    const led = this.#led
    this.#led = undefined
    const isFree = led && !led.isClosed && !led.isExclusive && this.#waiters.length === 0
    return isFree ? this.#share(led) : this.#acquire(false)
  }

  #share(link: PooledConnection): PooledConnection | Promise<PooledConnection> {
    this.#checkOut(link, false)
    return this.#isReady(link) ? link : this.#ensureAlive(link, false)
  }

  /**
   * The same connections for queries that are followed by another one in the same turn, which waits for both: the two are
   * sent together over one connection, by one call of the system.
   */
  leading(): ConnectionSource {
    return {
      acquireShared: () => {
        const acquired = this.#acquire(false)
        return acquired instanceof Promise ? acquired.then((link) => this.#lead(link)) : this.#lead(acquired)
      },
      release: (link) => this.release(link),
      run: (on, query) => this.run(on, query),
      // They are closed by whom they belong to.
      close: async () => {},
    }
  }

  #lead(link: PooledConnection): PooledConnection {
    if (!this.canPipeline) return link
    this.#led = link
    // Runs when the request that sent it has sent all that it can: no other request gets this connection by it.
    process.nextTick(() => {
      this.#led = undefined
    })
    return link
  }

  /** A connection for one transaction alone. */
  async acquireExclusive(): Promise<PooledConnection> {
    return this.#acquire(true)
  }

  /**
   * The same connections for queries that build on each other and are sent without waiting for answers: while one link
   * serves, all go over it and are answered in the order of their sending. Transactions take any link.
   */
  pipelined(): ConnectionSource {
    let link: PooledConnection | undefined
    let coming: Promise<PooledConnection> | undefined
    return {
      acquireShared: async () => {
        // If two queries come first, the second must not get another connection.
        while (coming) await coming
        if (link && !link.isClosed && !link.isExclusive && this.#waiters.length === 0) {
          const shared = this.#checkOut(link, false)
          if (this.#isReady(shared) || (await this.#isAlive(shared))) return shared
          this.release(shared)
        }
        coming = Promise.resolve(this.acquireShared())
        link = await coming
        coming = undefined
        return link
      },
      release: (taken) => this.release(taken),
      run: (on, query) => this.run(on, query),
      // They are closed by whom they belong to.
      close: async () => {},
    }
  }

  release(link: PooledConnection): void {
    link.activeQueries -= 1
    link.isExclusive = false
    link.idleSinceMs = Date.now()
    this.#serveWaiters()
  }

  /** Runs a query on a link. An error of the connection loses the link, before anyone else can use it. */
  run<Result>(link: PooledConnection, query: (sql: Sql) => PromiseLike<Result>): Promise<Result> {
    // A transaction keeps the server's connection until it ends.
    if (this.canPipeline || link.isExclusive) return this.#send(link, query)
    const before = link.lastQuery
    const answer = before.then(() => this.#send(link, query))
    link.lastQuery = answer.catch(() => undefined)
    return answer
  }

  async #send<Result>(link: PooledConnection, query: (sql: Sql) => PromiseLike<Result>): Promise<Result> {
    if (link.isClosed) throw connectionLostError()
    if (link.unansweredQueries === 0) link.waitingSinceMs = performance.now()
    link.unansweredQueries += 1
    try {
      return await query(link.sql)
    } catch (error) {
      if (link.isAbandoned) throw connectionAbandonedError(error)
      if (isConnectionError(error)) this.#discard(link)
      throw error
    } finally {
      link.unansweredQueries -= 1
      link.waitingSinceMs = performance.now()
    }
  }

  /** Closes the connections that have not answered for this long. */
  discardStalled(stalled_ms: number): void {
    const now_ms = performance.now()
    for (const link of [...this.#links]) {
      if (link.unansweredQueries === 0 || now_ms - link.waitingSinceMs < stalled_ms) continue
      link.isAbandoned = true
      this.#discard(link)
    }
  }

  async close(): Promise<void> {
    const links = [...this.#links]
    this.#links.clear()
    await Promise.all(links.map(({ sql }) => sql.end({ timeout: 5 })))
  }

  #acquire(isTaking: boolean): PooledConnection | Promise<PooledConnection> {
    const link = this.#next(isTaking)
    return link instanceof Promise || !this.#isReady(link) ? this.#ensureAlive(link, isTaking) : link
  }

  /** Takes the place of a dead connection until there is one that answers. */
  async #ensureAlive(
    first: PooledConnection | Promise<PooledConnection>,
    isTaking: boolean,
  ): Promise<PooledConnection> {
    for (let next = first; ; next = this.#next(isTaking)) {
      const link = await next
      if (await this.#isAlive(link)) return link
      this.release(link)
    }
  }

  #next(isTaking: boolean): PooledConnection | Promise<PooledConnection> {
    const link = this.#waiters.length === 0 ? this.#find(isTaking) : undefined
    if (link) return this.#checkOut(link, isTaking)
    return new Promise((resolve) => this.#waiters.push({ isTaking, resolve }))
  }

  /** Whether a connection can be used without a probe. */
  #isReady(link: PooledConnection): boolean {
    return !link.isClosed && !link.probe && !this.#needsProbe(link)
  }

  #needsProbe({ unansweredQueries, idleSinceMs }: PooledConnection): boolean {
    // Not by activeQueries: of two queries that come at once, each would take the other for one that is answered.
    const isIdle = unansweredQueries === 0 && idleSinceMs !== undefined
    return isIdle && Date.now() - idleSinceMs > PROBE_AFTER_IDLE_MS
  }

  /** Probes a connection that was idle for long. A dead one is discarded. */
  async #isAlive(link: PooledConnection): Promise<boolean> {
    if (this.#needsProbe(link))
      link.probe ??= this.#probe(link).finally(() => {
        link.probe = undefined
      })
    await link.probe
    return !link.isClosed
  }

  async #probe(link: PooledConnection): Promise<void> {
    const { promise: timeout, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => reject(connectionLostError()), PROBE_TIMEOUT_MS)
    try {
      await Promise.race([link.sql.unsafe('select 1'), timeout])
      link.idleSinceMs = Date.now()
    } catch {
      this.#discard(link)
    } finally {
      clearTimeout(timer)
    }
  }

  #checkOut(link: PooledConnection, isTaking: boolean): PooledConnection {
    link.activeQueries += 1
    link.isExclusive = isTaking
    return link
  }

  #find(isTaking: boolean): PooledConnection | undefined {
    let leastUsed: PooledConnection | undefined
    for (const link of this.#links) {
      if (link.isExclusive) continue
      if (link.activeQueries === 0) return link
      if (!leastUsed || link.activeQueries < leastUsed.activeQueries) leastUsed = link
    }
    if (this.#links.size < this.#max) return this.#add()
    return isTaking ? undefined : leastUsed
  }

  #add(): PooledConnection {
    const sql = this.#open(() => this.#discard(link))
    const link: PooledConnection = {
      sql,
      activeQueries: 0,
      unansweredQueries: 0,
      waitingSinceMs: 0,
      isAbandoned: false,
      isExclusive: false,
      isClosed: false,
      idleSinceMs: undefined,
      probe: undefined,
      lastQuery: Promise.resolve(),
      statements: new PreparedTexts(),
    }
    this.#links.add(link)
    return link
  }

  /** At once, not when it is released: the driver would reconnect and continue outside the transaction. */
  #discard(link: PooledConnection): void {
    if (link.isClosed) return
    link.isClosed = true
    this.#links.delete(link)
    link.sql.end({ timeout: 0 }).catch(() => {})
    this.#serveWaiters()
  }

  #serveWaiters(): void {
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const link = this.#find(waiter.isTaking)
      if (!link) return
      this.#waiters.shift()
      waiter.resolve(this.#checkOut(link, waiter.isTaking))
    }
  }
}
