/** Lets others wait until something holds, without polling: it is asked again whenever something has changed. */
export class Waiters {
  readonly #checks = new Set<() => void>()

  /** Something has changed. */
  changed(): void {
    for (const check of [...this.#checks]) check()
  }

  /**
   * Waits until `look` gives something other than undefined, and gives that.
   *
   * @throws Error that names what was waited for, after `timeout_ms` real milliseconds.
   */
  until<T>(look: () => T | undefined, timeout_ms: number, what: () => string): Promise<T> {
    const already = look()
    if (already !== undefined) return Promise.resolve(already)
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = look()
        if (found === undefined) return
        clearTimeout(timer)
        this.#checks.delete(check)
        resolve(found)
      }
      const timer = setTimeout(() => {
        this.#checks.delete(check)
        reject(new Error(`Waited ${timeout_ms} ms in vain for ${what()}`))
      }, timeout_ms)
      this.#checks.add(check)
    })
  }
}
