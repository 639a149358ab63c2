interface Waiting {
  check(): void
  giveUp(why: Error): void
}

/** Waits for a condition without polling: it is checked after each change. */
export class Waiters {
  readonly #waiting = new Set<Waiting>()

  /** Something has changed. */
  changed(): void {
    for (const waiting of [...this.#waiting]) waiting.check()
  }

  /**
   * Waits until `look` gives something other than undefined, and gives that.
   *
   * @throws Error that names what was waited for, after `timeout_ms` real milliseconds or when the simulator closes.
   */
  until<T>(look: () => T | undefined, timeout_ms: number, what: () => string): Promise<T> {
    const already = look()
    if (already !== undefined) return Promise.resolve(already)
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        check: () => {
          const found = look()
          if (found !== undefined) leave(() => resolve(found))
        },
        giveUp: (why) => leave(() => reject(why)),
      }
      const timer = setTimeout(
        () => waiting.giveUp(new Error(`Waited ${timeout_ms} ms unsuccessfully for ${what()}`)),
        timeout_ms,
      )
      const leave = (then: () => void): void => {
        clearTimeout(timer)
        this.#waiting.delete(waiting)
        then()
      }
      this.#waiting.add(waiting)
    })
  }

  /** Rejects everything that still waits. */
  stop(): void {
    for (const waiting of [...this.#waiting]) waiting.giveUp(new Error('The simulator was closed.'))
  }
}
