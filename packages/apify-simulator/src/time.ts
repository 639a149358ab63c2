/**
 * The simulator's time. Stamps are those of `clock`; spans (lags, retry delays, run durations) are given in simulated
 * milliseconds, of which each lasts `scale` milliseconds of the clock: a retry after a minute takes 60 ms at 0.001.
 */
export class SimulatedTime {
  readonly #clock: () => number
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false
  readonly scale: number
  /** How far Apify's clock is ahead of this machine's. Set it before there are runs: stamps already given stay. */
  skew_ms = 0

  constructor(clock: () => number, scale: number) {
    this.#clock = clock
    this.scale = scale
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#clock() + this.skew_ms
  }

  iso(): string {
    return new Date(this.now()).toISOString()
  }

  /** The stamp that lies a simulated span ago. */
  ago(simulated_ms: number): number {
    return this.now() - simulated_ms * this.scale
  }

  /** Runs something after a simulated span; `stop()` forgets it. */
  after(simulated_ms: number, action: () => void): void {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      action()
    }, simulated_ms * this.scale)
    this.#timers.add(timer)
  }

  /** Cancels all pending timers. Later ones never fire. */
  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}
