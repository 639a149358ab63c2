import type { Waiters } from './wait.ts'

/** One request the API has had. */
export interface LoggedRequest {
  at: number
  method: string
  path: string
  query: string
  /** The status sent; null where a fault let it go unanswered. */
  status: number | null
  /** Whether a fault struck. */
  struck: boolean
}

const KEPT_MAX = 20_000

/** The newest requests (control routes apart), for tests that count requests. */
export class RequestLog {
  readonly #waiters: Waiters
  #entries: LoggedRequest[] = []

  constructor(waiters: Waiters) {
    this.#waiters = waiters
  }

  add(entry: LoggedRequest): void {
    this.#entries.push(entry)
    if (this.#entries.length > KEPT_MAX * 2) this.#entries = this.#entries.slice(-KEPT_MAX)
    this.#waiters.changed()
  }

  list(filter: { method?: string; path?: string } = {}): LoggedRequest[] {
    return this.#entries.filter(
      (entry) =>
        (filter.method === undefined || entry.method === filter.method) &&
        (filter.path === undefined || entry.path.includes(filter.path)),
    )
  }

  clear(): void {
    this.#entries = []
  }

  /** Waits until `count` requests whose path contains `path` have come. */
  waitFor(filter: { method?: string; path?: string; count?: number; timeout_ms?: number }): Promise<LoggedRequest[]> {
    return this.#waiters.until(
      () => {
        const found = this.list(filter)
        return found.length >= (filter.count ?? 1) ? found : undefined
      },
      filter.timeout_ms ?? 10_000,
      () => `${filter.count ?? 1} requests of ${filter.path ?? 'any path'}; there were ${this.list(filter).length}`,
    )
  }
}
