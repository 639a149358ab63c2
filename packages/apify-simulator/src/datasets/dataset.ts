import { type DatasetSpec, generateDataset } from '../generate/dataset.ts'
import { newId } from '../ids.ts'
import type { SimulatedTime } from '../time.ts'

/** A stretch of items from one source. */
interface Segment {
  count: number
  /** Exact JSON text (or bytes, to test what is not even UTF-8) of the item at an offset within the segment. */
  text(offset: number): string | Buffer
}

/** An append-only dataset. Generated items are generated again at each read, given items are kept as text. */
export class Dataset {
  readonly id: string
  readonly run_id: string
  readonly alias: string
  readonly created_at: number
  /** Storages of runs have none. */
  name: string | null = null
  modified_at: number
  accessed_at: number
  read_count = 0
  write_count = 0
  expired = false
  /** Simulated ms until written items can be read; lets a webhook come before the data. */
  items_lag_ms: number
  /** Simulated ms until `itemCount` and the pagination total know of written items. */
  counters_lag_ms: number
  readonly #time: SimulatedTime
  readonly #segments: Segment[] = []
  /** How many items there were from which time on; the last entry is the newest. */
  readonly #writes: { at: number; count: number }[] = []
  /** Set while the dataset is the whole or the beginning of one generated dataset: equal pages may share a cache entry. */
  #generated_key: string | null = null

  constructor(
    time: SimulatedTime,
    run_id: string,
    alias: string,
    lags: { items_lag_ms: number; counters_lag_ms: number },
    id?: string,
  ) {
    this.#time = time
    this.id = id ?? newId()
    this.run_id = run_id
    this.alias = alias
    this.created_at = time.now()
    this.modified_at = this.created_at
    this.accessed_at = this.created_at
    this.items_lag_ms = lags.items_lag_ms
    this.counters_lag_ms = lags.counters_lag_ms
  }

  /** All written items, readable or not. */
  get written(): number {
    return this.#writes.at(-1)?.count ?? 0
  }

  /** Items that can be read now. */
  get readable(): number {
    return this.#countAsOf(this.#time.ago(this.items_lag_ms))
  }

  /** What the counters say now. */
  get counted(): number {
    return this.#countAsOf(this.#time.ago(this.counters_lag_ms))
  }

  /** The same for datasets whose items are equal; pages of an append-only dataset never change. */
  get cacheKey(): string {
    return this.#generated_key ?? this.id
  }

  appendTexts(texts: readonly (string | Buffer)[], at?: number): void {
    if (texts.length === 0) return
    this.#generated_key = null
    const kept = [...texts]
    this.#segments.push({ count: kept.length, text: (offset) => kept[offset] as string | Buffer })
    this.#wrote(kept.length, at)
  }

  /** Appends items of a generated dataset, all of them or those from one offset to another. */
  appendGenerated(spec: DatasetSpec, from = 0, to?: number, at?: number): void {
    const generated = generateDataset(spec)
    const end = Math.min(to ?? generated.count, generated.count)
    if (end <= from) return
    const continues = from === this.written && (from === 0 || this.#generated_key === generated.key)
    this.#generated_key = continues ? generated.key : null
    this.#segments.push({ count: end - from, text: (offset) => generated.text(from + offset) })
    this.#wrote(end - from, at)
  }

  /** The items from one offset to another, in order or backwards. */
  *texts(from: number, to: number, backwards = false): Generator<string | Buffer> {
    if (backwards) {
      for (let offset = to - 1; offset >= from; offset--) yield* this.texts(offset, offset + 1)
      return
    }
    let start = 0
    for (const segment of this.#segments) {
      const end = start + segment.count
      for (let offset = Math.max(from, start); offset < Math.min(to, end); offset++) yield segment.text(offset - start)
      start = end
      if (start >= to) return
    }
  }

  #wrote(count: number, at?: number): void {
    const now = this.#time.now()
    this.#writes.push({ at: at ?? now, count: this.written + count })
    this.modified_at = at ?? now
    this.write_count += count
  }

  #countAsOf(stamp: number): number {
    for (let i = this.#writes.length - 1; i >= 0; i--) {
      const write = this.#writes[i]
      if (write && write.at <= stamp) return write.count
    }
    return 0
  }
}
