/** A check that has not answered for so long may be lost with its connection: it is not waited for. */
const SHARED_MS_MAX = 100

interface Running<Result> {
  result: Promise<Result>
  started_ms: number
}

/**
 * Runs one check of a key at a time. Requests that arrive while it runs share the next one, so what each of them is told is
 * never older than the request.
 */
export class SharedChecks<Result> {
  readonly #running = new Map<string, Running<Result>>()
  readonly #next = new Map<string, Promise<Result>>()

  run(key: string, check: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(key)
    if (!running || performance.now() - running.started_ms > SHARED_MS_MAX) return this.#start(key, check)
    const known = this.#next.get(key)
    if (known) return known
    const start = (): Promise<Result> => {
      this.#next.delete(key)
      return this.#start(key, check)
    }
    const next = endOf(running.result).then(start)
    this.#next.set(key, next)
    return next
  }

  #start(key: string, check: () => Promise<Result>): Promise<Result> {
    const result = check()
    const running = { result, started_ms: performance.now() }
    this.#running.set(key, running)
    const end = (): void => {
      if (this.#running.get(key) === running) this.#running.delete(key)
    }
    result.then(end, end)
    return result
  }
}

/** Resolves when the check has ended, or may be lost. */
async function endOf(result: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, SHARED_MS_MAX)
  const end = (): void => {
    clearTimeout(timer)
    resolve()
  }
  result.then(end, end)
  await promise
}
