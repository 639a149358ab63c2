/**
 * Rendered pages, the least recently used thrown out first. A benchmark reads the same pages again and again: making
 * and compressing 1,000 items of 1 KB takes about 25 ms, serving them from here less than 1 ms.
 */
export class PageCache {
  readonly #entries = new Map<string, Buffer>()
  readonly #bytes_max: number
  #bytes = 0

  constructor(bytes_max: number) {
    this.#bytes_max = bytes_max
  }

  get(key: string): Buffer | undefined {
    const found = this.#entries.get(key)
    if (found) {
      this.#entries.delete(key)
      this.#entries.set(key, found)
    }
    return found
  }

  set(key: string, body: Buffer): void {
    // One page must not throw out all the others.
    if (body.length * 4 > this.#bytes_max || this.#entries.has(key)) return
    this.#entries.set(key, body)
    this.#bytes += body.length
    for (const [old_key, old] of this.#entries) {
      if (this.#bytes <= this.#bytes_max) return
      this.#entries.delete(old_key)
      this.#bytes -= old.length
    }
  }
}
