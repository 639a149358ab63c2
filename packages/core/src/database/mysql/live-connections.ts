import type { Pool, PoolConnection, QueryError, QueryOptions } from 'mysql2'
import { CONNECTION_ABANDONED } from '../connection-error-codes.ts'
import { PROBE_AFTER_IDLE_MS, PROBE_TIMEOUT_MS } from '../idle-probe.ts'

type Taken = (error: Error | undefined, connection?: PoolConnection) => void
type Answered = (error: QueryError | Error | null, ...result: unknown[]) => void

/** Hands out connections of the driver's pool that still answer, and closes those that never will. */
export class LiveConnections {
  readonly #pool: Pool
  /** By the clock: the process may have been frozen. */
  readonly #idleSinceMs = new WeakMap<object, number>()
  readonly #waiting = new Map<PoolConnection, { since_ms: number; abandon: () => void }>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** A connection for one caller alone. One that was idle for long is probed, and closed if it is dead. */
  acquire(taken: Taken): void {
    this.#pool.getConnection((error, connection) => {
      if (error) return taken(error)
      const idleSinceMs = this.#idleSinceMs.get(connection)
      if (idleSinceMs === undefined || Date.now() - idleSinceMs < PROBE_AFTER_IDLE_MS)
        return taken(undefined, connection)
      probe(connection, (isAlive) => {
        if (isAlive) return taken(undefined, connection)
        connection.destroy()
        this.acquire(taken)
      })
    })
  }

  release(connection: PoolConnection): void {
    this.#idleSinceMs.set(connection, Date.now())
    connection.release()
  }

  query(connection: PoolConnection, statement: QueryOptions, answered: Answered): unknown {
    const finish: Answered = (...answer) => {
      if (this.#waiting.delete(connection)) answered(...answer)
    }
    // The driver does not tell a query that its connection was destroyed.
    const abandon = (): void => finish(abandonedError())
    this.#waiting.set(connection, { since_ms: performance.now(), abandon })
    return connection.query(statement, finish as never)
  }

  /** Closes the connections whose query has had no answer for this long. */
  discardStalled(stalled_ms: number): void {
    const now_ms = performance.now()
    for (const [connection, { since_ms, abandon }] of [...this.#waiting]) {
      if (now_ms - since_ms < stalled_ms) continue
      connection.destroy()
      abandon()
    }
  }
}

function probe(connection: PoolConnection, done: (isAlive: boolean) => void): void {
  let isDone = false
  const finish = (isAlive: boolean): void => {
    if (isDone) return
    isDone = true
    clearTimeout(timer)
    done(isAlive)
  }
  const timer = setTimeout(finish, PROBE_TIMEOUT_MS, false)
  connection.ping((error) => finish(!error))
}

const abandonedError = (): Error =>
  Object.assign(new Error('The query was abandoned: it had no answer for too long.'), { code: CONNECTION_ABANDONED })
