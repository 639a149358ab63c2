import type { Sql } from 'postgres'
import { connectionErrorCodes } from '../connection-error-codes.ts'

/**
 * Connections, each a postgres.js of its own with a pool of one. The driver's own pool cannot be trusted with a connection
 * that was lost (3.4.9): a write that waits for its turn when the socket closes either ends the process by a TypeError
 * that nobody can catch (its issues 1154, 1208) or is never sent, nor anything after it. Here what was lost is thrown
 * away and never used again. Measured by crashing the server under load: with the driver's pool the process died at the
 * third crash, or a query hung for good.
 */
export interface Link {
  readonly sql: Sql
  /** Queries on it now. Many at once are sent in one go and answered in order. */
  users: number
  /** Taken by a transaction. */
  isTaken: boolean
  isLost: boolean
}

/** What runs queries: all connections, or {@link Connections.line}. */
export interface Links {
  /** A connection for one query, which it may share with others. */
  share(): Promise<Link>
  /** A connection for one transaction alone. */
  take(): Promise<Link>
  giveBack(link: Link): void
  run<Result>(link: Link, query: (sql: Sql) => PromiseLike<Result>): Promise<Result>
  close(): Promise<void>
}

type Waiter = { isTaking: boolean; resolve: (link: Link) => void }

export class Connections implements Links {
  readonly #open: (onclose: () => void) => Sql
  readonly #max: number
  readonly #links = new Set<Link>()
  /** In order of their coming, so that a transaction is not kept waiting by one query after another. */
  readonly #waiters: Waiter[] = []

  /** `open` makes a postgres.js with `max: 1` that calls back when its connection closes. */
  constructor(open: (onclose: () => void) => Sql, max: number) {
    this.#open = open
    this.#max = max
  }

  share(): Promise<Link> {
    return this.#enter(false)
  }

  take(): Promise<Link> {
    return this.#enter(true)
  }

  /**
   * The same connections for queries that build on each other and are sent without waiting for answers: while one link
   * serves, all go over it and are answered in the order of their sending. Transactions take any link.
   */
  line(): Links {
    let link: Link | undefined
    let coming: Promise<Link> | undefined
    return {
      share: async () => {
        // Of two queries that are the first of the line, the second must not get a connection of its own.
        while (coming) await coming
        if (link && !link.isLost && !link.isTaken && this.#waiters.length === 0) return this.#use(link, false)
        coming = this.share()
        link = await coming
        coming = undefined
        return link
      },
      take: () => this.take(),
      giveBack: (taken) => this.giveBack(taken),
      run: (on, query) => this.run(on, query),
      // They are closed by whom they belong to.
      close: async () => {},
    }
  }

  giveBack(link: Link): void {
    link.users -= 1
    link.isTaken = false
    this.#serve()
  }

  /** Runs a query on a link. An error of the connection loses the link, before anyone else can use it. */
  async run<Result>(link: Link, query: (sql: Sql) => PromiseLike<Result>): Promise<Result> {
    if (link.isLost) throw lostError()
    try {
      return await query(link.sql)
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (typeof code === 'string' && connectionErrorCodes.has(code)) this.#lose(link)
      throw error
    }
  }

  async close(): Promise<void> {
    const links = [...this.#links]
    this.#links.clear()
    await Promise.all(links.map(({ sql }) => sql.end({ timeout: 5 })))
  }

  #enter(isTaking: boolean): Promise<Link> {
    const link = this.#waiters.length === 0 ? this.#find(isTaking) : undefined
    if (link) return Promise.resolve(this.#use(link, isTaking))
    return new Promise((resolve) => this.#waiters.push({ isTaking, resolve }))
  }

  #use(link: Link, isTaking: boolean): Link {
    link.users += 1
    link.isTaken = isTaking
    return link
  }

  #find(isTaking: boolean): Link | undefined {
    let leastUsed: Link | undefined
    for (const link of this.#links) {
      if (link.isTaken) continue
      if (link.users === 0) return link
      if (!leastUsed || link.users < leastUsed.users) leastUsed = link
    }
    if (this.#links.size < this.#max) return this.#add()
    return isTaking ? undefined : leastUsed
  }

  #add(): Link {
    const sql = this.#open(() => this.#lose(link))
    const link: Link = { sql, users: 0, isTaken: false, isLost: false }
    this.#links.add(link)
    return link
  }

  /** At once rather than when it is given back: the driver would connect again and go on outside the transaction. */
  #lose(link: Link): void {
    if (link.isLost) return
    link.isLost = true
    this.#links.delete(link)
    link.sql.end({ timeout: 0 }).catch(() => {})
    this.#serve()
  }

  #serve(): void {
    for (let waiter = this.#waiters[0]; waiter; waiter = this.#waiters[0]) {
      const link = this.#find(waiter.isTaking)
      if (!link) return
      this.#waiters.shift()
      waiter.resolve(this.#use(link, waiter.isTaking))
    }
  }
}

const lostError = (): Error =>
  Object.assign(new Error('The connection to the database was lost.'), { code: 'CONNECTION_CLOSED' })
