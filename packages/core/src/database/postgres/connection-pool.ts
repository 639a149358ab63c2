import type { Sql } from 'postgres'
import { PROBE_AFTER_IDLE_MS, PROBE_TIMEOUT_MS } from '../idle-probe.ts'
import { connectionAbandonedError, connectionLostError, isConnectionError } from './connection-errors.ts'
import type { ConnectionSource, PooledConnection } from './pooled-connection.ts'
import { PreparedTexts } from './prepared-texts.ts'

/** `short` and `long` are for a query, `transaction` is for one alone. */
type Use = 'short' | 'long' | 'transaction'

interface Waiter {
  use: Use
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

/**
 * Short queries that one connection carries at once, before another one is used. Those of requests that come together are
 * then written, read and answered together: with eight requests at a time that saves a fifth of the processor time here,
 * and a third of the server's. Each waits for as many short ones at most, but for no long one.
 */
const SHORT_QUERIES_MAX = 8

export class ConnectionPool implements ConnectionSource {
  readonly #open: (onclose: () => void) => Sql
  readonly #max: number
  /** See {@link PoolOptions.can_pipeline}. */
  readonly canPipeline: boolean
  readonly #links = new Set<PooledConnection>()
  /** Where the next query goes that is sent in this turn; see {@link leading}. */
  #led: PooledConnection | undefined
  #isClosed = false
  /** In order of arrival, so that queries do not starve a transaction. */
  readonly #waiters: Waiter[] = []

  /** `open` creates a postgres.js with `max: 1` that calls back when its connection closes. */
  constructor(open: (onclose: () => void) => Sql, { connections_max, can_pipeline }: PoolOptions) {
    this.#open = open
    this.#max = connections_max
    this.canPipeline = can_pipeline
  }

  acquireShared(isShort = false): PooledConnection | Promise<PooledConnection> {
    const use = isShort ? 'short' : 'long'
    const led = this.#led
    this.#led = undefined
    const isFree = led && !led.isClosed && !led.isExclusive && this.#waiters.length === 0
    if (!isFree) return this.#acquire(use)
    this.#checkOut(led, use)
    return this.#isReady(led) ? led : this.#ensureAlive(led, use)
  }

  /**
   * The same connections for queries that are followed by another one in the same turn, which waits for both: the two are
   * sent together over one connection, by one call of the system.
   */
  leading(): ConnectionSource {
    return {
      acquireShared: (isShort = false) => {
        const acquired = this.#acquire(isShort ? 'short' : 'long')
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
    return this.#acquire('transaction')
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
          const shared = this.#checkOut(link, 'long')
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
    if (link.activeQueries === 0) link.hasLongQuery = false
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
    this.#isClosed = true
    const links = [...this.#links]
    this.#links.clear()
    await Promise.all(links.map(({ sql }) => sql.end({ timeout: 5 })))
  }

  #acquire(use: Use): PooledConnection | Promise<PooledConnection> {
    const link = this.#next(use)
    return link instanceof Promise || !this.#isReady(link) ? this.#ensureAlive(link, use) : link
  }

  /** Takes the place of a dead connection until there is one that answers. */
  async #ensureAlive(first: PooledConnection | Promise<PooledConnection>, use: Use): Promise<PooledConnection> {
    for (let next = first; ; next = this.#next(use)) {
      const link = await next
      if (await this.#isAlive(link)) return link
      this.release(link)
    }
  }

  #next(use: Use): PooledConnection | Promise<PooledConnection> {
    const link = this.#waiters.length === 0 ? this.#find(use) : undefined
    if (link) return this.#checkOut(link, use)
    return new Promise((resolve) => this.#waiters.push({ use, resolve }))
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

  #checkOut(link: PooledConnection, use: Use): PooledConnection {
    link.activeQueries += 1
    link.isExclusive = use === 'transaction'
    if (use === 'long') link.hasLongQuery = true
    return link
  }

  #find(use: Use): PooledConnection | undefined {
    const joined = use === 'short' && this.canPipeline ? this.#findShort() : undefined
    if (joined) return joined
    let leastUsed: PooledConnection | undefined
    for (const link of this.#links) {
      if (link.isExclusive) continue
      if (link.activeQueries === 0) return link
      if (!leastUsed || link.activeQueries < leastUsed.activeQueries) leastUsed = link
    }
    if (this.#links.size < this.#max) return this.#add()
    return use === 'transaction' ? undefined : leastUsed
  }

  /** The connection with the most short queries that has room for another one, and no long one. */
  #findShort(): PooledConnection | undefined {
    let fullest: PooledConnection | undefined
    for (const link of this.#links) {
      const { activeQueries, isExclusive, hasLongQuery } = link
      if (isExclusive || hasLongQuery || activeQueries === 0 || activeQueries >= SHORT_QUERIES_MAX) continue
      if (!fullest || activeQueries > fullest.activeQueries) fullest = link
    }
    return fullest
  }

  #add(): PooledConnection {
    if (this.#isClosed) throw new Error('The database has been closed.')
    const sql = this.#open(() => this.#discard(link))
    const link: PooledConnection = {
      sql,
      activeQueries: 0,
      unansweredQueries: 0,
      waitingSinceMs: 0,
      isAbandoned: false,
      isExclusive: false,
      hasLongQuery: false,
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
      const link = this.#find(waiter.use)
      if (!link) return
      this.#waiters.shift()
      waiter.resolve(this.#checkOut(link, waiter.use))
    }
  }
}
