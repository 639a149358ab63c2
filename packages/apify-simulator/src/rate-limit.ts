/** Counts requests per resource and second, as the platform does (60 a second for most resources). */
export class RateLimit {
  /** Requests a second for each resource; null lets everything through. */
  per_second: number | null = null
  #second = 0
  readonly #counts = new Map<string, number>()

  /** Whether one more request for a resource is too many. */
  exceeds(path: string, now: number): boolean {
    if (this.per_second === null) return false
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#counts.clear()
    }
    // `/v2/datasets/ID` is one resource, with any path below it.
    const resource = path.split('/', 4).join('/')
    const count = (this.#counts.get(resource) ?? 0) + 1
    this.#counts.set(resource, count)
    return count > this.per_second
  }
}
